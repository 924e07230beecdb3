"""What a page showed, as the claims that its signed token carries."""

from dataclasses import dataclass

from personalization.govern.tokens import read_exposure, sign_exposure


@dataclass(frozen=True, slots=True)
class Claims:
    """One slot of one page view. `visitor`: the keyed hash it was shown to; None: to anybody."""

    token: str  # this token's own random id
    visitor: str | None
    at: int  # microseconds since 1970, UTC
    release: int
    slot: str
    learned: int = 0
    content: str = ""
    reason: str = "default"
    rule: str = ""
    experiment: str = ""
    arm: str = ""
    phase: int = 1
    bucket: float | None = None
    propensity: float | None = None
    items: tuple[str, ...] = ()
    draft: int | None = None  # number of the generated text that was shown


FIELDS = tuple(Claims.__dataclass_fields__)


def sign(site_id: int, claims: Claims) -> str:
    values = [getattr(claims, name) for name in FIELDS]
    return sign_exposure({"site": site_id, "shown": values})


def read(site_id: int, token: str) -> Claims | None:
    """The claims of a token of ours that has not expired; an older one says less."""
    signed = read_exposure(site_id, token)
    if signed is None:
        return None
    values = dict(zip(FIELDS, signed["shown"], strict=False))
    return Claims(**values | {"items": tuple(values["items"])})
