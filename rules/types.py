"""The frozen values that cross the border of the decision.

In:  a `Release`, a `Learned`, a `Visitor`, a `Request`.
Out: a `Decision`, one `SlotDecision` for each slot that the request names.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from rules.conditions import Condition
from rules.fields import Catalogue
from rules.purposes import ALL_PURPOSES as ALL_PURPOSES
from rules.purposes import NONE_GRANTED as NONE_GRANTED
from rules.purposes import Purpose as Purpose
from rules.purposes import Purposes as Purposes

Facts = Mapping[str, object]
Matcher = Callable[[Facts, datetime], frozenset[str]]
NOTHING: Mapping[str, Any] = MappingProxyType({})  # values of many types; never written to


def _nothing() -> Mapping[str, Any]:
    """Python 3.11 takes a proxy for a mutable default."""
    return NOTHING


# ---------------------------------------------------------------- what was published


@dataclass(frozen=True, slots=True)
class Window:
    """When something may be shown: from `start`, up to but not at `end`; None is open."""

    start: datetime | None = None
    end: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return (self.start is None or self.start <= now) and (self.end is None or now < self.end)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `times` exposures of one visitor within the last `seconds` (None: ever)."""

    times: int
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """For this audience, in this window, show this content.

    `audience` is a name known to the release's matcher: a segment's key, or `rule:<key>` for a
    condition of the rule's own. None is everyone.
    """

    key: str
    content: str
    audience: str | None = None
    segment: str | None = None
    window: Window = Window()
    cap: Cap | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of an experiment; `content` None shows the slot's default."""

    key: str
    content: str | None


@dataclass(frozen=True, slots=True)
class Experiment:
    """A split of a slot's visitors over arms, by GrowthBook's public hash of (seed, unit)."""

    key: str
    seed: str
    arms: tuple[Arm, ...]
    weights: tuple[float, ...]
    coverage: float = 1.0
    hash_version: int = 2
    namespace: tuple[str, float, float] | None = None
    phase: int = 1
    audience: str | None = None
    window: Window = Window()


@dataclass(frozen=True, slots=True)
class Holdout:
    """The share of visitors who see defaults everywhere, to measure what all of it earns."""

    seed: str
    share: float


@dataclass(frozen=True, slots=True)
class SuggestionSpec:
    """Which items a content asks for."""

    strategy: str
    limit: int


