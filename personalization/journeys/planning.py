"""Which journeys are at work on a site, as they were published.

In:  a site.
Out: `Course`: the journeys of the live release, ready to be advanced, and when each began.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from personalization import clock
from personalization.govern.models import Site
from personalization.journeys.models import LiveJourney
from personalization.publish import live
from personalization.publish.models import PublishedRelease
from rules.journeys import Plan, Stay, plan
from rules.types import Release

REMEMBERED: Final = timedelta(days=30)  # stays of a journey that is off or gone


@dataclass(frozen=True, slots=True)
class Course:
    """`began`: key of the journey -> when it began to look at visitors."""

    release: Release
    plan: Plan
    began: Mapping[str, datetime]

    def start(self) -> dict[str, Stay]:
        """Where somebody stands who never was in any of them."""
        return {
            journey.key: Stay(None, self.began[journey.key], is_new=True)
            for journey in self.plan.journeys
        }


def course_of(site: Site) -> Course | None:
    """What moves visitors now; None where nothing does: no journeys, or everything is off."""
    live.expire(site.pk)  # a worker must not move anybody by the release of a second ago
    current = live.current(site.pk)
    release = current.release
    if release is None or not current.enabled:
        return None
    began = _begin(site, release)
    journeys = [
        journey
        for journey in release.journeys.values()
        if journey.campaign not in current.disabled_campaigns
    ]
    if not journeys:
        return None
    return Course(release, plan(journeys, release.conditions), began)


def gone_for_good(site: Site, now: datetime) -> list[str]:
    """Journeys that have been off or gone for so long that nobody stands in them any more."""
    rows = LiveJourney.objects.filter(site=site, gone__lt=now - REMEMBERED)
    return list(rows.values_list("key", flat=True))


@transaction.atomic
def _begin(site: Site, release: Release) -> dict[str, datetime]:
    """Note which journeys are live, since when, and which no longer are."""
    rows = {row.key: row for row in LiveJourney.objects.select_for_update().filter(site=site)}
    fresh = [key for key in release.journeys if key not in rows or rows[key].gone is not None]
    if fresh:
        began = _went_live(site, release)
        LiveJourney.objects.bulk_create(
            [LiveJourney(site=site, key=key, began=began) for key in fresh],
            update_conflicts=True,
            unique_fields=["site", "key"],
            update_fields=["began", "gone"],
        )
    gone = [key for key, row in rows.items() if key not in release.journeys and row.gone is None]
    if gone:
        LiveJourney.objects.filter(site=site, key__in=gone).update(gone=clock.now())
    kept = {key: row.began for key, row in rows.items() if key not in fresh}
    return {**kept, **dict.fromkeys(fresh, began)} if fresh else kept


def _went_live(site: Site, release: Release) -> datetime:
    row = PublishedRelease.objects.filter(site=site, number=release.number)
    return row.values_list("activated_at", flat=True).first() or clock.now()
