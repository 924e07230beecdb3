"""Days and hours at which a rule runs, by the clock on the wall of the site's zone.

In:  `{"days": [1, 2, 3, 4, 5], "from": "09:00", "until": "18:00"}`; days as in ISO 8601, Monday 1.
Out: a `Schedule`, which says whether it is open at an instant, and when that next changes.

Hours over midnight belong to the day on which they begin. When clocks are put back, the hour that
comes twice is open twice; when they are put forward, an hour that does not come opens nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from rules.invalid import Invalid
from rules.words import _

EVERY_DAY: Final = frozenset(range(1, 8))
DAY: Final = 1440  # minutes
WEEK: Final = 7 * DAY
CLOCK: Final = re.compile(r"(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)
FAR: Final = timedelta(days=15)  # a weekly hour may fall out once, when clocks go forward


@dataclass(frozen=True, slots=True)
class Schedule:
    """Open on `days` from `start` up to but not at `end`, in minutes after midnight."""

    days: frozenset[int] = EVERY_DAY
    start: int = 0
    end: int = DAY

    def is_open(self, now: datetime, zone: str) -> bool:
        local = now.astimezone(ZoneInfo(zone))
        day, minute = local.isoweekday(), local.hour * 60 + local.minute
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        if minute >= self.start:
            return day in self.days
        return minute < self.end and _day_before(day) in self.days

    def next_turn(self, now: datetime, zone: str, within: timedelta = FAR) -> datetime | None:
        """The first instant after `now` at which `is_open` changes; None if not in that time."""
        is_open, last = self.is_open(now, zone), now + within
        for point in sorted(_points(self, now, last, zone)):
            if now < point <= last and self.is_open(point, zone) is not is_open:
                return point
        return None

    def covers(self, other: "Schedule") -> bool:
        """Is it open whenever the other one is?"""
        return not other.week & ~self.week

    def meets(self, other: "Schedule") -> bool:
        return bool(self.week & other.week)

    @property
    def week(self) -> int:
        """The minutes of a week at which it is open, as bits."""
        length = (self.end - self.start) % DAY or DAY
        bits = 0
        for day in self.days:
            bits |= ((1 << length) - 1) << ((day - 1) * DAY + self.start)
        return (bits | bits >> WEEK) & ((1 << WEEK) - 1)


def read_schedule(document: object) -> Schedule | None:
    """None where nothing is said, or where it is open always."""
    if document is None:
        return None
    if not isinstance(document, Mapping):
        raise Invalid("", _('Write it as {"days": [1, 5], "from": "09:00", "until": "18:00"}.'))
    unknown = sorted(str(name) for name in set(document) - {"days", "from", "until"})
    if unknown:
        raise Invalid(unknown[0], _("It has days, from and until."))
    start, end = _hours(document.get("from"), document.get("until"))
    schedule = Schedule(_days(document.get("days")), start, end)
    return None if schedule == Schedule() else schedule


def write_schedule(schedule: Schedule | None) -> dict[str, Any] | None:  # JSON
    """What `read_schedule` reads; parts that say nothing are left out."""
    if schedule is None:
        return None
    days, hours = sorted(schedule.days), (schedule.start, schedule.end)
    return {
        **({"days": days} if schedule.days != EVERY_DAY else {}),
        **({"from": _clock(hours[0]), "until": _clock(hours[1])} if hours != (0, DAY) else {}),
    }


def _day_before(day: int) -> int:
    return day - 1 or 7


def _days(days: object) -> frozenset[int]:
    if days is None:
        return EVERY_DAY
    if not isinstance(days, list) or not days:
        raise Invalid("days", _("List at least one day, from 1 (Monday) to 7 (Sunday)."))
    if any(
        isinstance(day, bool) or not isinstance(day, int) or day not in EVERY_DAY for day in days
    ):
        raise Invalid("days", _("Days are whole numbers from 1 (Monday) to 7 (Sunday)."))
    return frozenset(days)


def _hours(start: object, end: object) -> tuple[int, int]:
    if start is None and end is None:
        return 0, DAY
    if start is None or end is None:
        raise Invalid("until" if end is None else "from", _("Say both, from when and until when."))
    first, last = _minutes("from", start), _minutes("until", end) or DAY
    if first == last % DAY and (first, last) != (0, DAY):
        raise Invalid("until", _("It ends when it begins. Leave both out for the whole day."))
    if first == DAY:
        raise Invalid("from", _("A day begins at 00:00."))
    return first, last


def _minutes(name: str, text: object) -> int:
    found = CLOCK.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise Invalid(name, _('Write the time of day as "09:00", in quotes.'))
    return int(found[1]) * 60 + int(found[2]) if found[1] else DAY


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _points(schedule: Schedule, now: datetime, last: datetime, zone: str) -> Iterator[datetime]:
    """Every instant of the days from `now` to `last` at which it may change."""
    day = now.astimezone(ZoneInfo(zone)).date()
    end = last.astimezone(ZoneInfo(zone)).date()
    boundaries = tuple(sorted({0, schedule.start, schedule.end % DAY}))
    while day <= end:
        yield from _points_of_day(boundaries, zone, day)
        day += timedelta(days=1)


@lru_cache(maxsize=2048)
def _points_of_day(boundaries: tuple[int, ...], zone: str, day: date) -> tuple[datetime, ...]:
    """When the clock on the wall shows a boundary on this day, and when clocks are put."""
    wall = [_instants(day, minutes, zone) for minutes in boundaries]
    midnight, next_midnight = (
        min(_instants(each, 0, zone)) for each in (day, day + timedelta(days=1))
    )
    return tuple(
        sorted({*(at for both in wall for at in both), *_put(midnight, next_midnight, zone)})
    )


def _instants(day: date, minutes: int, zone: str) -> tuple[datetime, datetime]:
    """A time of day may come twice; then the two differ."""
    shown = datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(zone))
    return shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)


def _put(start: datetime, end: datetime, zone: str) -> Iterator[datetime]:
    """The instant between these two at which the zone's offset changes, to the second."""
    if _offset(start, zone) == _offset(end, zone):
        return
    while end - start > timedelta(seconds=1):
        middle = (start + (end - start) / 2).replace(microsecond=0)
        if _offset(middle, zone) == _offset(start, zone):
            start = middle
        else:
            end = middle
    yield end


def _offset(at: datetime, zone: str) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()
