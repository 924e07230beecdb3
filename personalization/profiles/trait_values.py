"""In: a value as it was sent for a declared trait. Out: the value, typed; or what is wrong with it.

A list has at most 100 elements; a text at most 1,000 characters.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from django.utils.translation import gettext as _

from personalization.exceptions import FieldError
from personalization.profiles.ids import UNSTORABLE
from rules.fields import Field
from rules.values import version_key

LONGEST_TEXT: Final = 1000
LONGEST_LIST: Final = 100
LARGEST: Final = 2**53


class Unfit(Exception):
    """The value does not fit its declaration."""

    def __init__(self, path: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.error = FieldError(path, code, detail)


def typed(value: object, declared: Field, path: str) -> object:
    """The value as conditions read it, or `Unfit`."""
    if declared.type != "list":
        return _plain(value, declared, path)
    if not isinstance(value, list | tuple) or len(value) > LONGEST_LIST:
        raise Unfit(path, "type", _("Send a list of at most 100 elements."))
    return tuple(_element(each, declared, f"{path}.{place}") for place, each in enumerate(value))


def _element(value: object, declared: Field, path: str) -> object:
    if isinstance(declared.of, str):
        return _READERS[declared.of](value, path)
    if not isinstance(value, Mapping) or declared.of is None:
        raise Unfit(path, "type", _("Each element is an object."))
    for name in value:
        if name not in declared.of:
            raise Unfit(f"{path}.{name}", "unknown_field", _("This member is not declared."))
    return {
        name: _plain(member, declared.of[name], f"{path}.{name}")
        for name, member in value.items()
        if member is not None
    }


def _plain(value: object, declared: Field, path: str) -> object:
    read = _READERS[declared.type](value, path)
    choices = [choice for choice, _label in declared.choices]
    if choices and read not in choices:
        raise Unfit(path, "choice", _("Choose one of: %s.") % ", ".join(map(str, choices)))
    return read


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise Unfit(path, "type", _("Send a text."))
    if len(value) > LONGEST_TEXT or UNSTORABLE.search(value):
        raise Unfit(path, "text", _("At most 1000 characters, without NUL or lone surrogates."))
    return value


def _version(value: object, path: str) -> str:
    text = _text(value, path)
    if version_key(text) is None:
        raise Unfit(path, "version", _("Write a version as 1.2.3 or 2.0.0-beta."))
    return text


def _number(value: object, path: str) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(path, "type", _("Send a number."))
    if not -LARGEST <= value <= LARGEST:
        raise Unfit(path, "number", _("Send a finite number within ±2^53."))
    return value


def _boolean(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise Unfit(path, "type", _("Send true or false."))
    return value


def _moment(value: object, path: str) -> datetime:
    if isinstance(value, datetime):
        moment = value
    else:
        try:
            moment = datetime.fromisoformat(_text(value, path))
        except ValueError:
            raise Unfit(path, "datetime", _("Write a time as 2026-11-23T12:00:00Z.")) from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1 < aware.year < 9999:
        raise Unfit(path, "datetime", _("Years run from 2 to 9998."))
    return aware.astimezone(UTC)


_READERS: Final[Mapping[str, Callable[[object, str], object]]] = {
    "string": _text,
    "version": _version,
    "number": _number,
    "boolean": _boolean,
    "datetime": _moment,
}
