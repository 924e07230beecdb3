"""A content as it will look, before anything is published.

In:  a block and its fields as they are being typed, perhaps with what the site has learnt.
Out: the fragment of HTML, or for a JSON block its data as text. Refuses what could not be saved.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from personalization.blocks.checking import check_fields
from personalization.exceptions import Malformed
from personalization.render.core import page
from personalization.render.samples import SAMPLES
from rules.compiler import compile as compile_conditions
from rules.fields import Catalogue
from rules.types import (
    STRANGER,
    Block,
    Content,
    Learned,
    Release,
    Request,
    Settings,
    Slot,
    Visitor,
)

PREVIEW = "preview"


def preview_block(
    block: Block,
    fields: Mapping[str, Any],
    *,
    catalogue: Catalogue,
    now: datetime,
    locale: str = "en",
    learned: Learned | None = None,
    settings: Settings | None = None,
    visitor: Visitor = STRANGER,
) -> str:
    """What a visitor would see; without items of the site, sample items stand in."""
    release = _release_of(block, {locale: fields}, catalogue, settings or Settings(locale=locale))
    shown = SAMPLES if learned is None or not learned.items else learned
    failures: list[Exception] = []
    request = Request((PREVIEW,), now, locale=locale)
    slot = page(release, shown, visitor, request, lambda _slot, _content, e: failures.append(e))
    rendered = slot.slots[PREVIEW]
    if failures:
        raise Malformed(_("This cannot be shown: %(detail)s") % {"detail": str(failures[0])[:300]})
    if block.kind == "json":
        return json.dumps(rendered.data, indent=2, ensure_ascii=False)
    return rendered.html


def _release_of(
    block: Block, fields: Mapping[str, Mapping[str, Any]], catalogue: Catalogue, settings: Settings
) -> Release:
    facts = check_fields(block, fields, catalogue)
    content = Content(PREVIEW, block.name, fields, facts.reads, facts.suggestions)
    return Release(
        site=PREVIEW,
        number=0,
        catalogue=catalogue,
        slots={PREVIEW: Slot(PREVIEW, default=PREVIEW)},
        contents={PREVIEW: content},
        blocks={block.name: block},
        conditions={},
        settings=settings,
        matcher=compile_conditions({}),
    )
