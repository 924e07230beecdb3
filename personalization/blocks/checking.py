"""What may be saved: a block's template, its schema, and contents that fill its fields.

In:  what an editor wrote, and the site's catalogue.
Out: what it reads of visitor and page; or `Malformed`, naming each field, line and column.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # ships no types
from jsonschema.exceptions import (  # type: ignore[import-untyped] # ships no types
    SchemaError,
    ValidationError,
)

from personalization.blocks import limits
from personalization.blocks.fields import ITEM_FIELDS, SITE_FIELDS, has_placeholders
from personalization.blocks.syntax import Names, Refused, check
from personalization.blocks.urls import safe_url
from personalization.exceptions import FieldError, Malformed
from rules.fields import Catalogue
from rules.invalid import Invalid
from rules.recommendations import MOST, OF_VISITOR
from rules.shelf_codec import read_shelf
from rules.types import PLAIN, Block, Shelf, SuggestionSpec

Document = Mapping[str, Any]  # JSON
LOCALE_LENGTH = 35


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """Which visitor and page fields a template names."""

    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class ContentFacts:
    """What a content reads, its block's template included, and what it suggests."""

    reads: frozenset[str]
    suggestions: SuggestionSpec | None


def check_template(source: str, schema: Document, catalogue: Catalogue) -> TemplateFacts:
    """Refuses whatever could run, run away, or be unsafe; says where and what to do."""
    try:
        return check_source(source, schema, catalogue)
    except Refused as refused:
        raise _malformed("template", refused) from refused


def check_source(source: str, schema: Document, catalogue: Catalogue) -> TemplateFacts:
    """The same for who wants the place: `Refused` of the template, `Malformed` of the schema."""
    _check_schema(schema)
    roots = {
        **page_roots(catalogue),
        "content": frozenset(schema.get("properties", {})),
    }
    names = Names(roots, free=frozenset({"items"}))
    return TemplateFacts(_fields_of(check(source, names, html=True, statements=True)))


def check_fields(
    block: Block,
    fields_by_locale: Mapping[str, Document],
    catalogue: Catalogue,
    shelf: object = None,
) -> ContentFacts:
    """Every language fits the block's schema; every placeholder names what is there.

    `shelf`: the document of `rules.shelf_codec`, for blocks that suggest items.
    """
    reads = set(check_template(block.template, block.schema, catalogue).reads)
    errors: list[FieldError] = []
    if not isinstance(fields_by_locale, Mapping) or not fields_by_locale:
        raise Malformed(
            _("Fill the fields in at least one language."),
            errors=(FieldError("fields", "required", _("Fill at least one language.")),),
        )
    for locale, fields in fields_by_locale.items():
        errors.extend(_wrong_locale(locale))
        errors.extend(_against_schema(block, locale, fields))
        if isinstance(fields, Mapping):
            for path, text, rules in texts_of(fields, block.schema, f"fields.{locale}"):
                try:
                    reads |= _fields_of(_check_text(text, rules, catalogue))
                except Refused as refused:
                    errors.append(_error(path, refused, is_line="\n" not in text))
    asked, wrong = _shelf(block, shelf)
    errors.extend(wrong)
    if errors:
        raise Malformed(_("This content cannot be saved yet."), errors=tuple(errors))
    suggestions = suggestions_of(block, fields_by_locale, asked)
    if suggestions is not None and (suggestions.strategy in OF_VISITOR or asked.hide_bought):
        reads.add("events")
    return ContentFacts(frozenset(reads), suggestions)


def _shelf(block: Block, document: object) -> tuple[Shelf, tuple[FieldError, ...]]:
    try:
        asked = read_shelf(document)
    except Invalid as wrong:
        return PLAIN, (FieldError(_dotted_path(f"shelf/{wrong.path}"), "shelf", wrong.said(_)),)
    if asked != PLAIN and "x-suggestions" not in block.schema:
        detail = _("This block suggests no items; leave the shelf out.")
        return PLAIN, (FieldError("shelf", "unknown", detail),)
    return asked, ()


def _dotted_path(path: str) -> str:
    return _dotted([int(part) if part.isdecimal() else part for part in path.split("/") if part])


def suggestions_of(
    block: Block, fields_by_locale: Mapping[str, Document], shelf: Shelf
) -> SuggestionSpec | None:
    """What a block with items asks for: the same in every language, the first one decides."""
    names = block.schema.get("x-suggestions")
    if names is None:
        return None
    fields = next(iter(fields_by_locale.values()))
    strategy = _filled(block, fields, names["strategy"])
    limit = _filled(block, fields, names["limit"])
    return SuggestionSpec(str(strategy), max(1, min(int(limit), MOST)), shelf)


def _filled(block: Block, fields: Document, name: str) -> Any:  # a JSON value
    return fields.get(name, block.schema["properties"][name].get("default"))