@dataclass(frozen=True, slots=True)
class Content:
    """A block with its fields filled, in one or more languages.

    `reads` names the visitor and context fields that its placeholders and its block's template
    read; a suggestion for the visitor counts as reading `events`.
    """

    key: str
    block: str
    fields: Mapping[str, Mapping[str, Any]]  # locale -> field -> JSON value of the block's schema
    reads: frozenset[str] = frozenset()
    suggestions: SuggestionSpec | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A modular template as it was when it was published."""

    name: str
    template: str
    schema: Mapping[str, Any]  # a JSON Schema document
    kind: str = "html"  # or "json"
    trusted: bool = True  # shipped on disk; False: written by an editor, its output is sanitized


@dataclass(frozen=True, slots=True)
class CacheScope:
    """What a shared cache may do with a slot. `until`: instants at which some window turns."""

    scope: str  # "public" or "private"
    vary: tuple[str, ...] = ()
    until: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A named place on a page: rules in order, experiments, and a default beneath."""

    key: str
    default: str | None = None
    rules: tuple[Rule, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    cache: CacheScope = CacheScope("public")
    min_height: int = 0  # CSS pixels that the embed keeps free


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site decided for all of its slots."""

    locale: str = "en"
    zone: str = "UTC"
    currency: str = "EUR"
    gpc_opts_out: Purposes = frozenset({Purpose.TRAINING, Purpose.PROFILING_AI})
    holdout: Holdout | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """An immutable, compiled, numbered snapshot of what a site published."""

    site: str
    number: int
    catalogue: Catalogue
    slots: Mapping[str, Slot]
    contents: Mapping[str, Content]
    blocks: Mapping[str, Block]
    conditions: Mapping[str, Condition]  # segments by key, rules' own as `rule:<key>`
    settings: Settings
    matcher: Matcher = field(compare=False, repr=False)
    labels: Mapping[str, str] = field(default_factory=dict)  # key -> the name an editor gave
    # What was worked out from this value (templates compiled, say); it dies with the release.
    memory: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)


# ---------------------------------------------------------------- what was learnt


@dataclass(frozen=True, slots=True)
class Item:
    """A product or an article that a page can show. `price` in minor units of `currency`."""

    key: str
    title: str
    url: str = ""
    image: str = ""
    category: str = ""
    price: int | None = None
    currency: str = ""
    tags: tuple[str, ...] = ()
    text: str = ""
    available: bool = True
    attributes: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing a visitor did with an item."""

    item: str
    type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Scored:
    item: str
    score: float


class Ranker(Protocol):
    """What a model offers to the decision. Best first; unknown items are ignored."""

    def for_visitor(
        self, signals: Sequence[Signal], now: datetime, limit: int, exclude: frozenset[str]
    ) -> Sequence[Scored]:
        """Items for a visitor with this recent behaviour; empty when nothing can be said."""

    def similar(self, item: str, limit: int, exclude: frozenset[str]) -> Sequence[Scored]:
        """Items like this one."""

    def bought_together(self, item: str, limit: int, exclude: frozenset[str]) -> Sequence[Scored]:
        """Items that were bought with this one."""


@dataclass(frozen=True, slots=True)
class Learned:
    """An immutable, numbered snapshot of what the workers found for a site."""

    number: int
    items: Mapping[str, Item] = field(default_factory=dict)
    popular: tuple[Scored, ...] = ()
    trending: tuple[Scored, ...] = ()
    ranker: Ranker | None = field(default=None, compare=False, repr=False)
    model: str | None = None  # the model version that ranks, as shown to people
    memory: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)


NOTHING_LEARNED = Learned(0)


# ---------------------------------------------------------------- who asks for what


@dataclass(frozen=True, slots=True)
class Visitor:
    """What may be known of one visitor. `STRANGER` is nobody in particular."""

    unit: str | None = None  # the id as the website sends it: the unit of assignment
    purposes: Purposes = NONE_GRANTED
    facts: Facts = field(default_factory=_nothing)  # field -> typed value; absent: unknown
    personal: Mapping[str, object] = field(default_factory=_nothing)  # for placeholders only
    signals: tuple[Signal, ...] = ()  # newest first
    bought: frozenset[str] = frozenset()
    shown: Mapping[str, tuple[datetime, ...]] = field(default_factory=_nothing)  # by rule
    reference: str | None = None  # the keyed hash under which the visitor is stored


STRANGER = Visitor()


@dataclass(frozen=True, slots=True)
class Request:
    """One page view: which slots, where, when. `context` holds catalogue fields without purpose."""

    slots: tuple[str, ...]
    now: datetime
    context: Facts = field(default_factory=_nothing)
    locale: str | None = None
    item: str | None = None  # the item that the page is about
    gpc: bool = False
    crawler: bool = False


# ---------------------------------------------------------------- what was decided


@dataclass(frozen=True, slots=True)
class Reason:
    kind: str  # rule, experiment, default, holdout, unknown_slot or error
    rule: str | None = None
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where the hash put a unit. `propensity`: the probability of this arm within the traffic."""

    key: str
    arm: str
    bucket: float
    propensity: float
    phase: int


@dataclass(frozen=True, slots=True)
class Choice:
    content: str | None
    reason: Reason
    experiment: Assignment | None = None


@dataclass(frozen=True, slots=True)
class SlotDecision:
    """What one slot shows: `choices` in fallback order, never empty."""

    slot: str
    choices: tuple[Choice, ...]
    cache: CacheScope


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggested item and why, as a strategy's name."""

    item: Item
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one request, over the view of the visitor that consent leaves."""

    release: int
    learned: int
    personalized: bool  # something about the visitor was allowed to be looked at
    visitor: Visitor
    slots: tuple[SlotDecision, ...]
