"""What came of it lately: figures of the first page, each with its meaning and a page behind it.

In:  a request, its site, and what was counted.
Out: figures as people may see them, of visitors who allow reports.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from personalization.catalog.models import Item
from personalization.clock import DAY, EPOCH
from personalization.figures import whole
from personalization.govern.models import Site
from personalization.govern.rounding import shown_count, shown_share
from personalization.studio.current import allowed
from personalization.studio.lately import Lately

DAYS = 14


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


def figures(request: HttpRequest, site: Site, found: Lately) -> Iterator[Figure]:
    shown = sum(each.times for each in found.shown)
    chosen = sum(each.times for each in found.shown if each.reason in ("rule", "experiment"))
    items = Item.objects.filter(site=site, is_available=True).count()
    may_report = allowed(request, "report", site)
    seen = _list_of("exposure") if may_report else _list_of("slot")
    yield Figure(shown_count(shown), _("times shown"), _("a slot, seen by a visitor"), seen)
    yield Figure(
        shown_share(chosen, shown),
        _("by a rule or an experiment"),
        _("of what was shown"),
        "#shown-a-day" if may_report else _list_of("rule"),
    )
    yield Figure(
        shown_count(found.done.get("click", 0)),
        _("clicks"),
        _("anywhere on the site"),
        _told_by(request, site, "click"),
    )
    yield Figure(
        shown_count(found.done.get("purchase", 0)),
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
