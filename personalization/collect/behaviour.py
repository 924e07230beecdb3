"""In: what a profile keeps of its events, and new events. Out: the same, with them counted.

Every figure is a function of the set of events, never of their order of arrival:
- `recent`: the newest events by (at, id), up to the limit; what fell off it never comes back.
- `first_seen`, `last_seen`: the earliest and the latest.
- `frequency`, `monetary`: the number of purchases, and their sum in the site's currency.
- `visits`: an event opens a visit if none of the visitor's events lies within the 30 minutes
  before it.
"""

from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final, NamedTuple

from personalization.profiles.models import Profile
from personalization.profiles.recent import (
    AT,
    CURRENCY,
    ID,
    TYPE,
    VALUE,
    Entry,
    newest_entry,
    put_on_top,
    read_entries,
    write_entries,
)

VISIT_GAP: Final = 30 * 60 * 1_000_000
Times = Callable[[int, int], Iterable[int]]  # the stored times from one instant up to another


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What events made of a profile. `applied` counts them; the text `recent` may hold fewer.

    `recent` holds those at or after (`recent_at`, `recent_id`) that are stored.
    """

    first_seen: int | None = None
    last_seen: int | None = None
    visits: int = 0
    frequency: int = 0
    monetary: int = 0
    applied: int = 0
    recent: str = "[]"
    recent_at: int = 0
    recent_id: str = ""

    @classmethod
    def of(cls, profile: Profile) -> "Behaviour":
        return cls(
            profile.first_seen,
            profile.last_seen,
            profile.visits,
            profile.frequency,
            profile.monetary,
            profile.applied,
            profile.recent,
            profile.recent_at,
            profile.recent_id,
        )

    def write_to(self, profile: Profile) -> None:
        """Onto the row, unsaved."""
        for each in fields(self):
            setattr(profile, each.name, getattr(self, each.name))


def count(
    before: Behaviour, new: Sequence[Entry], *, currency: str, limit: int, stored: Times
) -> Behaviour:
    """Count new events in. `stored` is asked only where events older than `recent` matter."""
    newest_first = sorted(new, reverse=True)
    bought = [entry for entry in new if entry[TYPE] == "purchase"]
    near, recent = _placed(before, newest_first, limit, stored)
    earliest, latest = newest_first[-1][AT], newest_first[0][AT]
    return Behaviour(
        first_seen=earliest if before.first_seen is None else min(before.first_seen, earliest),
        last_seen=latest if before.last_seen is None else max(before.last_seen, latest),
        visits=before.visits + sum(_opened(near, entry[AT]) for entry in newest_first),
        frequency=before.frequency + len(bought),
        monetary=before.monetary + sum(_paid(entry, currency) for entry in bought),
        applied=before.applied + len(new),
        recent=recent.text,
        recent_at=recent.at,
        recent_id=recent.id,
    )


class _Recent(NamedTuple):
    """A recent list as text, and from where on it holds all."""

    text: str
    at: int
    id: str


def _placed(
    before: Behaviour, newest_first: Sequence[Entry], limit: int, stored: Times
) -> tuple[list[int], _Recent]:
    """The times beside the new events, in order; the recent list with them."""
    start = (before.recent_at, before.recent_id)
    oldest_new = newest_first[-1]
    newest = newest_entry(before.recent)
    if (newest is None and before.applied == 0) or (newest and oldest_new > newest):
        recent, last = put_on_top(before.recent, newest_first, limit)
        at, event = (last[AT], last[ID]) if last else start
        return [newest[AT]] if newest else [], _Recent(recent, at, event)
    known = read_entries(before.recent)
    if before.applied == len(known) or (known and oldest_new[AT] >= known[-1][AT]):
        near = [entry[AT] for entry in reversed(known)]
    else:
        near = sorted(stored(oldest_new[AT] - VISIT_GAP, newest_first[0][AT] + VISIT_GAP))
    return near, _cut([*newest_first, *known], start, limit)


def _cut(entries: Iterable[Entry], start: tuple[int, str], limit: int) -> _Recent:
    """The newest of them, none from before the start; where some fall off, it begins later."""
    ordered = sorted((each for each in entries if (each[AT], each[ID]) >= start), reverse=True)
    kept = ordered[:limit]
    if len(ordered) > limit:
        start = (kept[-1][AT], kept[-1][ID])
    return _Recent(write_entries(kept), *start)


def merged(
    one: Behaviour, other: Behaviour, *, limit: int, visits_of_both: int, visits_of_each: int
) -> Behaviour:
    """Two visitors who are one. `visits_of_…`: counted over their stored events."""
    seen = [
        at
        for at in (one.first_seen, one.last_seen, other.first_seen, other.last_seen)
        if at is not None
    ]
    start = max((each.recent_at, each.recent_id) for each in (one, other))
    recent = _cut(read_entries(one.recent) + read_entries(other.recent), start, limit)
    return Behaviour(
        first_seen=min(seen, default=None),
        last_seen=max(seen, default=None),
        visits=one.visits + other.visits + visits_of_both - visits_of_each,
        frequency=one.frequency + other.frequency,
        monetary=one.monetary + other.monetary,
        applied=one.applied + other.applied,
        recent=recent.text,
        recent_at=recent.at,
        recent_id=recent.id,
    )


def visits(times: Iterable[int]) -> int:
    """How many of these instants open a visit."""
    opened, latest = 0, None
    for at in sorted(times):
        opened += latest is None or at - latest > VISIT_GAP
        latest = at
    return opened


def _opened(times: list[int], at: int) -> int:
    """What one more instant adds to the visits: 1, 0, or -1 where it joins two. Takes it in."""
    place = bisect(times, at)
    after_one = place > 0 and at - times[place - 1] <= VISIT_GAP
    before_one = place < len(times) and times[place] - at <= VISIT_GAP
    joined = after_one and before_one and times[place] - times[place - 1] > VISIT_GAP
    times.insert(place, at)
    return 1 - (after_one or before_one) - joined


def _paid(entry: Entry, currency: str) -> int:
    if entry[VALUE] is None or entry[CURRENCY] not in {None, currency}:
        return 0
    value: int = entry[VALUE]
    return value
