"""Where the fields of a condition stand in tables, and how values are stored there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rules.conditions import Comparison, Test
from rules.operators import OPERATORS
from rules.values import Value, microseconds, number_key, version_key

_CUT: Final = ("string", "version")  # types whose placed values may be cut
_CODED: Final = ("number", "boolean")  # and those that may be written as whole numbers
_TOLD_BY_FIRST_LETTERS: Final = frozenset(
    {"equal", "in", "less", "atMost", "more", "atLeast", "between", "begins", "unknown"}
)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """Where the elements of a list stand; `{e}` is the alias of one element.

    `source` follows FROM: a table with its alias, then the WHERE that ties the rows to the
    visitor. `known` is true where the visitor has a list at all, be it empty.

    `everybody`: the same rows of all visitors, if they can be found by their time; `owner` is the
    row's visitor, `visitor` theirs in the query.
    """

    source: str
    columns: Mapping[str, str]
    known: str = "TRUE"
    everybody: str = ""
    owner: str = ""
    visitor: str = ""


@dataclass(frozen=True, slots=True)
class RowColumn:
    """A value in a row of its own, in a table where the rows of an answer are found at once.

    `source` as of a list, but for all visitors; `owner` is the row's visitor, `visitor` theirs in
    the query. `value` is the row's, `plain` the same as one expression over a visitor: unknown
    where there is no row, or where `permitted` does not hold. Texts of at most `longest` characters
    are found by an index; `brief` says of a row that its text is one of those that are indexed.

    `placed`: the same as a column of the row that is counted, if it has one; texts are cut there
    after `longest` characters and one more, numbers and booleans written as `code_of` has them.
    """

    source: str
    owner: str
    visitor: str
    value: str
    permitted: str = "TRUE"
    brief: str = "TRUE"
    longest: int = 0
    placed: str = ""

    @property
    def plain(self) -> str:
        return self._permitted(self._looked_up)

    @property
    def plainly_placed(self) -> str:
        return self._permitted(self.placed)

    def says(self, asked: Test | Comparison) -> bool:
        """The row that is counted answers it. Of two texts the first letters tell which is less,
        and whether one begins with the other, where either has no more than these."""
        if not self.placed or asked.type not in _CUT:
            return bool(self.placed)
        if isinstance(asked, Comparison) or base_of(asked) not in _TOLD_BY_FIRST_LETTERS:
            return False
        values = (str(stored(asked.type, value)) for value in asked.values)
        return all(len(value) <= self.longest for value in values)

    @property
    def _looked_up(self) -> str:
        row = f"{of(self.source, 't')} AND {of(self.owner, 't')} = {self.visitor}"
        return f"(SELECT {of(self.value, 't')} FROM {row})"  # noqa: S608 - our own text

    def _permitted(self, value: str) -> str:
        return (
            value if self.permitted == "TRUE" else f"(CASE WHEN {self.permitted} THEN {value} END)"
        )


Columns = Mapping[str, "str | ListColumn | RowColumn"]
Spelling = Callable[[str, Value], Any]  # a value of this type, as drivers take it


def compared(mine: str | RowColumn, other: str | RowColumn, node: Comparison) -> tuple[str, str]:
    """Both as one expression over a visitor; codes stand beside codes alone."""
    are_placed = [isinstance(each, RowColumn) and each.says(node) for each in (mine, other)]
    is_fit = node.type not in _CODED or all(are_placed)
    said = (
        each if isinstance(each, str) else each.plainly_placed if placed and is_fit else each.plain
        for each, placed in zip((mine, other), are_placed, strict=True)
    )
    return next(said), next(said)


def base_of(test: Test) -> str:
    return OPERATORS[test.operator].base


def of(text: str, alias: str) -> str:
    """The text of a column, of the row with this alias."""
    return text.replace("{e}", alias)


def stored(kind: str, value: Value) -> Any:  # as drivers take it
    if isinstance(value, datetime):
        return microseconds(value)
    if kind.endswith("version"):
        return version_key(str(value))
    return value


def code_of(kind: str, value: Value) -> Any:  # likewise
    """As `placed` columns hold it: whole numbers are the smallest in an index, since PostgreSQL
    keeps equal ones once, and unlike texts they stand in the order of numbers."""
    if kind in _CODED and isinstance(value, int | float):
        return number_key(value)
    return stored(kind, value)
