"""Journeys: `{key, name, campaign?, again?, enabled?, stages: [{key, name, enter, from, …}]}`.

A visitor comes into a stage by a condition or an event, from outside or from other stages, and
leaves it by another, or after a time. What moves people is what was published.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.exceptions import Conflict
from personalization.govern.models import Site
from personalization.targeting.journey_stages import check_ways, checked_stages, duration
from personalization.targeting.keyed import found, put
from personalization.targeting.models import Campaign, Journey
from personalization.targeting.reading import Document
from personalization.targeting.stages import note_stages, users_of_stages
from rules.journeys import named


@transaction.atomic
def save_journey(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> Journey:
    """Save it. `again`: how long after leaving one may come back; without it, never."""
    reading = Document(document)
    key = reading.key()
    stages = checked_stages(site, reading)
    columns = {
        "name": reading.called(),
        "description": reading.text("description", longest=2000),
        "campaign": found(Campaign, site, reading, "campaign"),
        "again": duration(reading, "again") or "",
        "stages": stages,
        "is_enabled": reading.flag("enabled", True),
    }
    if not reading.has_errors:
        check_ways(site, reading, stages)
    reading.finish()
    _refuse_missing(site, key, stages)
    saved = put(Journey, site, key, columns, by=by, unchanged_since=unchanged_since)
    note_stages(site)
    return saved


def journey_document(row: Journey) -> dict[str, Any]:  # JSON
    return {
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "campaign": row.campaign.key if row.campaign else None,
        "again": row.again or None,
        "enabled": row.is_enabled,
        "stages": row.stages,
    }


def _refuse_missing(site: Site, key: str, stages: list[dict[str, Any]]) -> None:
    """A stage that something asks for stays."""
    before = Journey.objects.filter(site=site, key=key).first()
    if before is None:
        return
    gone = {stage["key"] for stage in before.stages} - {stage["key"] for stage in stages}
    asking = list(users_of_stages(site, {named(key, each) for each in gone}, besides=before))
    if asking:
        users = ", ".join(f"{user._meta.verbose_name} {user.key}" for user in asking[:5])
        said = {"stages": ", ".join(sorted(gone)), "users": users}
        sentence = _("The stage that you took out (%(stages)s) is asked for by %(users)s.")
        raise Conflict(f"{sentence} {_('Change that first.')}" % said)
