"""The values that a test compares with, read by the type of its field and what its operator asks.

In:  what a document says, such as "de, at" or [1, 5].
Out: the values, converted and checked; `Invalid` names what is wrong, and the remedy.
"""

from typing import Any

from rules.fields import Field
from rules.invalid import Invalid, at
from rules.operators import Operator
from rules.values import Value, read_duration, read_value, version_key
from rules.words import _


def read_values(field: Field, operator: Operator, value: object, path: str) -> tuple[Value, ...]:
    shape = operator.shape
    kind = str(field.of) if field.type == "list" else field.type
    if shape == "none":
        return ()
    if shape == "duration":
        return (read_duration(value, path),)
    if field.type == "list" and not isinstance(field.of, str):
        raise Invalid(path, _("Elements of “%(name)s” are objects; use “match”."), name=field.name)
    if operator.base == "matches":
        return (read_value("string", value, path),)
    if shape == "one":
        return (read_value(kind, value, path),)
    parts = separated(value)
    if not isinstance(parts, list | tuple):
        raise Invalid(path, _("Write a list of values."))
    values = tuple(read_value(kind, each, at(path, str(index))) for index, each in enumerate(parts))
    if shape == "two":
        if len(values) != 2:
            raise Invalid(path, _("Write two values: from and to."))
        return tuple(sorted(values, key=_order(kind)))
    if not values:
        raise Invalid(path, _("Write at least one value."))
    return values


def separated(value: object) -> object:
    """The parts of a text that are separated by commas, blank ones left out."""
    if not isinstance(value, str):
        return value
    return [part for part in map(str.strip, value.split(",")) if part]


def _order(kind: str) -> Any:  # a sort key over values of one type
    return version_key if kind == "version" else lambda value: value
