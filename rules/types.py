"""The frozen values that cross the border of the decision.

In:  a `Release`, a `Learned`, a `Visitor`, a `Request`.
Out: a `Decision`, one `SlotDecision` for each slot that the request names.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from rules.conditions import Condition
from rules.fields import Catalogue
from rules.journeys import Journey
from rules.provenance import Drawn, Provenance
from rules.purposes import ALL_PURPOSES as ALL_PURPOSES
from rules.purposes import NONE_GRANTED as NONE_GRANTED
from rules.purposes import Purpose as Purpose
from rules.purposes import Purposes as Purposes
from rules.schedules import Schedule

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
    """For this audience, in this window and at these hours, show this content.

    `audience` is a name known to the release's matcher: a segment's key, or `rule:<key>` for a
    condition of the rule's own. None is everyone.
    """

    key: str
    content: str
    audience: str | None = None
    segment: str | None = None
    window: Window = Window()
    cap: Cap | None = None
    when: Schedule | None = None  # None: at all hours
    campaign: str | None = None

    def is_open(self, now: datetime, zone: str) -> bool:
        """`zone`: the site's, whose clock the hours are read from."""
        return self.window.is_open(now) and (self.when is None or self.when.is_open(now, zone))


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
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class Holdout:
    """The share of visitors who see defaults everywhere, to measure what all of it earns."""

    seed: str
    share: float


@dataclass(frozen=True, slots=True)
class Promotion:
    """What is done by hand with one item, or with all of a category or a tag, in its window.

    `do`: "pin" (to `place`, 1 is the first), "boost", "bury" or "exclude". `strength`: the share of
    the list by which a boost or a bury moves; 1 is from the end of what was found to its head.
    """

    do: str
    of: str  # "item", "category" or "tag"
    value: str
    place: int = 1
    strength: float = 0.5
    window: Window = Window()

    def is_about(self, item: "Item") -> bool:
        if self.of == "tag":
            return self.value in item.tags
        return self.value == (item.key if self.of == "item" else item.category)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a marketer asks of the items of one content, beside where they come from.

    `keep`: over the fields of an item (`rules.items`); `attributes`: the kinds of those that it
    asks. `one_per`: "category" or the name of an attribute. `diversity`: 0 is the order of merit,
    1 variety alone. `explore`: the share of places for items of which least is known.
    """

    keep: Condition | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    promotions: tuple[Promotion, ...] = ()
    one_per: str | None = None
    diversity: float = 0.0
    hide_bought: bool = False
    no_repeats: bool = False
    explore: float = 0.0


PLAIN = Shelf()


@dataclass(frozen=True, slots=True)
class SuggestionSpec:
    """Which items a content asks for."""

    strategy: str
    limit: int
    shelf: Shelf = PLAIN


@dataclass(frozen=True, slots=True)
class Content:
    """A block with its fields filled, in one or more languages.

    `reads` names the visitor and context fields that its placeholders and its block's template
    read; a suggestion for the visitor counts as reading `events`. `provenance`: of each language
    that a model wrote; `pictures`: of each language those that a model drew.
    """

    key: str
    block: str
    fields: Mapping[str, Mapping[str, Any]]  # locale -> field -> JSON value of the block's schema
    reads: frozenset[str] = frozenset()
    suggestions: SuggestionSpec | None = None
    provenance: Mapping[str, Provenance] = field(default_factory=_nothing)
    pictures: Mapping[str, tuple[Drawn, ...]] = field(default_factory=_nothing)


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
    """What a shared cache may do with a slot.

    `until`: instants at which some window turns; `schedules` turn again and again, in `zone`.
    """

    scope: str  # "public" or "private"
    vary: tuple[str, ...] = ()
    until: tuple[datetime, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Slot:
    """A named place on a page: rules in order, experiments, and a default beneath."""

    key: str
    default: str | None = None
    rules: tuple[Rule, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    cache: CacheScope = CacheScope("public")
    min_height: int = 0  # CSS pixels that the embed keeps free
    # Where the rules of each audience stand, so that rules for others cost nothing.
    places: Mapping[str | None, tuple[int, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        places: dict[str | None, tuple[int, ...]] = {}
        for place, rule in enumerate(self.rules):
            places[rule.audience] = (*places.get(rule.audience, ()), place)
        object.__setattr__(self, "places", places)

    def rules_for(self, matched: frozenset[str]) -> Iterator[Rule]:
        """Those whose audience is everyone or among these, in order."""
        found = [*self.places.get(None, ())]
        for audience in matched & self.places.keys():
            found += self.places[audience]
        return (self.rules[place] for place in sorted(found))


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
    journeys: Mapping[str, Journey] = field(default_factory=dict)
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
    amount: float | None = None  # the price in major units, as conditions compare it


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
    arrived: tuple[Scored, ...] = ()  # the newest first; the score is the second it came
    restocked: tuple[Scored, ...] = ()  # likewise, by when they were back
    unknown: tuple[str, ...] = ()  # the items of which least is known, least first
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
    shown: frozenset[str] = frozenset()  # items that the same page shows already


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
    """One suggested item and why, as a strategy's name; `moved`: what the shelf did with it."""

    item: Item
    reason: str
    score: float
    moved: str = ""  # "pin", "boost", "bury" or "explore"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one request, over the view of the visitor that consent leaves."""

    release: int
    learned: int
    personalized: bool  # something about the visitor was allowed to be looked at
    visitor: Visitor
    page: Facts  # what the page view says, as far as the release asks
    slots: tuple[SlotDecision, ...]
