"""Segments: `{key, name, condition}`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.targeting.conditions import checked_condition
from personalization.targeting.keyed import put
from personalization.targeting.models import Segment
from personalization.targeting.reading import Document


@transaction.atomic
def save_segment(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> Segment:
    reading = Document(document)
    key = reading.key()
    if not reading.has("condition"):
        reading.refuse(
            "condition", "required", _("Give it a condition; an empty group matches everyone.")
        )
    columns = {
        "name": reading.text("name"),
        "description": reading.text("description", longest=2000),
        "condition": checked_condition(site, reading, of_segment=key),
    }
    reading.finish()
    return put(Segment, site, key, columns, by=by, unchanged_since=unchanged_since)


def segment_document(row: Segment) -> dict[str, Any]:  # JSON
    return {
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "condition": row.condition,
    }
