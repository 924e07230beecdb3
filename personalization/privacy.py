"""How a model declares whose data it holds, so that erasure and export miss nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """The rows belong to visitors.

    `field`: the field (or path) that holds the visitor's keyed hash or profile id.
    `on_erasure`: "delete", or "keep" where the row is unreadable without the visitor's key.
    `ages_by`: the field (microseconds since 1970) from which retention counts; None: kept as long
    as the visitor is known.
    `is_copy`: they repeat what other rows of the visitor say; erased with them, not exported again.
    """

    field: str
    on_erasure: str = "delete"
    ages_by: str | None = None
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class NoVisitorData:
    """The rows hold nothing of any visitor; `why` says it in a sentence."""

    why: str
