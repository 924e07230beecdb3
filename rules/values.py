"""Values in conditions and in facts: read strictly where written, recognised totally where met.

Times are aware datetimes, durations whole microseconds, versions texts with a sortable key.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite
from struct import pack, unpack
from typing import Final

from rules.invalid import Invalid
from rules.words import _

Value = str | float | bool | datetime  # an int is a float to the type checker

LARGEST_INTEGER: Final = 2**53
LONGEST_TEXT: Final = 10_000
_UNITS: Final = {
    "w": 604_800_000_000,
    "d": 86_400_000_000,
    "h": 3_600_000_000,
    "m": 60_000_000,
    "s": 1_000_000,
}
_LONGEST: Final = 36_500 * _UNITS["d"]
_DURATION: Final = re.compile(r"([0-9]{1,9})([wdhms])", re.ASCII)
_VERSION: Final = re.compile(
    r"v?([0-9]{1,10}(?:\.[0-9]{1,10}){0,5})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+[0-9A-Za-z.-]+)?",
    re.ASCII,
)
_PARTS: Final = 6
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read_value(kind: str, value: object, path: str) -> Value:
    """A value of this type; texts that spell one are converted. Anything else is `Invalid`."""
    return _READERS[kind](value, path)


def print_value(value: Value) -> str | float | bool:
    return value.isoformat() if isinstance(value, datetime) else value


def read_duration(value: object, path: str) -> int:
    """ "7d", "12h": microseconds; a day is 24 hours."""
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise Invalid(path, _("Write a duration such as 7d, 12h or 30m."))
    length = int(found[1]) * _UNITS[found[2]]
    if not 0 < length <= _LONGEST:
        raise Invalid(path, _("Write a duration between one second and a hundred years."))
    return length


def print_duration(microseconds: int) -> str:
    for unit in ("d", "h", "m"):
        if microseconds % _UNITS[unit] == 0:
            return f"{microseconds // _UNITS[unit]}{unit}"
    return f"{microseconds // _UNITS['s']}s"


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, UTC; exact."""
    passed = moment - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


@lru_cache(maxsize=4096)
def version_key(text: str) -> str | None:
    """A text that sorts by code point as the version does; None where it is no version.

    Up to six numbers, missing ones are 0; a pre-release comes before its release, and its parts
    compare as in Semantic Versioning 2.0.0, item 11. Build metadata does not count.
    """
    found = _VERSION.fullmatch(text.strip()) if len(text) <= 200 else None
    if found is None:
        return None
    numbers = [int(part) for part in found[1].split(".")]
    numbers += [0] * (_PARTS - len(numbers))
    head = ".".join(f"{number:010d}" for number in numbers)
    return f"{head}-{_prerelease_key(found[2])}" if found[2] else f"{head}~"


def number_key(number: float) -> int:
    """A whole number of 64 bits that sorts as the number does, the same for the same number.

    The bits of an IEEE 754 double sort like that already, except that those of negative numbers
    run backwards; so theirs are turned, all but the sign.
    """
    (bits,) = unpack(">q", pack(">d", float(number) + 0.0))  # -0.0 becomes 0.0
    return int(bits if bits >= 0 else bits ^ 0x7FFF_FFFF_FFFF_FFFF)


def _prerelease_key(text: str) -> str:
    parts = text.split(".")
    return " ".join(f"0{part:0>50}" if part.isdigit() else f"1{part}" for part in parts)


def _read_text(value: object, path: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(path, _("Write a text."))
    text = value if isinstance(value, str) else str(_read_number(value, path))
    if len(text) > LONGEST_TEXT:
        raise Invalid(path, _("Write at most %(most)s characters."), most=LONGEST_TEXT)
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid(path, _("The text holds a character that cannot be stored; type it again."))
    return text


def _read_number(value: object, path: str) -> float:
    if isinstance(value, str) and len(value) <= 60:
        value = _spelled_number(value.strip(), path)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(path, _("Write a number."))
    if isinstance(value, float) and not isfinite(value):
        raise Invalid(path, _("Write a finite number."))
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise Invalid(path, _("Whole numbers go up to 2^53; write a smaller one."))
    return value


def _spelled_number(text: str, path: str) -> float:
    if "_" in text or not text.isascii():
        raise Invalid(path, _("Write a number."))
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    raise Invalid(path, _("Write a number."))


def _read_boolean(value: object, path: str) -> bool:
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.strip().lower())
    if not isinstance(value, bool):
        raise Invalid(path, _("Write true or false."))
    return value


def _read_datetime(value: object, path: str) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            value = None
    if not isinstance(value, datetime):
        raise Invalid(path, _("Write a time such as 2026-03-02T09:00:00Z."))
    try:
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise Invalid(path, _("Write a time between the years 1 and 9999.")) from None


def _read_version(value: object, path: str) -> str:
    text = _read_text(value, path).strip()
    if version_key(text) is None:
        raise Invalid(path, _("Write a version such as 2.10.1 or 3.0-beta."))
    return text


_READERS: Final[dict[str, Callable[[object, str], Value]]] = {
    "string": _read_text,
    "number": _read_number,
    "boolean": _read_boolean,
    "datetime": _read_datetime,
    "version": _read_version,
}
