"""The alternatives of an audience, where each is found by an index that begins with what it asks.

PostgreSQL reads all visitors for an "or" of two columns, but for each column alone only those who
match. SQLite has one index for all placed columns, and reads it from end to end as fast.

In:  a condition, the segments that it names, and the columns of its fields.
Out: parts that together hold for whom it holds, first those that are known of everybody, since
     their negation is a stretch of an index too; itself alone, where parts would not help.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from rules import Condition, RowColumn
from rules.conditions import Group, Node, SegmentTest, Test
from rules.operators import OPERATORS
from rules.segments import Conditions, mentions
from rules.sql_columns import Columns

MOST: Final = 4
_LEADING: Final = frozenset({"p.last_seen", "p.visits", "p.frequency"})
_NEVER_NULL: Final = frozenset({"p.visits", "p.frequency"})
_STRETCHES: Final = frozenset(  # of an index
    {"equal", "in", "less", "atMost", "more", "atLeast", "between", "within", "older"}
)


class Part(NamedTuple):
    """`is_known`: true or false of everybody, so that whom it does not hold for fulfil its
    negation."""

    condition: Condition
    is_known: bool = False


def alternatives(condition: Condition, segments: Conditions, columns: Columns) -> list[Part]:
    reader = _Reader(columns)
    for key in mentions(condition, segments):
        reader.take(key, segments[key])
    found = sorted(reader.parts(condition), key=lambda each: not reader.is_known(each))
    is_fit = all(reader.is_led(each) and reader.is_of_a_row(each) for each in found)
    if 1 < len(found) <= MOST and is_fit:
        return [Part(Group("and", (each,)), reader.is_known(each)) for each in found]
    return [Part(condition)]


class _Segment(NamedTuple):
    parts: list[Node]
    is_led: bool
    is_known: bool
    is_of_a_row: bool


class _Reader:
    """What is asked of each segment once, however often others name it."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.of_segment: dict[str, _Segment] = {}

    def take(self, key: str, segment: Condition) -> None:
        """Once all that it names were taken."""
        self.of_segment[key] = _Segment(
            self.parts(segment),
            self.is_led(segment),
            self.is_known(segment),
            self.is_of_a_row(segment),
        )

    def parts(self, node: Node) -> list[Node]:
        match node:
            case Group(combinator, rules, negated=False) if combinator == "or" or len(rules) == 1:
                return self._joined(node, (self.parts(each) for each in rules))
            case SegmentTest(keys, negated=False):
                return self._joined(node, (self.of_segment[key].parts for key in keys))
        return [node]

    def _joined(self, node: Node, inner: Iterable[list[Node]]) -> list[Node]:
        """Too many stay together, and so does an empty group, which holds for everybody."""
        found: list[Node] = []
        for parts in inner:
            found += parts
            if len(found) > MOST:
                return [node]
        return found or [node]

    def is_led(self, node: Node) -> bool:
        """Some column that an index begins with narrows it to one stretch, or a few."""
        match node:
            case Test():
                return self._is_stretch(node)
            case Group(combinator, rules, negated=False):
                is_all = combinator == "and" or len(rules) == 1
                return is_all and any(map(self.is_led, rules))
            case SegmentTest((key,), negated=False):
                return self.of_segment[key].is_led
        return False

    def _is_stretch(self, test: Test) -> bool:
        operator, column = OPERATORS[test.operator], self.columns.get(test.field)
        if operator.negated or operator.base not in _STRETCHES:
            return False
        if isinstance(column, RowColumn):
            return column.says(test)
        return isinstance(column, str) and column in _LEADING

    def is_of_a_row(self, node: Node) -> bool:
        """It asks for nothing that must be looked up elsewhere, so its negation is quick too."""
        match node:
            case Test():
                column = self.columns.get(node.field)
                is_placed = isinstance(column, RowColumn) and column.says(node)
                return is_placed or isinstance(column, str | None)
            case Group(_, rules):
                return all(map(self.is_of_a_row, rules))
            case SegmentTest(keys):
                return all(self.of_segment[key].is_of_a_row for key in keys)
        return False

    def is_known(self, node: Node) -> bool:
        match node:
            case Test():
                column = self.columns.get(node.field)
                return isinstance(column, str) and column in _NEVER_NULL
            case Group(_, rules):
                return all(map(self.is_known, rules))
            case SegmentTest(keys):
                return all(self.of_segment[key].is_known for key in keys)
        return False
