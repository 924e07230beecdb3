"""Campaigns: `{key, name, start?, end?}`; rules and experiments name theirs."""

from datetime import datetime
from typing import Any

from django.db import transaction

from personalization.govern.models import Site
from personalization.targeting.keyed import put
from personalization.targeting.models import Campaign
from personalization.targeting.reading import Document


@transaction.atomic
def save_campaign(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> Campaign:
    reading = Document(document)
    key = reading.key()
    start, end = reading.window()
    columns = {"name": reading.text("name"), "start": start, "end": end}
    reading.finish()
    return put(Campaign, site, key, columns, by=by, unchanged_since=unchanged_since)


def campaign_document(row: Campaign) -> dict[str, Any]:  # JSON
    return {
        "key": row.key,
        "name": row.name,
        "start": row.start.isoformat() if row.start else None,
        "end": row.end.isoformat() if row.end else None,
    }
