"""What a shared cache may do with a slot: a property of what was released, not of one answer.

In:  a slot with the contents and conditions that it can reach.
Out: its `CacheScope`; and, for one instant, for how many seconds an answer stays right.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rules.conditions import SEGMENT, Condition, fields_read
from rules.fields import Catalogue
from rules.types import CacheScope, Content, Experiment, Rule, Slot

PUBLIC, PRIVATE = "public", "private"
PUBLIC_SECONDS, PRIVATE_SECONDS = 60, 5
CLOCK_FIELDS = frozenset({"hour", "weekday"})  # they turn with the clock, not with the request


def cache_scope(
    slot: Slot,
    contents: Mapping[str, Content],
    conditions: Mapping[str, Condition],
    catalogue: Catalogue,
    *,
    zone: str,
    holdout: bool = False,
) -> CacheScope:
    """Public only if nothing in the slot reads a field of the visitor."""
    shown = [contents[key] for key in _contents_of(slot) if key in contents]
    read = frozenset().union(
        *(content.reads for content in shown),
        *(fields_read(conditions[name], conditions) for name in _audiences_of(slot)),
    )
    about_visitor = {
        name
        for name in read
        if name == SEGMENT or name not in catalogue.fields or catalogue.fields[name].purposes
    }
    private = (
        bool(about_visitor or slot.experiments)
        or any(rule.cap is not None for rule in slot.rules)
        or (holdout and bool(slot.rules))
    )
    spoken = {"locale"} if any(len(content.fields) > 1 for content in shown) else frozenset()
    return CacheScope(
        scope=PRIVATE if private else PUBLIC,
        vary=tuple(sorted((read - about_visitor) | spoken)),
        until=tuple(sorted(set(_turns_of(slot)))),
        schedules=tuple(dict.fromkeys(rule.when for rule in slot.rules if rule.when is not None)),
        zone=zone,
    )


def max_age(scope: CacheScope, now: datetime) -> int:
    """Seconds until the answer may be wrong; at most 5 where it belongs to one visitor."""
    longest = PRIVATE_SECONDS if scope.scope == PRIVATE else PUBLIC_SECONDS
    if CLOCK_FIELDS.intersection(scope.vary):
        local = now.astimezone(ZoneInfo(scope.zone))
        longest = min(longest, 3600 - local.minute * 60 - local.second)
    first = min(_turns_after(scope, now, timedelta(seconds=longest)), default=None)
    return longest if first is None else int((first - now).total_seconds())


def _turns_after(scope: CacheScope, now: datetime, within: timedelta) -> Iterator[datetime]:
    yield from (turn for turn in scope.until if now < turn <= now + within)
    for schedule in scope.schedules:
        turn = schedule.next_turn(now, scope.zone, within)
        if turn is not None:
            yield turn


def _contents_of(slot: Slot) -> Iterator[str]:
    if slot.default is not None:
        yield slot.default
    for rule in slot.rules:
        yield rule.content
    for experiment in slot.experiments:
        yield from (arm.content for arm in experiment.arms if arm.content is not None)


def _audiences_of(slot: Slot) -> Iterator[str]:
    both: tuple[Rule | Experiment, ...] = (*slot.rules, *slot.experiments)
    for one in both:
        if one.audience is not None:
            yield one.audience


def _turns_of(slot: Slot) -> Iterator[datetime]:
    both: tuple[Rule | Experiment, ...] = (*slot.rules, *slot.experiments)
    for one in both:
        yield from (at for at in (one.window.start, one.window.end) if at is not None)
