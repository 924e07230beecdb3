"""The alternatives of an audience, where each is found by an index that begins with what it asks.

PostgreSQL reads all visitors for an "or" of two columns, but for each column alone only those who
match. SQLite has one index for all placed columns, and reads it from end to end as fast.

In:  a condition, the segments that it names, and the columns of its fields.
Out: conditions that together hold for whom it holds, first those that `is_always_known`, whose
     negation is a stretch of an index too; itself alone, where they would not help.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from personalization.targeting.columns import Column
from rules import Condition, RowColumn
from rules.conditions import Group, Node, SegmentTest, Test
from rules.operators import OPERATORS

MOST: Final = 4
_LEADING: Final = frozenset({"p.last_seen", "p.visits", "p.frequency"})
_NEVER_NULL: Final = frozenset({"p.visits", "p.frequency"})
_STRETCHES: Final = frozenset(  # of an index
    {"equal", "in", "less", "atMost", "more", "atLeast", "between", "within", "older"}
)
Segments = Mapping[str, Condition]
Columns = Mapping[str, Column]


def alternatives(condition: Condition, segments: Segments, columns: Columns) -> Sequence[Condition]:
    found = list(_alternatives(condition, segments))
    found.sort(key=lambda each: not is_always_known(each, segments, columns))
    if 1 < len(found) <= MOST and all(_is_led(each, segments, columns) for each in found):
        return [Group("and", (each,)) for each in found]
    return [condition]


def _alternatives(node: Node, segments: Segments) -> Iterator[Node]:
    match node:
        case Group(combinator, rules, negated=False) if combinator == "or" or len(rules) == 1:
            inner: Sequence[Node] = rules
        case SegmentTest(keys, negated=False):
            inner = [segments[key] for key in keys]
        case _:
            yield node
            return
    for each in inner:
        yield from _alternatives(each, segments)


def _is_led(node: Node, segments: Segments, columns: Columns) -> bool:
    """Some column that an index begins with narrows it to one stretch, or a few."""
    match node:
        case Test():
            operator, column = OPERATORS[node.operator], columns.get(node.field)
            if operator.negated or operator.base not in _STRETCHES:
                return False
            if isinstance(column, RowColumn):
                return column.says(node)
            return isinstance(column, str) and column in _LEADING
        case Group(_, rules, negated=False):
            is_or = node.combinator == "or" and len(rules) > 1
            return not is_or and any(_is_led(each, segments, columns) for each in rules)
        case SegmentTest((key,), negated=False):
            return _is_led(segments[key], segments, columns)
    return False


def is_always_known(node: Node, segments: Segments, columns: Columns) -> bool:
    """True or false of every visitor, so that whom it does not hold for fulfil its negation."""
    match node:
        case Test():
            column = columns.get(node.field)
            return isinstance(column, str) and column in _NEVER_NULL
        case Group(_, rules):
            return all(is_always_known(each, segments, columns) for each in rules)
        case SegmentTest(keys):
            return all(is_always_known(segments[key], segments, columns) for key in keys)
    return False
