"""The calendar: what runs on which day of a month or a week, by the site's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.publish.timetable import Entry, timetable
from personalization.studio.current import current_site
from personalization.studio.times import shown, window_in_words
from personalization.targeting.campaigns import owners
from personalization.targeting.models import Slot
from personalization.targeting.schedules import in_words
from rules.types import Window

MONTH, WEEK = "month", "week"
INSTANT: Final = timedelta(microseconds=1)
KINDS: Final = {
    "campaign": gettext_lazy("campaign"),
    "rule": gettext_lazy("rule"),
    "experiment": gettext_lazy("experiment"),
    "publishedrelease": gettext_lazy("release"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring days on which something runs, or does not."""

    days: int
    runs: bool


@dataclass(frozen=True, slots=True)
class Line:
    entry: Entry
    kind: str
    address: str
    runs: str
    slot: str
    stretches: tuple[Stretch, ...]


def calendar_page(request: HttpRequest) -> HttpResponse:
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    view = WEEK if request.GET.get("view") == WEEK else MONTH
    days = _days(_asked_day(request), view)
    slot, owner = (_number(request.GET.get(name)) for name in ("slot", "owner"))
    span = Window(_midnight(days[0]), _midnight(days[-1] + timedelta(days=1)))
    found = timetable(site, span, slot=slot, owner=owner)
    context = {
        **admin.site.each_context(request),
        "title": _("Calendar"),
        "site": site,
        "view": view,
        "days": [(day, day == localdate()) for day in days],
        "heading": _heading(days, view),
        "lines": [_line(entry, days) for entry in found.entries],
        "always": [_line(entry, days) for entry in found.always],
        "links": _links(days, view, {"slot": slot, "owner": owner}),
        "slots": Slot.objects.filter(site=site).order_by("key"),
        "slot": slot,
        "owners": owners(site),
        "owner": owner,
        "asked": days[0].isoformat(),
    }
    return TemplateResponse(request, "studio/calendar.html", context)


def _asked_day(request: HttpRequest) -> date:
    """What is no day, or one beyond the calendar, is today."""
    try:
        asked = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return localdate()
    return asked if 1970 <= asked.year <= 9000 else localdate()


def _days(day: date, view: str) -> list[date]:
    if view == WEEK:
        monday = day - timedelta(days=day.weekday())
        return [monday + timedelta(days=n) for n in range(7)]
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return [first + timedelta(days=n) for n in range((following - first).days)]


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def _heading(days: list[date], view: str) -> str:
    if view == MONTH:
        return date_format(days[0], "F Y")
    ends = {"first": date_format(days[0], "j M"), "last": date_format(days[-1], "j M Y")}
    return _("%(first)s to %(last)s") % ends


def _line(entry: Entry, days: list[date]) -> Line:
    row: Any = entry.row
    slot = getattr(row, "slot", None)
    return Line(
        entry=entry,
        kind=str(KINDS[entry.kind]),
        address=_address(entry),
        runs=_runs(entry),
        slot=str(slot) if slot else "",
        stretches=tuple(
            Stretch(len(list(same)), runs)
            for runs, same in groupby(_runs_on(entry, day) for day in days)
        ),
    )


def _runs_on(entry: Entry, day: date) -> bool:
    start, end = entry.window.start, entry.window.end
    if start is not None and localtime(start).date() > day:
        return False
    if end is not None and localtime(max(end - INSTANT, start or end - INSTANT)).date() < day:
        return False
    return entry.when is None or day.isoweekday() in entry.when.days


def _runs(entry: Entry) -> str:
    if entry.kind == "publishedrelease" and entry.window.start is not None:
        return _("goes live %s") % shown(entry.window.start)
    hours = in_words(entry.when) if entry.when else ""
    if hours and entry.window == Window():
        return hours
    said = window_in_words(entry.window.start, entry.window.end)
    return f"{said} · {hours}" if hours else said


def _address(entry: Entry) -> str:
    row: Any = entry.row
    if entry.kind == "publishedrelease":
        return reverse("admin:personalization_release", args=(row.number,))
    if entry.kind == "campaign":
        return reverse("admin:personalization_campaign_change", args=(row.pk,))
    page = reverse("admin:personalization_slot_change", args=(row.slot_id,))
    return f"{page}#{entry.kind}-{row.pk}"


def _links(days: list[date], view: str, chosen: dict[str, int | None]) -> dict[str, str]:
    """Ways to other days and to the other view; what was chosen stays chosen."""
    kept = {name: value for name, value in chosen.items() if value}
    today, step = localdate(), timedelta(days=1)
    middle = today if today in days else days[0]
    ways = {
        "before": (days[0] - step, view),
        "after": (days[-1] + step, view),
        "today": (today, view),
        MONTH: (middle, MONTH),
        WEEK: (middle, WEEK),
    }
    return {
        name: "?" + urlencode({"view": where, "day": day.isoformat(), **kept})
        for name, (day, where) in ways.items()
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None
