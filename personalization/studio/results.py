"""What came of it lately: figures of the first page, each with its meaning and a page behind it.

In:  a request, its site, and since when.
Out: figures as people may see them, of visitors who allow reports.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from personalization.catalog.models import Item
from personalization.clock import DAY, EPOCH
from personalization.collect.models import Event, Exposure
from personalization.figures import whole
from personalization.govern.models import Site
from personalization.govern.purposes import ANALYTICS, granting
from personalization.govern.rounding import shown_count, shown_share
from personalization.studio.current import allowed

DAYS = 14
COUNTED = granting(ANALYTICS)  # purposes of what a report may count


@dataclass(frozen=True, slots=True)
class Figure:
    """`page`: where more of it stands."""

    value: str
    label: str
    means: str
    page: str


def first_moment(today: date) -> int:
    """Of the days that the chart shows: whole days by UTC, today among them."""
    return (today - timedelta(days=DAYS - 1) - EPOCH.date()).days * DAY


def exposures(site: Site, since: int) -> QuerySet[Exposure]:
    """Of visitors who allow reports."""
    return Exposure.objects.filter(site=site, at__gte=since, purposes__in=COUNTED)


def figures(request: HttpRequest, site: Site, since: int) -> Iterator[Figure]:
    shown = exposures(site, since).aggregate(
        all=Count("id"), chosen=Count("id", filter=Q(reason__in=("rule", "experiment")))
    )
    events = Event.objects.filter(site=site, at__gte=since, purposes__in=COUNTED).aggregate(
        clicks=Count("id", filter=Q(type="click")), bought=Count("id", filter=Q(type="purchase"))
    )
    items = Item.objects.filter(site=site, is_available=True).count()
    may_report = allowed(request, "report", site)
    seen = _list_of("exposure") if may_report else _list_of("slot")
    yield Figure(shown_count(shown["all"]), _("times shown"), _("a slot, seen by a visitor"), seen)
    yield Figure(
        shown_share(shown["chosen"], shown["all"]),
        _("by a rule or an experiment"),
        _("of what was shown"),
        "#shown-a-day" if may_report else _list_of("rule"),
    )
    yield Figure(
        shown_count(events["clicks"]),
        _("clicks"),
        _("anywhere on the site"),
        _told_by(request, site, "click"),
    )
    yield Figure(
        shown_count(events["bought"]),
        _("items bought"),
        _("a basket of three counts three"),
        _told_by(request, site, "purchase"),
    )
    yield Figure(whole(items), _("items on offer"), _("now"), _list_of("item"))


def _told_by(request: HttpRequest, site: Site, kind: str) -> str:
    """The events themselves are for privacy officers; others see how they come in."""
    if allowed(request, "privacy", site):
        return f"{_list_of('event')}?type={kind}"
    return reverse("admin:personalization_connect")


def _list_of(model: str) -> str:
    return reverse(f"admin:personalization_{model}_changelist")
