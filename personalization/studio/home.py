"""The first page: what is live, what it did lately, what waits for somebody.

In:  a request and the admin's own context.
Out: the context of `studio/home.html`, gathered in a fixed number of queries.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from personalization import clock
from personalization.clock import EPOCH
from personalization.govern.models import Site
from personalization.govern.purpose_words import WORDS
from personalization.govern.purposes import to_bits
from personalization.govern.roles import sites_of
from personalization.govern.rounding import rounded, shown_count, shown_share
from personalization.learn import registry
from personalization.profiles.allowing import ByPurposes, allowing
from personalization.publish.models import PublishedRelease
from personalization.report.model_health import health
from personalization.report.model_words import headline
from personalization.studio import waiting
from personalization.studio.current import allowed, current_site
from personalization.studio.first_steps import first_steps
from personalization.studio.lately import Lately, lately
from personalization.studio.reasons import reason_in_words
from personalization.studio.results import DAYS, figures, first_moment
from personalization.studio.zones import zone_of
from personalization.targeting.models import Slot, UndeclaredSlot

COLOURS = {
    "rule": "var(--color-primary-600)",
    "experiment": "var(--color-primary-400)",
    "default": "var(--color-base-400)",
    "holdout": "var(--color-base-500)",
    "error": "#dc2626",
}


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the first page shows of the site that the person works on."""
    site = current_site(request)
    if site is None:
        return {**context, "site": None}
    today = clock.now()
    found = lately(site, first_moment(today.date()))
    shown = _shown_by_day(found, today.date())
    return {
        **context,
        "title": _("Today"),
        "site": site,
        "sites": list(sites_of(request.user)),
        "clock": zone_of(site),
        "release": _live_release(site),
        "may_publish": allowed(request, "publish", site),
        "may_report": allowed(request, "report", site),
        "may_manage": allowed(request, "manage", site),
        "figures": figures(request, site, found),
        "consents": _consents(found.allowing),
        "slots": _slots(site, found),
        "chart": _chart(shown, today.date()),
        "in_numbers": _chart_in_numbers(shown, today.date()),
        "legend": [{"reason": reason, "words": reason_in_words(reason)} for reason in COLOURS],
        **_model(site, today),
        "undeclared": list(UndeclaredSlot.objects.filter(site=site)[:5]),
        **waiting.what_waits(request, site, found),
        "steps": first_steps(request, site),
    }


def _live_release(site: Site) -> PublishedRelease | None:
    if site.live_release is None:
        return None
    return PublishedRelease.objects.filter(site=site, number=site.live_release).first()


def _consents(counts: ByPurposes) -> list[dict[str, str]]:
    """The share of visitors who made a choice that allows each purpose."""
    everyone = sum(counts.values())
    shares = {
        label: shown_share(allowing(counts, to_bits(frozenset({purpose}))), everyone)
        for purpose, label in WORDS.items()
    }
    return [{"label": str(label), "value": share} for label, share in shares.items()]


def _slots(site: Site, found: Lately) -> list[dict[str, Any]]:
    shown = Counter[str]()
    for each in found.shown:
        shown[each.slot] += each.times
    rows = (
        Slot.objects.filter(site=site)
        .select_related("default")
        .annotate(n_rules=Count("rules", filter=Q(rules__is_enabled=True)))
        .order_by("key")
    )
    return [{"slot": slot, "shown": shown_count(shown[slot.key])} for slot in rows]


def _shown_by_day(found: Lately, today: date) -> dict[str, list[int]]:
    """By reason, how often something was shown on each of the last days; 0 below the floor."""
    counts = Counter[tuple[str, int]]()
    for each in found.shown:
        counts[each.reason, each.day] += each.times
    days = [(day - EPOCH.date()).days for day in _days(today)]
    by_reason = {reason: [rounded(counts[reason, day]) or 0 for day in days] for reason in COLOURS}
    return {reason: by_day for reason, by_day in by_reason.items() if any(by_day)}


def _days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def _chart(shown: Mapping[str, list[int]], today: date) -> str:
    """As Chart.js wants it."""
    datasets = [
        {
            "label": reason_in_words(reason),
            "data": counts,
            "backgroundColor": COLOURS[reason],
            "stack": "all",
            "maxBarThickness": 24,
            "borderRadius": 2,
            "displayYAxis": True,
        }
        for reason, counts in shown.items()
    ]
    labels = [date_format(day, _("j M")) for day in _days(today)]
    return json.dumps({"labels": labels, "datasets": datasets})


def _chart_in_numbers(shown: Mapping[str, list[int]], today: date) -> dict[str, Any]:
    """The same as a table: for who cannot see the chart, or wants to copy it."""
    days = [date_format(day, _("j M")) for day in _days(today)]
    return {
        "reasons": [reason_in_words(reason) for reason in shown],
        "days": list(zip(days, zip(*shown.values(), strict=True), strict=True)) if shown else [],
    }


def _model(site: Site, now: datetime) -> dict[str, Any]:
    """The model that pages use, and what about it asks for somebody."""
    model = registry.promoted(site)
    if model is None:
        return {"model": None, "worries": ()}
    worries = health(site, model, now).worries
    return {"model": model, "model_headline": headline(model), "worries": worries}
