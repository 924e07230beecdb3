"""Steps in order over a list of elements with `at` and `id`."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from rules.facts import clean_datetime, clean_text

Element = Mapping[str, object]
Step = Callable[[Element, datetime], bool]
Moment = tuple[datetime, str]


def happened(
    elements: Sequence[Element],
    steps: Sequence[Step],
    within: timedelta,
    did: bool,
    now: datetime,
) -> bool:
    """Did the steps follow each other, each strictly later by (at, id), within the window?

    With `did` false: some first steps all happened, the window that began with the first has
    passed, and the last step did not follow in it. Elements without time or id do not count.
    """
    placed = _in_order(elements)
    found = [[moment for moment, each in placed if step(each, now)] for step in steps]
    check = _followed if did else _stopped
    return any(check(first, found, within, now) for first in found[0])


def _in_order(elements: Sequence[Element]) -> list[tuple[Moment, Element]]:
    placed = []
    for each in elements:
        at, name = clean_datetime(each.get("at")), clean_text(each.get("id"))
        if at is not None and name is not None:
            placed.append(((at, name), each))
    return sorted(placed, key=lambda pair: pair[0])


def _followed(first: Moment, found: list[list[Moment]], within: timedelta, _now: datetime) -> bool:
    """The earliest possible next step each time ends earliest, so it decides."""
    end = _earliest_chain(first, found[1:])
    return end is not None and end[0] - first[0] <= within


def _stopped(first: Moment, found: list[list[Moment]], within: timedelta, now: datetime) -> bool:
    """The latest possible last-but-one step leaves the least room for the last, so it decides."""
    if now - first[0] <= within:
        return False
    reached: Moment | None = first
    if len(found) > 2:
        before = _earliest_chain(first, found[1:-2])
        reached = _latest(found[-2], before, first[0], within)
    if reached is None:
        return False
    follows = _next(found[-1], reached)
    return follows is None or follows[0] - first[0] > within


def _earliest_chain(start: Moment, steps: list[list[Moment]]) -> Moment | None:
    reached: Moment | None = start
    for moments in steps:
        if reached is None:
            return None
        reached = _next(moments, reached)
    return reached


def _next(moments: list[Moment], after: Moment) -> Moment | None:
    index = bisect_right(moments, after)
    return moments[index] if index < len(moments) else None


def _latest(
    moments: list[Moment], after: Moment | None, start: datetime, within: timedelta
) -> Moment | None:
    """The last of the moments that is later than `after` and still in the window."""
    if after is None:
        return None
    fitting = [each for each in moments if each > after and each[0] - start <= within]
    return fitting[-1] if fitting else None
