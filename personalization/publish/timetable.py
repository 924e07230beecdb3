"""What runs when: campaigns, rules and experiments as edited, and releases that are due.

In:  a site, a span of time, perhaps one slot or one owner.
Out: entries in the order in which they begin, those of a campaign behind it; and what always runs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from personalization.govern.models import Site
from personalization.publish.frozen_slots import Scheduled, window
from personalization.publish.models import PublishedRelease
from personalization.targeting.models import Campaign, Experiment, Rule
from rules.schedules import Schedule, read_schedule
from rules.types import Window


@dataclass(frozen=True, slots=True)
class Entry:
    """`row`: a campaign, rule, experiment or release; `window`: within that of its campaign."""

    row: Model
    window: Window
    when: Schedule | None = None
    is_on: bool = True
    is_member: bool = False  # it stands behind its campaign

    @property
    def kind(self) -> str:
        return str(self.row._meta.model_name)


@dataclass(frozen=True, slots=True)
class Timetable:
    entries: tuple[Entry, ...]
    always: tuple[Entry, ...]  # on, without any time of its own


def timetable(
    site: Site, span: Window, *, slot: int | None = None, owner: int | None = None
) -> Timetable:
    """`slot`, `owner`: ids of one of them. What has no owner is nobody's."""
    of_campaign: dict[int | None, list[Entry]] = defaultdict(list)
    for row in _scheduled(site, slot):
        of_campaign[row.campaign_id].append(_entry(row))
    loose = [] if owner else of_campaign.pop(None, [])
    found = [*_campaigns(site, span, of_campaign, slot, owner), *_timed(loose, span)]
    releases = [] if slot or owner else list(_releases(site, span))
    always = (entry for entry in loose if entry.is_on and not _has_time(entry))
    return Timetable((*found, *releases), tuple(always))


def _scheduled(site: Site, slot: int | None) -> Iterator[Scheduled]:
    of_slot = {"slot": slot} if slot else {}
    for model in (Rule, Experiment):
        rows: Any = model._default_manager.filter(site=site, **of_slot)
        yield from rows.select_related("slot", "campaign").order_by("slot", "position", "key")


def _entry(row: Scheduled) -> Entry:
    when = read_schedule(row.when) if isinstance(row, Rule) else None
    is_on = row.is_enabled and (row.campaign is None or row.campaign.is_enabled)
    return Entry(row, window(row), when, is_on, is_member=row.campaign is not None)


def _campaigns(
    site: Site,
    span: Window,
    members: dict[int | None, list[Entry]],
    slot: int | None,
    owner: int | None,
) -> Iterator[Entry]:
    rows = Campaign.objects.filter(site=site).select_related("owner")
    if owner:
        rows = rows.filter(owner=owner)
    whole = [Entry(row, Window(row.start, row.end), is_on=row.is_enabled) for row in rows]
    for entry in sorted(whole, key=_begins):
        inside = members.get(entry.row.pk, [])
        if _meet(entry.window, span) and (inside or not slot):
            yield entry
            yield from sorted((each for each in inside if _meet(each.window, span)), key=_begins)


def _timed(entries: Iterable[Entry], span: Window) -> list[Entry]:
    timed = (entry for entry in entries if _has_time(entry) and _meet(entry.window, span))
    return sorted(timed, key=_begins)


def _releases(site: Site, span: Window) -> Iterator[Entry]:
    """Those that are due; while a newer one is live, an older one gives way to it."""
    waiting = PublishedRelease.objects.filter(
        site=site, due_at__gte=span.start, due_at__lt=span.end, activated_at__isnull=True
    ).filter(number__gt=site.live_release or 0)
    for row in waiting.defer("document").order_by("due_at"):
        yield Entry(row, Window(row.due_at, row.due_at))


def _has_time(entry: Entry) -> bool:
    return entry.window != Window() or entry.when is not None


def _begins(entry: Entry) -> tuple[bool, Any]:
    start: datetime | None = entry.window.start
    return (start is not None, start)


def _meet(one: Window, span: Window) -> bool:
    if one.start is not None and span.end is not None and one.start >= span.end:
        return False
    return one.end is None or span.start is None or one.end > span.start
