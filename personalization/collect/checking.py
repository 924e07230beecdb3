"""In: one event row as it was sent. Out: the row, typed; or why it is rejected. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final, NamedTuple

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from personalization.clock import DAY, to_us
from personalization.money import MOST, to_minor
from personalization.profiles.ids import LONGEST_ID, UNSTORABLE

BUILT_IN_TYPES: Final = frozenset(
    {"view", "click", "add_to_cart", "purchase", "exposure", "conversion"}
)
FIELDS: Final = frozenset(
    {"id", "type", "visitor", "at", "item", "value", "currency", "exposure", "properties"}
)
EARLIEST: Final = to_us(datetime(2000, 1, 1, tzinfo=UTC))
LONGEST: Final[Mapping[str, int]] = {"id": 100, "visitor": LONGEST_ID, "item": 200, "type": 64}
LONGEST_PROPERTIES: Final = 4096
Document = Mapping[str, Any]  # JSON, as it was sent


class Row(NamedTuple):
    """One event, checked. `at` in microseconds, `value` in minor units of `currency`."""

    place: int  # in the batch
    id: str
    type: str
    visitor: str
    at: int
    item: str | None
    value: int | None
    currency: str | None
    exposure: str | None
    properties: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why the row at this place of the batch was not taken."""

    index: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site takes: its event types and its currency; `now` in microseconds."""

    types: frozenset[str]
    currency: str
    now: int


class Rejected(Exception):
    """This row cannot be taken."""

    def __init__(self, code: str, detail: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def check_row(index: int, sent: object, rules: Rules) -> Row | Rejection:
    """Type one row, or say what is wrong with it."""
    try:
        return _checked(index, sent, rules)
    except Rejected as why:
        return Rejection(index, why.code, str(why.detail))


def _checked(index: int, sent: object, rules: Rules) -> Row:
    if not isinstance(sent, dict):
        raise Rejected("type", _("An event is an object."))
    if not sent.keys() <= FIELDS:
        raise Rejected("unknown_field", _("An event has only: %s.") % ", ".join(sorted(FIELDS)))
    kind = _text(sent, "type")
    if kind not in rules.types:
        raise Rejected("unknown_type", _("The site knows no such event type; declare it first."))
    currency = _currency(sent)
    return Row(
        index,
        _text(sent, "id"),
        kind,
        _text(sent, "visitor"),
        _at(sent, rules.now),
        _text(sent, "item") if sent.get("item") is not None else None,
        _value(sent, kind, currency or rules.currency),
        currency,
        _exposure(sent, kind),
        _properties(sent),
    )


def _text(sent: Document, name: str) -> str:
    value = sent.get(name)
    if value.__class__ is str and 0 < len(value) <= LONGEST[name] and _is_storable(value):
        return str(value)
    if value is None:
        raise Rejected("required", _("“%s” is missing.") % name)
    if not isinstance(value, str):
        raise Rejected("type", _("“%s” must be a text.") % name)
    if UNSTORABLE.search(value):
        raise Rejected("text", _("“%s” holds NUL or a lone surrogate.") % name)
    raise Rejected(
        "length",
        _("“%(name)s” has 1 to %(most)d characters.") % {"name": name, "most": LONGEST[name]},
    )


def _is_storable(value: str) -> bool:
    """Most texts are plain, and a plain one is seen through faster than searched."""
    return ("\0" not in value) if value.isascii() else not UNSTORABLE.search(value)


def _at(sent: Document, now: int) -> int:
    value = sent.get("at")
    if value is None:
        raise Rejected("required", _("“at” is missing."))
    if not isinstance(value, str):
        raise Rejected("at", _("Write “at” as 2026-11-23T12:00:00Z."))
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Rejected("at", _("Write “at” as 2026-11-23T12:00:00Z.")) from None
    at = to_us(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if not EARLIEST <= at <= now + DAY:
        raise Rejected("at", _("“at” lies before the year 2000 or more than a day ahead."))
    return at


def _value(sent: Document, kind: str, currency: str) -> int | None:
    value = sent.get("value")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - NaN
        raise Rejected("value", _("“value” is a number, in major units: 12.34."))
    if abs(value) > MOST or abs(minor := to_minor(value, currency)) > MOST:
        raise Rejected("value", _("“value” is too large."))
    if minor < 0 and kind == "purchase":
        raise Rejected("value", _("A purchase is not negative; send another type for returns."))
    return minor


def _currency(sent: Document) -> str | None:
    value = sent.get("currency")
    if value is None:
        return None
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isupper():
        return value
    raise Rejected("currency", _("“currency” is three capital letters, as EUR."))


def _exposure(sent: Document, kind: str) -> str | None:
    value = sent.get("exposure")
    if value is None and kind != "exposure":
        return None
    if isinstance(value, str) and value:
        return value
    raise Rejected("exposure", _("Send the token that the page got as “exposure”."))


def _properties(sent: Document) -> str:
    value = sent.get("properties")
    if value is None:
        return ""
    if not isinstance(value, dict):
        raise Rejected("properties", _("“properties” is an object."))
    try:
        written = orjson.dumps(value).decode()
    except (TypeError, RecursionError):
        raise Rejected("properties", _("“properties” holds what JSON cannot.")) from None
    if len(written) > LONGEST_PROPERTIES:
        raise Rejected("length", _("“properties” is longer than 4096 characters."))
    if "\\u0000" in written or "null" in written:  # perhaps a NUL; perhaps what was not a number
        _refuse_hidden(value)
    return "" if written == "{}" else written


def _refuse_hidden(value: object) -> None:
    """Refuse what orjson writes although JSON, or a database, has no place for it."""
    if isinstance(value, str) and UNSTORABLE.search(value):
        raise Rejected("text", _("“%s” holds NUL or a lone surrogate.") % "properties")
    if isinstance(value, float) and not isfinite(value):
        raise Rejected("properties", _("“properties” holds what JSON cannot."))
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_hidden(name)
            _refuse_hidden(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_hidden(inner)
