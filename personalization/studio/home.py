"""The first page: what is live, what it did lately, what waits for somebody.

In:  a request and the admin's own context.
Out: the context of `studio/home.html`, gathered in a fixed number of queries.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from personalization import clock
from personalization.clock import DAY, EPOCH
from personalization.govern.models import Site
from personalization.govern.purpose_words import WORDS
from personalization.govern.purposes import from_bits
from personalization.govern.roles import sites_of
from personalization.govern.rounding import rounded, shown_count, shown_share
from personalization.learn import registry
from personalization.profiles.models import Profile
from personalization.publish.models import PublishedRelease
from personalization.report.model_health import health
from personalization.report.model_words import headline
from personalization.studio import waiting
from personalization.studio.current import allowed, current_site
from personalization.studio.reasons import reason_in_words
from personalization.studio.results import DAYS, exposures, figures, first_moment
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
    since = first_moment(today.date())
    shown = _shown_by_day(site, since, today.date())
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
        "figures": figures(request, site, since),
        "consents": _consents(site),
        "slots": _slots(site, since),
        "chart": _chart(shown, today.date()),
        "in_numbers": _chart_in_numbers(shown, today.date()),
        "legend": [{"reason": reason, "words": reason_in_words(reason)} for reason in COLOURS],
        **_model(site, today),
        "undeclared": list(UndeclaredSlot.objects.filter(site=site)[:5]),
        **waiting.what_waits(request, site, since),
        "steps": _steps(site),
    }


def _live_release(site: Site) -> PublishedRelease | None:
    if site.live_release is None:
        return None
    return PublishedRelease.objects.filter(site=site, number=site.live_release).first()


def _consents(site: Site) -> list[dict[str, str]]:
    """The share of visitors who made a choice that allows each purpose."""
    by_bits = dict(
        Profile.objects.filter(site=site).values_list("purposes").annotate(Count("id")).order_by()
    )
    everyone = sum(by_bits.values())
    return [
        {
            "label": str(label),
            "value": shown_share(
                sum(n for bits, n in by_bits.items() if purpose in from_bits(bits)), everyone
            ),
        }
        for purpose, label in WORDS.items()
    ]


def _slots(site: Site, since: int) -> list[dict[str, Any]]:
    shown = dict(exposures(site, since).values_list("slot").annotate(Count("id")).order_by())
    rows = (
        Slot.objects.filter(site=site)
        .select_related("default")
        .annotate(n_rules=Count("rules", filter=Q(rules__is_enabled=True)))
        .order_by("key")
    )
    return [{"slot": slot, "shown": shown_count(shown.get(slot.key, 0))} for slot in rows]


def _shown_by_day(site: Site, since: int, today: date) -> dict[str, list[int]]:
    """By reason, how often something was shown on each of the last days; 0 below the floor."""
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    rows = (
        exposures(site, since)
        .annotate(day=F("at") / DAY)
        .values_list("reason", "day")
        .annotate(Count("id"))
        .order_by()
    )
    for reason, day, count in rows:
        counts[reason][int(day)] = count
    days = [(day - EPOCH.date()).days for day in _days(today)]
    found = {
        reason: [rounded(counts[reason].get(day, 0)) or 0 for day in days]
        for reason in COLOURS
        if reason in counts
    }
    return {reason: each for reason, each in found.items() if any(each)}


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


def _steps(site: Site) -> list[dict[str, Any]]:
    """What a new site still has to do; empty when all is done."""
    steps = [
        (_("Put a slot on a page"), site.first_render_at, "admin:personalization_connect"),
        (_("Receive a first event"), site.first_event_at, "admin:personalization_connect"),
        (_("Publish a first release"), site.live_release, "admin:personalization_publish"),
    ]
    if all(done for _title, done, _link in steps):
        return []
    return [{"title": title, "done": bool(done), "link": link} for title, done, link in steps]
