"""What the code editor completes, and the words that it shows."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from personalization.blocks.fields import ITEM_FIELDS
from personalization.blocks.filters import FILTERS, TESTS
from personalization.blocks.placeholders import ITEM_LABELS, placeholders
from personalization.blocks.sandbox import LOOP_PARTS
from personalization.govern.models import Site
from personalization.targeting.catalogue import site_catalogue

TAGS = (
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "set",
    "macro",
    "endmacro",
    "call",
    "endcall",
)
KEYWORDS = {
    "type": "string, integer, number, boolean, array, object",
    "title": "",
    "description": "",
    "properties": "{…}",
    "required": '["…"]',
    "default": "",
    "enum": "[…]",
    "format": "html, uri-reference, image, date, color",
    "items": "{…}",
    "maxLength": "",
    "minLength": "",
    "maxItems": "",
    "minimum": "",
    "maximum": "",
    "dependentRequired": '{"image": ["image_alt"]}',
    "x-alternative": "",
    "x-best-length": "",
    "x-item": "",
    "x-keep-empty": "",
    "x-kind": "json",
    "x-on": "",
    "x-suggestions": "{…}",
}


def completions(site: Site) -> dict[str, Any]:  # JSON
    """Names behind each root with their labels; filters, tests, tags; keys of a schema."""
    roots: dict[str, dict[str, str]] = {"visitor": {}, "context": {}, "site": {}}
    for each in placeholders(site_catalogue(site)):
        root, _dot, name = each.name.partition(".")
        roots[root][name] = each.label
    return {
        "roots": {
            **roots,
            "item": {name: str(ITEM_LABELS[name]) for name in sorted(ITEM_FIELDS)},
            "loop": dict.fromkeys(sorted(LOOP_PARTS), ""),
        },
        "filters": {name: _promise(each) for name, each in FILTERS.items()},
        "tests": sorted(TESTS),
        "tags": list(TAGS),
        "keywords": KEYWORDS,
    }


def _promise(function: Any) -> str:  # any filter
    return (function.__doc__ or "").partition("\n")[0]


def code_words() -> Mapping[str, str]:
    return {
        "away": _("No connection. Your text stays here; what you see is older."),
        "fine": _("Nothing is wrong."),
        "flaw": _("Line %(line)s, column %(column)s: %(text)s"),
        "flaws": _("%(count)s to mend"),
    }
