"""What a part of a block's JSON Schema asks an editor for."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

Schema = Mapping[str, Any]  # a JSON Schema document
TEXTS: Final = frozenset({"text", "html", "address", "picture", "date", "color"})
PLAIN: Final = {"boolean": "flag", "integer": "number", "number": "number"}
FORMATS: Final = {"uri-reference": "address", "image": "picture"}


def kind_of(rules: Schema) -> str:
    """One of TEXTS; or number, choice, flag, list, group; or json, typed as it is."""
    if choices_of(rules):
        return "choice"
    said = rules.get("type", "string")
    if said == "string":
        named = str(rules.get("format", ""))
        kind = FORMATS.get(named, named)
        return kind if kind in TEXTS else "text"
    if said == "array" and isinstance(rules.get("items"), Mapping):
        return "list"
    if said == "object" and rules.get("properties"):
        return "group"
    return PLAIN.get(str(said), "json")


def choices_of(rules: Schema) -> list[tuple[Any, str]]:
    """Values and labels of `enum`, or of `oneOf` with `const` and `title`."""
    if "enum" in rules:
        return [(value, _(str(value).replace("_", " "))) for value in rules["enum"]]
    options = rules.get("oneOf", ())
    if not all(isinstance(each, Mapping) and "const" in each for each in options):
        return []
    return [(each["const"], _(str(each.get("title", each["const"])))) for each in options]


def title_of(name: str, rules: Schema) -> str:
    return _(rules.get("title") or name.replace("_", " ").capitalize())


def says_something(rules: Schema) -> bool:
    """Is of a language: a text or made of texts, rather than a number, a choice or a switch."""
    return kind_of(rules) in TEXTS | {"list", "group", "json"}


def is_empty(value: Any) -> bool:  # JSON
    return value is None or value in ("", [], {})


def without_empty(values: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """The values that were given. An empty text stays where it is an answer: "no words needed"."""
    properties = schema.get("properties", {})
    return {
        name: value
        for name, value in values.items()
        if not is_empty(value) or (value == "" and properties.get(name, {}).get("x-keep-empty"))
    }
