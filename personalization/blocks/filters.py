"""What a placeholder may do with its value: the whole list, `docs/templates.md` explains each.

Every filter is total (a value of another type passes through or becomes empty) and makes at most
as much text as `limits.TEXT` allows.
"""

import datetime
import math
from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context, Undefined

from personalization.blocks import wording
from personalization.blocks.limits import bounded

Value = Any  # JSON values, dates, our own texts, or undefined
LONGEST_DATE_PATTERN = 30


class Price(int):
    """Minor units that know their currency."""

    currency: str

    def __new__(cls, minor: int, currency: str) -> "Price":
        made = super().__new__(cls, minor)
        made.currency = currency
        return made


def default(value: Value, otherwise: Value = "", boolean: bool = True) -> Value:
    """Another value where this one is unknown or empty."""
    missing = isinstance(value, Undefined) or value is None or (boolean and value == "")
    return otherwise if missing else value


@pass_context
def money(context: Context, value: Value, currency: str | None = None) -> Value:
    """An amount in minor units, as the page's language writes it."""
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    site = context.parent.get("site", {})
    own = value.currency if isinstance(value, Price) else ""
    return wording.money(value, currency or own or site.get("currency", ""), _locale(context))


@pass_context
def date(context: Context, value: Value, pattern: str = "DATE_FORMAT") -> Value:
    """A date in the page's language; a pattern is Django's, such as `j F Y`."""
    if isinstance(value, str):
        value = _read_date(value)
    if not isinstance(value, datetime.date):
        return ""
    zone = context.parent.get("site", {}).get("zone", "UTC")
    try:
        return wording.day(value, _locale(context), zone, pattern[:LONGEST_DATE_PATTERN])
    except OverflowError:  # the first or last day of all, moved to another zone
        return ""


@pass_context
def number(context: Context, value: Value, places: int | None = None) -> Value:
    """A number with the language's separators."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return ""
    shown = None if places is None else max(0, min(int(places), 10))
    return wording.number(value, _locale(context), shown)


def upper(value: Value) -> Value:
    return _text(value).upper()


def lower(value: Value) -> Value:
    return _text(value).lower()


def title(value: Value) -> Value:
    return " ".join(word[:1].upper() + word[1:].lower() for word in _text(value).split(" "))


def capitalize(value: Value) -> Value:
    return _text(value).capitalize()


def trim(value: Value) -> Value:
    return _text(value).strip()


def truncate(value: Value, length: int = 80, end: str = "…") -> Value:
    """At most so many characters, cut at a word where there is one."""
    text = _text(value)
    length = max(1, int(length))
    if len(text) <= length:
        return text
    cut = text[: max(0, length - len(end))]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip() + end


def join(value: Value, separator: str = ", ") -> Value:
    """A list as one text."""
    if not isinstance(value, list | tuple):
        return _text(value)
    return bounded(str(separator).join(_text(each) for each in value))


def first(value: Value) -> Value:
    return value[0] if isinstance(value, list | tuple | str) and value else ""


def last(value: Value) -> Value:
    return value[-1] if isinstance(value, list | tuple | str) and value else ""


def length(value: Value) -> Value:
    return len(value) if isinstance(value, list | tuple | str | dict) else 0


def round_(value: Value, places: int = 0) -> Value:
    if not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    rounded = round(value, max(0, min(int(places), 10)))
    return int(rounded) if places == 0 else rounded


def plural(value: Value, one: str = "", many: str = "s") -> Value:
    """`1 item`, `2 item{{ n | plural }}`: the first ending for exactly one."""
    return one if value == 1 else many


def _text(value: Value) -> str:
    """Plain text of a value; what was safe as HTML is not safe once it was changed."""
    if isinstance(value, Undefined) or value is None:
        return ""
    return bounded(str(value))


def _locale(context: Context) -> str:
    return str(context.parent.get("site", {}).get("locale", "en"))


def _read_date(value: str) -> datetime.date | None:
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return None


FILTERS: dict[str, Callable[..., Value]] = {
    "capitalize": capitalize,
    "date": date,
    "default": default,
    "first": first,
    "join": join,
    "last": last,
    "length": length,
    "lower": lower,
    "money": money,
    "number": number,
    "plural": plural,
    "round": round_,
    "title": title,
    "trim": trim,
    "truncate": truncate,
    "upper": upper,
}

TESTS: dict[str, Callable[..., bool]] = {
    "defined": lambda value: not isinstance(value, Undefined),
    "divisibleby": lambda value, by: isinstance(value, int) and bool(by) and value % by == 0,
    "even": lambda value: isinstance(value, int) and value % 2 == 0,
    "none": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "odd": lambda value: isinstance(value, int) and value % 2 == 1,
    "string": lambda value: isinstance(value, str),
    "undefined": lambda value: isinstance(value, Undefined),
}