# ---------------------------------------------------------------- names that placeholders may use


def page_roots(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    shown = {
        name: each
        for name, each in catalogue.fields.items()
        if each.type != "list" or each.of == "string"
    }
    return {
        "visitor": frozenset(n for n, each in shown.items() if each.purposes or each.personal),
        "context": frozenset(
            name
            for name, each in shown.items()
            if not each.purposes and not each.personal and name != "segment"
        ),
        "site": SITE_FIELDS,
    }


def _fields_of(read: frozenset[tuple[str, str]]) -> frozenset[str]:
    return frozenset(name for root, name in read if root in ("visitor", "context"))


def _check_text(text: str, rules: Document, catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    kind = rules.get("format")
    if kind in ("uri-reference", "image") and not has_placeholders(text):
        if text and not safe_url(text):
            raise Refused(
                1, 1, _("This address cannot be linked; begin with https://, /, mailto: or tel:.")
            )
        return frozenset()
    if not has_placeholders(text):
        return frozenset()
    roots = page_roots(catalogue)
    if rules.get("x-item"):
        roots["item"] = ITEM_FIELDS
    return check(text, Names(roots), html=kind == "html", statements=False)


# ---------------------------------------------------------------- the schema, and values against it


def _check_schema(schema: Document) -> None:
    try:
        if not isinstance(schema, Mapping) or schema.get("type", "object") != "object":
            raise SchemaError(_("A block's schema describes an object."))
        if len(json.dumps(schema)) > limits.SCHEMA_BYTES:
            raise SchemaError(_("The schema is too long."))
        if "$ref" in json.dumps(schema) or "pattern" in _keywords(schema):
            raise SchemaError(_("“$ref” and “pattern” are not read here; list the fields."))
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        message = str(error.message)[:300]
        raise Malformed(
            _("The schema of this block cannot be read."),
            errors=(FieldError(_dotted(["schema", *error.absolute_path]), "schema", message),),
        ) from error


def _keywords(schema: Any) -> Iterator[str]:  # any JSON inside a schema
    if isinstance(schema, Mapping):
        for name, value in schema.items():
            yield name
            if name != "properties":
                yield from _keywords(value)
            elif isinstance(value, Mapping):
                for each in value.values():
                    yield from _keywords(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _keywords(each)


def _wrong_locale(locale: object) -> Iterator[FieldError]:
    bare = locale.replace("-", "") if isinstance(locale, str) else ""
    if not (bare.isascii() and bare.isalnum() and len(bare) <= LOCALE_LENGTH):
        yield FieldError("fields", "locale", _("Write languages as in “en” or “de-CH”."))


def _against_schema(block: Block, locale: str, fields: Any) -> Iterator[FieldError]:  # any JSON
    schema = {"additionalProperties": False, **block.schema}
    for error in Draft202012Validator(schema).iter_errors(fields):
        path = _dotted(["fields", str(locale), *error.absolute_path])
        yield FieldError(path, str(error.validator), _sentence(error))


def _sentence(error: ValidationError) -> str:
    """The commonest failings in our words; the rest in the validator's."""
    match error.validator:
        case "required":
            missing = [each for each in error.validator_value if each not in error.instance]
            return _("Fill in: %(names)s.") % {"names": ", ".join(missing)}
        case "dependentRequired":
            return _("These belong together: %(detail)s.") % {"detail": error.message[:200]}
        case "maxLength":
            return _("At most %(most)d characters.") % {"most": error.validator_value}
        case "minLength":
            return _("Write something here.")
        case "enum":
            offered = ", ".join(map(str, error.validator_value))
            return _("Choose one of: %(names)s.") % {"names": offered}
    return str(error.message)[:300]


def _dotted(parts: list[str | int]) -> str:
    """As in `fields.en.steps[0].title`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)[1:]


def texts_of(value: Any, rules: Document, path: str) -> Iterator[tuple[str, str, Document]]:
    """Every text in a JSON value with the part of the schema that describes it."""
    if isinstance(value, str):
        yield path, value, rules
    elif isinstance(value, Mapping):
        inner = rules.get("properties", {})
        for name, each in value.items():
            yield from texts_of(each, inner.get(name, {}), f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        items = rules.get("items", {})
        for index, each in enumerate(value):
            inner = items if isinstance(items, Mapping) else {}
            yield from texts_of(each, inner, f"{path}[{index}]")


def _malformed(path: str, refused: Refused) -> Malformed:
    return Malformed(refused.sentence, errors=(_error(path, refused),))


def _error(path: str, refused: Refused, *, is_line: bool = False) -> FieldError:
    """`is_line`: the whole text is one line, so its place needs no words."""
    if is_line:
        return FieldError(path, "template", refused.sentence)
    where = _("Line %(line)d, column %(column)d: ") % {
        "line": refused.line,
        "column": refused.column,
    }
    return FieldError(path, "template", where + refused.sentence)
