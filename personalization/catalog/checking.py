"""In: one item as a feed sent it. Out: the item's columns, typed; or why it is refused. No I/O."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from personalization.money import MOST, to_minor

FIELDS: Final = frozenset(
    {
        "item",
        "title",
        "category",
        "price",
        "currency",
        "tags",
        "url",
        "image",
        "text",
        "available",
        "attributes",
    }
)
LONGEST: Final[Mapping[str, int]] = {
    "item": 200,
    "title": 500,
    "category": 200,
    "url": 2000,
    "image": 2000,
    "text": 20_000,
}
MOST_TAGS, LONGEST_TAG, LONGEST_ATTRIBUTES = 100, 200, 16_384
UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
Columns = dict[str, Any]  # column of Item -> value


class Refused(Exception):
    """This item cannot be taken."""

    def __init__(self, code: str, detail: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def check_item(sent: object, currency: str) -> Columns:
    """Type one item; `currency` is the site's, for prices that name none."""
    if not isinstance(sent, Mapping):
        raise Refused("type", _("An item is an object."))
    if not FIELDS.issuperset(sent):
        raise Refused("unknown_field", _("An item has only: %s.") % ", ".join(sorted(FIELDS)))
    own_currency = _currency(sent) or currency
    return {
        "key": _text(sent, "item", required=True),
        "title": _text(sent, "title", required=True),
        "category": _text(sent, "category"),
        "price": _price(sent, own_currency),
        "currency": own_currency,
        "tags": _tags(sent),
        "url": _text(sent, "url"),
        "image": _text(sent, "image"),
        "text": _text(sent, "text"),
        "is_available": _flag(sent, "available"),
        "attributes": _attributes(sent),
    }


def _text(sent: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = sent.get(name)
    if value is None or value == "":
        if required:
            raise Refused("required", _("“%s” is missing.") % name)
        return ""
    if not isinstance(value, str):
        raise Refused("type", _("“%s” must be a text.") % name)
    if len(value) > LONGEST[name]:
        most = {"name": name, "most": LONGEST[name]}
        raise Refused("length", _("“%(name)s” has at most %(most)d characters.") % most)
    if UNSTORABLE.search(value):
        raise Refused("text", _("“%s” holds NUL or a lone surrogate.") % name)
    return value


def _currency(sent: Mapping[str, Any]) -> str:
    value = sent.get("currency")
    if value is None or value == "":
        return ""
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isupper():
        return value
    raise Refused("currency", _("“currency” is three capital letters, as EUR."))


def _price(sent: Mapping[str, Any], currency: str) -> int | None:
    value = sent.get("price")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("price", _("“price” is a number, in major units: 12.34."))
    if not 0 <= value <= MOST or to_minor(value, currency) > MOST:
        raise Refused("price", _("“price” is negative, too large, or no number."))
    return to_minor(value, currency)


def _tags(sent: Mapping[str, Any]) -> list[str]:
    value = sent.get("tags")
    if value is None:
        return []
    if not isinstance(value, list | tuple) or len(value) > MOST_TAGS:
        raise Refused("tags", _("“tags” is a list of at most %d texts.") % MOST_TAGS)
    for tag in value:
        if not isinstance(tag, str) or not 0 < len(tag) <= LONGEST_TAG or UNSTORABLE.search(tag):
            raise Refused("tags", _("A tag is a text of 1 to %d characters.") % LONGEST_TAG)
    return list(dict.fromkeys(value))


def _flag(sent: Mapping[str, Any], name: str) -> bool:
    value = sent.get(name, True)
    if isinstance(value, bool):
        return value
    raise Refused("type", _("“%s” is true or false.") % name)


def _attributes(sent: Mapping[str, Any]) -> dict[str, Any]:
    value = sent.get("attributes")
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Refused("attributes", _("“attributes” is an object."))
    try:
        written = json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        raise Refused("attributes", _("“attributes” holds what JSON cannot.")) from None
    if len(written) > LONGEST_ATTRIBUTES:
        raise Refused("length", _("“attributes” is too long."))
    if UNSTORABLE.search(written) or "\\u0000" in written:
        raise Refused("text", _("“%s” holds NUL or a lone surrogate.") % "attributes")
    return dict(value)
