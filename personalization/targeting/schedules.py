"""Days and hours of a rule: read strictly from its document, told in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from personalization.targeting.reading import Document
from rules.invalid import Invalid
from rules.schedules import DAY, EVERY_DAY, Schedule, read_schedule, write_schedule


def checked_when(reading: Document, name: str = "when") -> dict[str, Any] | None:  # JSON
    """What is said about days and hours, in its shortest form; None: always."""
    try:
        return write_schedule(read_schedule(reading.value(name)))
    except Invalid as invalid:
        reading.refuse(f"{name}.{invalid.path}".rstrip("."), "schedule", invalid.said(_))
        return None


def when_in_words(when: Mapping[str, Any] | None) -> str:
    """“Monday to Friday, 09:00 to 18:00”; "" for a rule that runs at all hours."""
    schedule = read_schedule(when)
    return "" if schedule is None else in_words(schedule)


def in_words(schedule: Schedule) -> str:
    written = write_schedule(schedule) or {}
    days = _days(sorted(schedule.days))
    if (schedule.start, schedule.end) == (0, DAY):
        return days
    said = {"days": days, "start": written["from"], "end": written["until"]}
    return _("%(days)s, %(start)s to %(end)s") % said


def _days(days: list[int]) -> str:
    names = [str(WEEKDAYS[day - 1]) for day in days]
    if len(days) == len(EVERY_DAY):
        return _("every day")
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    if len(names) == 1:
        return names[0]
    return _("%(days)s and %(last)s") % {"days": ", ".join(names[:-1]), "last": names[-1]}
