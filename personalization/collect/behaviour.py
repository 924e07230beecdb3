"""In: what a profile keeps of its events, and new events. Out: the same, with them counted.

Every figure is a function of the set of events, never of their order of arrival:
- `recent`: the newest events by (at, id), up to the limit.
- `first_seen`, `last_seen`: the earliest and the latest.
- `frequency`, `monetary`: the number of purchases, and their sum in the site's currency.
- `visits`: an event opens a visit if none of the visitor's events lies within the 30 minutes
  before it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

import orjson

from personalization.profiles.models import Profile
from personalization.profiles.recent import AT, CURRENCY, ID, TYPE, VALUE, Entry, dump, newest

VISIT_GAP: Final = 30 * 60 * 1_000_000
Times = Callable[[int, int], Iterable[int]]  # the stored times from one instant up to another


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What events made of a profile. `applied` counts them; `recent` may hold fewer."""

    first_seen: int | None = None
    last_seen: int | None = None
    visits: int = 0
    frequency: int = 0
    monetary: int = 0
    applied: int = 0
    recent: Sequence[Entry] = ()

    @classmethod
    def of(cls, profile: Profile) -> "Behaviour":
        return cls(
            profile.first_seen,
            profile.last_seen,
            profile.visits,
            profile.frequency,
            profile.monetary,
            profile.applied,
            orjson.loads(profile.recent),
        )

    def write_to(self, profile: Profile) -> None:
        """Onto the row, unsaved."""
        for each in fields(self):
            setattr(profile, each.name, getattr(self, each.name))
        profile.recent = dump(self.recent)


def count(
    before: Behaviour, new: Sequence[Entry], *, currency: str, limit: int, stored: Times
) -> Behaviour:
    """Count new events in. `stored` is asked only where older events than `recent` matter."""
    times = [entry[AT] for entry in new]
    bought = [entry for entry in new if entry[TYPE] == "purchase"]
    seen = [at for at in (before.first_seen, before.last_seen) if at is not None]
    return replace(
        before,
        first_seen=min([*times, *seen]),
        last_seen=max([*times, *seen]),
        visits=before.visits + _more_visits(before, times, stored),
        frequency=before.frequency + len(bought),
        monetary=before.monetary + sum(_paid(entry, currency) for entry in bought),
        applied=before.applied + len(new),
        recent=newest([*before.recent, *new], limit),
    )


def merged(
    one: Behaviour, other: Behaviour, *, limit: int, visits_of_both: int, visits_of_each: int
) -> Behaviour:
    """Two visitors who are one. `visits_of_…`: counted over their stored events."""
    seen = [
        at
        for at in (one.first_seen, one.last_seen, other.first_seen, other.last_seen)
        if at is not None
    ]
    return Behaviour(
        first_seen=min(seen, default=None),
        last_seen=max(seen, default=None),
        visits=one.visits + other.visits + visits_of_both - visits_of_each,
        frequency=one.frequency + other.frequency,
        monetary=one.monetary + other.monetary,
        applied=one.applied + other.applied,
        recent=newest([*one.recent, *other.recent], limit),
    )


def dropped(before: Behaviour, after: Behaviour) -> set[str]:
    """Ids of the events that were recent and are no longer."""
    return {entry[ID] for entry in before.recent} - {entry[ID] for entry in after.recent}


def visits(times: Iterable[int]) -> int:
    """How many of these instants open a visit."""
    opened, latest = 0, None
    for at in sorted(times):
        opened += latest is None or at - latest > VISIT_GAP
        latest = at
    return opened


def _more_visits(before: Behaviour, times: Sequence[int], stored: Times) -> int:
    """How many visits the new events open, less those that they join together."""
    start, end = min(times) - VISIT_GAP, max(times) + VISIT_GAP
    oldest = before.recent[-1][AT] if before.recent else end
    if before.applied == len(before.recent) or start > oldest:
        near = [entry[AT] for entry in before.recent if start <= entry[AT] <= end]
    else:
        near = list(stored(start, end))
    return visits([*near, *times]) - visits(near)


def _paid(entry: Entry, currency: str) -> int:
    if entry[VALUE] is None or entry[CURRENCY] not in {None, currency}:
        return 0
    value: int = entry[VALUE]
    return value
