"""Whom each rule of a slot would reach, of some visitors to whom the page view is replayed.

In:  a release, one of its slots, visitors, the instant.
Out: a `Reach`. The first rule that applies takes the visitor; one that does not run now is asked
     as if it did, behind those before it that do.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from personalization.govern.rounding import FLOOR, shown_count, shown_share
from rules.engine import decide
from rules.types import NOTHING_LEARNED, Choice, Release, Request, Slot, Visitor, Window


@dataclass(frozen=True, slots=True)
class Behind:
    """How many of those whom a rule would take are taken by this one before it."""

    rule: str
    share: str


@dataclass(frozen=True, slots=True)
class RuleReach:
    """Shares of the sample, as people may see them. `matching`: reached or not."""

    share: str
    matching: str
    behind: tuple[Behind, ...]  # the largest first; groups that people may see


@dataclass(frozen=True, slots=True)
class Reach:
    sample: str
    rules: Mapping[str, RuleReach]  # by key
    experiments: Mapping[str, str]  # by key: the share that it takes
    default: str
    held_out: str  # "" where nobody is


@dataclass(slots=True)
class _Counts:
    seen: int = 0
    held_out: int = 0
    default: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    matching: Counter[str] = field(default_factory=Counter)
    behind: Counter[tuple[str, str]] = field(default_factory=Counter)
    experiments: Counter[str] = field(default_factory=Counter)


def reach(release: Release, slot: Slot, visitors: Iterable[Visitor], now: datetime) -> Reach:
    open_now = {rule.key for rule in slot.rules if rule.is_open(now, release.settings.zone)}
    real = replace(release, slots={slot.key: slot})
    timeless = replace(release, slots={slot.key: _timeless(slot)})
    request = Request((slot.key,), now)
    counts = _Counts()
    for visitor in visitors:
        choices = decide(timeless, NOTHING_LEARNED, visitor, request).slots[0].choices
        counts.seen += 1
        taken = _count_rules(choices, open_now, counts)
        if not taken:
            _count_rest(decide(real, NOTHING_LEARNED, visitor, request).slots[0].choices[0], counts)
    return _shown(slot, counts)


def _timeless(slot: Slot) -> Slot:
    rules = tuple(replace(rule, window=Window(), when=None) for rule in slot.rules)
    return replace(slot, rules=rules)


def _count_rules(choices: Iterable[Choice], open_now: set[str], counts: _Counts) -> bool:
    """Choices are in order and name every rule that applies. Was the visitor taken by one?"""
    taker: str | None = None
    for rule in _rules_of(choices):
        counts.matching[rule] += 1
        if taker is None:
            counts.reached[rule] += 1
        else:
            counts.behind[rule, taker] += 1
        if taker is None and rule in open_now:
            taker = rule
    return taker is not None


def _rules_of(choices: Iterable[Choice]) -> Iterator[str]:
    yield from (each.reason.rule for each in choices if each.reason.rule is not None)


def _count_rest(choice: Choice, counts: _Counts) -> None:
    if choice.experiment is not None:
        counts.experiments[choice.experiment.key] += 1
    elif choice.reason.kind == "holdout":
        counts.held_out += 1
    else:
        counts.default += 1


def _shown(slot: Slot, counts: _Counts) -> Reach:
    def share(part: int) -> str:
        return shown_share(part, counts.seen)

    def behind(key: str) -> tuple[Behind, ...]:
        found = counts.behind.items()
        pairs = [(n, taker) for (rule, taker), n in found if rule == key and n >= FLOOR]
        return tuple(Behind(taker, share(n)) for n, taker in sorted(pairs, reverse=True))

    return Reach(
        sample=shown_count(counts.seen),
        rules={
            rule.key: RuleReach(
                share(counts.reached[rule.key]), share(counts.matching[rule.key]), behind(rule.key)
            )
            for rule in slot.rules
        },
        experiments={each.key: share(counts.experiments[each.key]) for each in slot.experiments},
        default=share(counts.default),
        held_out=share(counts.held_out) if counts.held_out else "",
    )
