"""Facts as they are met: a value of another type than the catalogue says is unknown."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from rules.values import version_key


def clean_text(value: object) -> str | None:
    return value if type(value) is str else None


def clean_number(value: object) -> float | None:
    """An int or a finite float; True is no number."""
    if type(value) is int or (type(value) is float and value - value == 0.0):
        return value
    return None


def clean_boolean(value: object) -> bool | None:
    return value if type(value) is bool else None


def clean_datetime(value: object) -> datetime | None:
    return value if isinstance(value, datetime) and value.utcoffset() is not None else None


def clean_version(value: object) -> str | None:
    """The version's sortable key."""
    return version_key(value) if type(value) is str else None


def clean_list_of(kind: str) -> Callable[[object], list[Any] | None]:
    """Elements of one type, in the form that is compared; others are as if they were not there."""
    clean = PLAIN[kind]

    def clean_list(value: object) -> list[Any] | None:
        if not isinstance(value, list | tuple):
            return None
        return [each for each in map(clean, value) if each is not None]

    return clean_list


def clean_elements(value: object) -> list[Mapping[str, object]] | None:
    """Elements as mappings; a plain one is the field `value`, another one has no fields."""
    if not isinstance(value, list | tuple):
        return None
    for each in value:
        if type(each) is not dict:  # a mapping as well, but to learn that takes long
            return [each if isinstance(each, Mapping) else {"value": each} for each in value]
    return list(value)


PLAIN: Final[dict[str, Callable[[object], Any]]] = {  # each answers in its own type
    "string": clean_text,
    "number": clean_number,
    "boolean": clean_boolean,
    "datetime": clean_datetime,
    "version": clean_version,
}
CLEANERS: Final[dict[str, Callable[[object], Any]]] = {  # likewise
    **PLAIN,
    **{f"list of {kind}": clean_list_of(kind) for kind in PLAIN},
    "list of objects": clean_elements,
    "elements": clean_elements,
}
