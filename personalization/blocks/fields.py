"""A content's fields, ready to be filled for one page view.

In:  the JSON values of one language and the block's schema.
Out: a `Filling`: called with the names of a page view it gives the values that the template shows.

What holds no placeholder is made ready once; only the rest is worked out for each view.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from personalization.blocks.cleaning import clean_text, readable
from personalization.blocks.sandbox import Compiled
from personalization.blocks.urls import safe_url

SITE_FIELDS = frozenset({"currency", "key", "locale", "zone"})
ITEM_FIELDS = frozenset(
    {
        "attributes",
        "available",
        "category",
        "currency",
        "image",
        "key",
        "price",
        "reason",
        "tags",
        "text",
        "title",
        "url",
    }
)
ADDRESSES = frozenset({"uri-reference", "image"})
Value = Any  # JSON, or text that is safe as HTML
Names = Mapping[str, Any]  # visitor, context, site, item
Fill = Callable[[Names], Value]


def has_placeholders(text: str) -> bool:
    return "{{" in text or "{%" in text or "{#" in text


@dataclass(frozen=True, slots=True)
class Filling:
    """`fixed` is the same in every view; `moving` is worked out; `each` once for every item."""

    fixed: Mapping[str, Value]
    moving: Mapping[str, Fill]
    each: Mapping[str, Fill]

    def values(self, names: Names) -> dict[str, Value]:
        return {**self.fixed, **{name: fill(names) for name, fill in self.moving.items()}}


def filling(fields: Mapping[str, Value], schema: Mapping[str, Any]) -> Filling:
    """Prepare one language. Fields that were left out take the schema's defaults."""
    fixed: dict[str, Value] = {}
    moving: dict[str, Fill] = {}
    each: dict[str, Fill] = {}
    properties = schema.get("properties", {})
    for name in {**properties, **fields}:
        rules = properties.get(name, {})
        if name not in fields and "default" not in rules:
            continue
        value = fields.get(name, rules.get("default"))
        if rules.get("x-item"):
            each[name] = _fill(value, rules)
        elif _moves(value):
            moving[name] = _fill(value, rules)
        else:
            fixed[name] = _fill(value, rules)({})
    return Filling(fixed, moving, each)


def _moves(value: Value) -> bool:
    if isinstance(value, str):
        return has_placeholders(value)
    if isinstance(value, Mapping):
        return any(_moves(inner) for inner in value.values())
    return isinstance(value, list) and any(_moves(inner) for inner in value)


def _fill(value: Value, rules: Mapping[str, Any]) -> Fill:
    """How one JSON value becomes what is shown."""
    if isinstance(value, str):
        return _fill_text(value, rules.get("format", ""))
    if isinstance(value, Mapping):
        inner = rules.get("properties", {})
        parts = {name: _fill(each, inner.get(name, {})) for name, each in value.items()}
        return lambda names: {name: fill(names) for name, fill in parts.items()}
    if isinstance(value, list):
        fills = [_fill(each, rules.get("items", {})) for each in value]
        return lambda names: [fill(names) for fill in fills]
    return _always(value)


def _fill_text(text: str, kind: str) -> Fill:
    finish: Callable[[str], Value] = readable
    if kind == "html":
        finish = clean_text
    elif kind in ADDRESSES:
        finish = safe_url
    if not has_placeholders(text):
        return _always(finish(text))
    compiled = Compiled(text, guarded=True, html=kind == "html")
    if kind == "html":
        return lambda names: finish(compiled.render(names))
    return lambda names: finish(str(compiled.render(names)))


def _always(value: Value) -> Fill:
    def fill(names: Names) -> Value:
        return value

    return fill


def as_json(value: Value) -> Value:
    """The same value as plain JSON: texts that are safe as HTML become texts."""
    if isinstance(value, Markup):
        return str(value)
    if isinstance(value, dict):
        return {name: as_json(each) for name, each in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list) else value
