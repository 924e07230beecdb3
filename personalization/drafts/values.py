"""The values that travel between the writer, the checks and the reviewers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from rules.fields import Catalogue
from rules.types import Block


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: at `path` of the fields, the characters from `start` up to `end`.

    `path` as in `blocks.advice` (`headline`, `steps[0].title`), "" for the whole. A hard finding
    stands in the way of approval; a soft one must be acknowledged by whoever approves.
    """

    code: str
    path: str
    sentence: str
    is_hard: bool = False
    start: int = 0
    end: int = 0

    def to_document(self) -> dict[str, Any]:  # JSON
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        return cls(**document)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A word or a claim that a site never makes; `*` stands for any letters within a word."""

    text: str
    why: str = ""
    is_hard: bool = True


@dataclass(frozen=True, slots=True)
class Guide:
    """How a site speaks. `glossary`: (what models say, what the brand says)."""

    voice: str = ""
    dos: tuple[str, ...] = ()
    donts: tuple[str, ...] = ()
    glossary: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    allowed_hosts: frozenset[str] = frozenset()
    hardest_reading: int = 50  # LIX


@dataclass(frozen=True, slots=True)
class Subject:
    """A text to be checked, with all that it is checked against.

    `facts`: what the brief told of the item, name -> value; None: it was not about an item.
    `told`: what the marketer wrote into the brief (goal, tone, remark): as good as a fact.
    `limits`: field -> characters. `approved` and `rejected`: texts of earlier drafts of the same
    block and language. `values`: words that stand for visitors' traits and must not be spelt out.
    """

    fields: Mapping[str, Any]
    block: Block
    catalogue: Catalogue
    locale: str
    guide: Guide = Guide()
    facts: Mapping[str, Any] | None = None
    told: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    approved: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    siblings: tuple[str, ...] = ()  # the other variants of the same order
    values: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Example:
    """What a reviewer taught, for the next brief. `kind`: a `Lesson`'s; texts as visitors read."""

    kind: str
    before: str = ""
    after: str = ""
    reason: str = ""
