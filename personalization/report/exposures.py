"""In: a rendered slot and who saw it. Out: the claims that its exposure token carries."""

from personalization.collect.exposures import Claims, sign
from personalization.profiles.ids import new_id
from personalization.render.core import Page, RenderedSlot
from rules.caching import PUBLIC
from rules.provenance import Provenance
from rules.purposes import Purpose, Purposes

COUNTED: Purposes = frozenset({Purpose.ANALYTICS, Purpose.PERSONALIZATION})


def exposure_token(
    site_id: int,
    page: Page,
    slot: str,
    shown: RenderedSlot,
    *,
    visitor: str | None,
    purposes: Purposes,
    at: int,
) -> str | None:
    """A signed token to send back when the slot was seen; None where nothing may be recorded.

    `visitor`: the keyed hash. A public slot may be cached, so its token is bound to nobody.
    """
    if visitor is None or not purposes & COUNTED or shown.content is None:
        return None
    assigned = shown.experiment
    return sign(
        site_id,
        Claims(
            token=new_id(12),
            visitor=None if shown.cache.scope == PUBLIC else visitor,
            at=at,
            release=page.release,
            slot=slot,
            learned=page.learned,
            content=shown.content,
            reason=shown.reason.kind,
            rule=shown.reason.rule or "",
            experiment=assigned.key if assigned else "",
            arm=assigned.arm if assigned else "",
            phase=assigned.phase if assigned else 1,
            bucket=assigned.bucket if assigned else None,
            propensity=assigned.propensity if assigned else None,
            items=tuple(each.item.key for each in shown.items),
            draft=next((each.draft for each in _made_by_models(shown)), None),
        ),
    )


def _made_by_models(shown: RenderedSlot) -> tuple[Provenance, ...]:
    """The text counts before its pictures, which the release names beside it."""
    return (*((shown.provenance,) if shown.provenance else ()), *shown.pictures)
