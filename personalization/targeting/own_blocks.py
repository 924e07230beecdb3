"""Blocks that editors write: `{key, name, template, schema, example}`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.blocks.checking import check_fields, check_template
from personalization.blocks.files import shipped_blocks
from personalization.exceptions import Malformed
from personalization.govern.models import Site
from personalization.targeting.blocks import as_block
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.keyed import put
from personalization.targeting.models import Content, CustomBlock
from personalization.targeting.reading import Document, dotted

LONGEST_TEMPLATE = 100_000


@transaction.atomic
def save_block(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> CustomBlock:
    """Save it once its template is proven and every content that uses it still fits."""
    reading = Document(document)
    key = reading.key()
    columns = {
        "name": reading.called(),
        "template": reading.text("template", longest=LONGEST_TEMPLATE),
        "schema": reading.mapping("schema"),
        "example": reading.mapping("example", required=False),
    }
    if key in shipped_blocks():
        reading.refuse("key", "taken", _("A block of this name came with us; choose another key."))
    row = CustomBlock(site=site, key=key, **columns)
    if _is_proven(site, reading, row):
        _check_example(site, reading, row)
        _check_uses(site, reading, row)
    reading.finish()
    return put(CustomBlock, site, key, columns, by=by, unchanged_since=unchanged_since)


def block_document(row: CustomBlock) -> dict[str, Any]:  # JSON
    return {
        "key": row.key,
        "name": row.name,
        "template": row.template,
        "schema": row.schema,
        "example": row.example,
    }


def _is_proven(site: Site, reading: Document, block: CustomBlock) -> bool:
    if not block.template.strip():
        reading.refuse("template", "required", _("Write the block's template."))
        return False
    try:
        check_template(block.template, block.schema, site_catalogue(site))
    except Malformed as refused:
        reading.add(refused, "template")
        return False
    return True


def _check_example(site: Site, reading: Document, block: CustomBlock) -> None:
    if not block.example:
        return
    try:
        check_fields(as_block(block), {site.locale: block.example}, site_catalogue(site))
    except Malformed as refused:
        for error in refused.errors:
            path = dotted(error.path).replace(f"fields.{site.locale}", "example", 1)
            reading.refuse(path, error.code, error.detail)


def _check_uses(site: Site, reading: Document, block: CustomBlock) -> None:
    """A changed schema must still fit the contents that are filled already."""
    for content in Content.objects.filter(site=site, block=block.key):
        try:
            check_fields(as_block(block), content.fields, site_catalogue(site))
        except Malformed as malformed:
            detail = _("The content “%(content)s” no longer fits: %(why)s")
            said = {"content": content.key, "why": malformed.detail}
            reading.refuse("schema", "in_use", detail % said)
