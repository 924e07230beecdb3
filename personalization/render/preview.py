"""A content as it will look, before anything is published.

In:  a block and its fields in each language, as they are being typed; who looks.
Out: a `Preview`: the fragment of HTML (of a JSON block its data as text), what it reads of the
     visitor, what saving would refuse, and the items that are suggested. A field that cannot be
     shown is left out of the picture.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.blocks.checking import ContentFacts, check_fields
from personalization.exceptions import FieldError, Malformed
from personalization.render.core import RenderedSlot, page
from personalization.render.samples import with_samples
from rules.compiler import compile as compile_conditions
from rules.fields import Catalogue
from rules.types import (
    NOTHING,
    STRANGER,
    Block,
    Content,
    Facts,
    Learned,
    Release,
    Request,
    Settings,
    Slot,
    Suggestion,
    Visitor,
)

PREVIEW = "preview"
UNFINISHED: Final = ("required", "dependentRequired", "minLength", "maxLength", "minItems")
Fields = Mapping[str, Mapping[str, Any]]  # locale -> field -> JSON value


@dataclass(frozen=True, slots=True)
class Preview:
    """`locale`: the language that is really shown; `reads`: fields of visitor and page view."""

    text: str
    locale: str | None
    reads: frozenset[str] = frozenset()
    errors: tuple[FieldError, ...] = ()
    items: tuple[Suggestion, ...] = ()


def preview(
    block: Block,
    fields: Fields,
    *,
    catalogue: Catalogue,
    now: datetime,
    locale: str,
    learned: Learned | None = None,
    settings: Settings | None = None,
    visitor: Visitor = STRANGER,
    context: Facts = NOTHING,
    shelf: Mapping[str, Any] = NOTHING,
    item: str | None = None,
) -> Preview:
    """What this visitor would see of a content that is being written, on the page of `item`."""
    errors = _errors(block, fields, catalogue, shelf)
    if errors:
        block, fields = _unfinished(block), _without(fields, errors)
        shelf = NOTHING if any(_is_of_shelf(error) for error in errors) else shelf
    facts = check_fields(block, fields, catalogue, shelf)
    release = _release_of(block, fields, facts, catalogue, settings or Settings(locale=locale))
    request = Request((PREVIEW,), now, context=context, locale=locale, item=item)
    shown = _shown(release, with_samples(learned), visitor, request)
    return Preview(_text(block, shown), shown.locale, facts.reads, errors, shown.items)


def _shown(release: Release, learned: Learned, visitor: Visitor, request: Request) -> RenderedSlot:
    """Without items of the site, sample items stand in."""
    failures: list[Exception] = []
    shown = page(release, learned, visitor, request, lambda _s, _c, e: failures.append(e))
    if failures:
        raise Malformed(_("This cannot be shown: %(detail)s") % {"detail": str(failures[0])[:300]})
    return shown.slots[PREVIEW]


def _text(block: Block, shown: RenderedSlot) -> str:
    if block.kind == "json":
        return json.dumps(shown.data, indent=2, ensure_ascii=False)
    return shown.html


def _errors(
    block: Block, fields: Fields, catalogue: Catalogue, shelf: Mapping[str, Any]
) -> tuple[FieldError, ...]:
    """What stands in the fields' way. A template or schema that is wrong itself is refused."""
    try:
        check_fields(block, fields, catalogue, shelf)
    except Malformed as refused:
        if not all(e.path.startswith("fields.") or _is_of_shelf(e) for e in refused.errors):
            raise
        return refused.errors
    return ()


def _is_of_shelf(error: FieldError) -> bool:
    return error.path.split(".")[0] == "shelf"


def _unfinished(block: Block) -> Block:
    """The block with a schema that forgives what somebody has yet to write."""
    return replace(block, schema=_forgiving(block.schema))


def _forgiving(schema: Any) -> Any:  # any part of a JSON Schema
    if isinstance(schema, Mapping):
        kept = {name: each for name, each in schema.items() if name not in UNFINISHED}
        inner = {
            "properties": lambda of: {name: _forgiving(each) for name, each in of.items()},
            "items": _forgiving,
        }
        return {name: inner[name](each) if name in inner else each for name, each in kept.items()}
    return schema


def _without(fields: Fields, errors: tuple[FieldError, ...]) -> Fields:
    """The fields but for those that break more than the rules of length and completeness."""
    broken = {
        tuple(error.path.replace("[", ".").split(".")[1:3])
        for error in errors
        if error.code not in UNFINISHED
    }
    return {
        locale: {name: value for name, value in of.items() if (locale, name) not in broken}
        for locale, of in fields.items()
    }


def _release_of(
    block: Block, fields: Fields, facts: ContentFacts, catalogue: Catalogue, settings: Settings
) -> Release:
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
