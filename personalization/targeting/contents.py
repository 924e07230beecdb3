"""Contents: `{key, block, fields: {locale: {…}}, shelf?, generated?, campaign?}`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.blocks.checking import check_fields
from personalization.exceptions import Malformed
from personalization.govern.models import Site
from personalization.targeting.blocks import block_names, find_block
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.generated import checked_generated
from personalization.targeting.keyed import found, put
from personalization.targeting.models import Campaign, Content
from personalization.targeting.reading import Document
from rules.shelf_codec import write_shelf


@transaction.atomic
def save_content(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> Content:
    """Save it once its fields fit the block and its placeholders name what the site knows.

    A language that a model wrote stays known as such, so that its text needs its yes.
    """
    reading = Document(document)
    key = reading.key()
    block, fields = reading.key("block"), reading.mapping("fields")
    columns = {
        "name": reading.called(),
        "block": block,
        "fields": fields,
        "shelf": reading.mapping("shelf", required=False),
        "generated": checked_generated(reading, _claimed(site, key)),
        "campaign": found(Campaign, site, reading, "campaign"),
    }
    if block:
        _check(site, reading, block, columns)
    reading.finish()
    return put(Content, site, key, columns, by=by, unchanged_since=unchanged_since)


def content_document(row: Content) -> dict[str, Any]:  # JSON
    document = {
        "key": row.key,
        "name": row.name,
        "block": row.block,
        "fields": row.fields,
        "shelf": row.shelf,
        "campaign": row.campaign.key if row.campaign else None,
    }
    return {**document, "generated": row.generated} if row.generated else document


def _claimed(site: Site, key: str) -> dict[str, Any]:  # JSON
    kept = Content.objects.filter(site=site, key=key).values_list("generated", flat=True).first()
    return dict(kept or {})


def _check(site: Site, reading: Document, name: str, columns: dict[str, Any]) -> None:
    """The shelf is stored in its shortest form."""
    block = find_block(site, name)
    if block is None:
        known = ", ".join(block_names(site))
        detail = _("There is no block “%(name)s”. Blocks are: %(known)s.")
        reading.refuse("block", "unknown_reference", detail % {"name": name, "known": known})
        return
    try:
        facts = check_fields(block, columns["fields"], site_catalogue(site), columns["shelf"])
        columns["shelf"] = write_shelf(facts.suggestions.shelf) if facts.suggestions else {}
    except Malformed as refused:
        reading.add(refused, "fields")
