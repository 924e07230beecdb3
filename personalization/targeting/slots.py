"""Slots: `{key, default?}`, and optionally name, description, min_height, enabled."""

from datetime import datetime
from typing import Any

from django.db import transaction

from personalization.govern.models import Site
from personalization.govern.sites import touch
from personalization.targeting.keyed import found, put
from personalization.targeting.models import Content, Slot, UndeclaredSlot
from personalization.targeting.reading import Document

TALLEST = 10_000  # pixels


@transaction.atomic
def save_slot(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> Slot:
    """Save it. `enabled` works at once, like the switch; the rest waits to be published."""
    reading = Document(document)
    key = reading.key()
    columns = {
        "name": reading.called(),
        "description": reading.text("description", longest=2000),
        "default": found(Content, site, reading, "default"),
        "min_height": reading.integer("min_height", 0, most=TALLEST),
        "is_enabled": reading.flag("enabled", True),
    }
    reading.finish()
    was_enabled = Slot.objects.filter(site=site, key=key).values_list("is_enabled", flat=True)
    if was_enabled.first() not in (None, columns["is_enabled"]):
        touch(site)
    UndeclaredSlot.objects.filter(site=site, key=key).delete()
    return put(Slot, site, key, columns, by=by, unchanged_since=unchanged_since)


def slot_document(row: Slot) -> dict[str, Any]:  # JSON
    return {
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "default": row.default.key if row.default else None,
        "min_height": row.min_height,
        "enabled": row.is_enabled,
    }
