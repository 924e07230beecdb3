"""In: what the slots may show. Out: contents and blocks as frozen values, each of them checked."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from personalization.blocks.checking import check_fields
from personalization.exceptions import FieldError, Malformed
from personalization.govern.models import Site
from personalization.publish.generated import (
    Known,
    Shown,
    known_drafts,
    proven,
    uses_of,
    written_in_template,
)
from personalization.publish.generated_pictures import drawn_in, drawn_in_template
from personalization.targeting import models
from personalization.targeting.blocks import find_block
from personalization.targeting.reading import dotted
from rules.fields import Catalogue
from rules.types import Block, Content, Slot


def frozen_contents(
    site: Site, slots: Mapping[str, Slot], catalogue: Catalogue, errors: list[FieldError]
) -> tuple[dict[str, Content], dict[str, Block]]:
    """Contents that a slot can reach, and their blocks as they are today.

    What does not fit is added to `errors`, under `content.<key>`.
    """
    wanted = {key for slot in slots.values() for key in _named_by(slot)}
    rows = {row.key: row for row in models.Content.objects.filter(site=site, key__in=wanted)}
    for missing in sorted(wanted - set(rows)):
        detail = _("The content was deleted; give whatever shows it another one.")
        errors.append(FieldError(f"content.{missing}", "unknown_reference", detail))
    found = {name: find_block(site, name) for name in {row.block for row in rows.values()}}
    blocks = {name: block for name, block in sorted(found.items()) if block is not None}
    templates = [block.template for block in blocks.values()]
    known, uses = known_drafts(site, rows.values(), templates), uses_of(slots)
    contents: dict[str, Content] = {}
    for key, row in sorted(rows.items()):
        if row.block in blocks:
            block = blocks[row.block]
            contents |= _frozen(row, block, catalogue, known, uses.get(key, []), errors)
        else:
            detail = _("There is no block “%s” any more.") % row.block
            errors.append(FieldError(f"content.{key}.block", "unknown_reference", detail))
    for block in blocks.values():
        errors.extend([*written_in_template(block, known), *drawn_in_template(block, known)])
    return contents, blocks


def _frozen(
    row: models.Content,
    block: Block,
    catalogue: Catalogue,
    known: Known,
    uses: list[Shown],
    errors: list[FieldError],
) -> dict[str, Content]:
    try:
        facts = check_fields(block, row.fields, catalogue, row.shelf)
    except Malformed as refused:
        found = refused.errors or (FieldError("fields", refused.code, refused.detail),)
        place = f"content.{row.key}"
        errors.extend(FieldError(f"{place}.{dotted(e.path)}", e.code, e.detail) for e in found)
        return {}
    provenance = proven(row, block, known, uses, errors)
    pictures = drawn_in(row, block, known, uses, errors)
    frozen = Content(
        row.key, row.block, row.fields, facts.reads, facts.suggestions, provenance, pictures
    )
    return {row.key: frozen}


def _named_by(slot: Slot) -> Iterator[str]:
    if slot.default is not None:
        yield slot.default
    yield from (rule.content for rule in slot.rules)
    for experiment in slot.experiments:
        yield from (arm.content for arm in experiment.arms if arm.content is not None)
