"""Segments: `{key, name, condition}`."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.catalog.looking_again import ask_to_look_again
from personalization.govern.models import Site
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.conditions import checked_condition
from personalization.targeting.keyed import put
from personalization.targeting.models import Segment
from personalization.targeting.places import ask_for_places
from personalization.targeting.reading import Document
from rules import Condition, Invalid, parse, segments_read


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
        "name": reading.called(),
        "description": reading.text("description", longest=2000),
        "condition": checked_condition(site, reading, of_segment=key),
    }
    reading.finish()
    ask_to_look_again(site.pk)
    saved = put(Segment, site, key, columns, by=by, unchanged_since=unchanged_since)
    ask_for_places(site, saved.condition)
    return saved


def site_segments(site: Site) -> dict[str, Condition]:
    """Every segment that can be read, by key; one whose field or segment is gone is left out."""
    catalogue = site_catalogue(site)
    found: dict[str, Condition] = {}
    for key, tree in Segment.objects.filter(site=site).values_list("key", "condition"):
        with suppress(Invalid):  # its own page says what is wrong with it
            found[key] = parse(tree, catalogue)
    while gone := {key for key, each in found.items() if segments_read(each) - found.keys()}:
        found = {key: each for key, each in found.items() if key not in gone}
    return found


def segment_document(row: Segment) -> dict[str, Any]:  # JSON
    return {
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "condition": row.condition,
    }
