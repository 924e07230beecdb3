"""In: what a profile keeps of its events, and new events. Out: the same, with them counted.

Every figure is a function of the set of events, never of their order of arrival:
- `recent`: the newest events by (at, id), up to the limit.
- `first_seen`, `last_seen`: the earliest and the latest.
- `frequency`, `monetary`: the number of purchases, and their sum in the site's currency.
- `visits`: an event opens a visit if none of the visitor's events lies within the 30 minutes
  before it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from personalization.profiles.recent import AT, CURRENCY, ID, TYPE, VALUE, Entry, newest

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
