"""Conditions that nobody can ever meet, found by reasoning and without a visitor.

In:  a condition and the segments that it may name.
Out: the parts that exclude each other, in words; "" where nothing was found. What is found is
     certain; not everything that is impossible is found.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from rules import Condition
from rules import compile as compile_conditions
from rules.conditions import Group, Node, SegmentTest, Test
from rules.describe import describe_node
from rules.operators import OPERATORS

Segments = Mapping[str, Condition]
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)  # nothing that is asked here depends on it
COMPARED: Final = {"equal", "less", "more", "atMost", "atLeast", "in", "between", "unknown"}
STEPS: Final[Mapping[str, timedelta | float]] = {"number": 1.0, "datetime": timedelta(days=1)}


def contradiction(
    condition: Condition, segments: Segments, labels: Mapping[str, str] | None = None
) -> str:
    found = _impossible(condition, segments, frozenset())
    return " – ".join(describe_node(node, labels) for node in found or ())


Parts = Sequence[Node] | None  # None: nothing found


def _impossible(node: Node, segments: Segments, open_keys: frozenset[str]) -> Parts:
    if isinstance(node, SegmentTest):
        return _impossible_segment(node, segments, open_keys)
    if not isinstance(node, Group):
        return None
    if node.negated:
        return [node] if not node.rules else None
    if node.combinator == "or" and len(node.rules) > 1:
        return _if_all(_impossible(each, segments, open_keys) for each in node.rules)
    return _impossible_together(node, segments, open_keys)


def _impossible_segment(node: SegmentTest, segments: Segments, open_keys: frozenset[str]) -> Parts:
    known = [key for key in node.keys if key in segments and key not in open_keys]
    if node.negated or len(known) < len(node.keys):
        return None
    found = _if_all(_impossible(segments[key], segments, open_keys | {key}) for key in known)
    return [node] if found else None


def _if_all(found: Iterable[Parts]) -> Parts:
    parts: list[Node] = []
    for each in found:
        if each is None:
            return None
        parts.extend(each)
    return parts


def _impossible_together(group: Group, segments: Segments, open_keys: frozenset[str]) -> Parts:
    """All of these must hold at once."""
    tests: dict[str, list[Test]] = defaultdict(list)
    for node in _all_of(group, segments, open_keys):
        if isinstance(node, Test):
            tests[node.field].append(node)
        elif found := _impossible(node, segments, open_keys):
            return found
    for of_field in tests.values():
        if _exclude_each_other(of_field):
            return of_field
    return None


def _all_of(group: Group, segments: Segments, open_keys: frozenset[str]) -> Iterator[Node]:
    """The parts of nested "and" groups and of single segments, flat."""
    for node in group.rules:
        if isinstance(node, Group) and not node.negated and _is_and(node):
            yield from _all_of(node, segments, open_keys)
        elif isinstance(node, SegmentTest) and _is_open(node, segments, open_keys):
            key = node.keys[0]
            inner = Group("and", (segments[key],))
            yield from _all_of(inner, segments, open_keys | {key})
        else:
            yield node


def _is_and(group: Group) -> bool:
    return group.combinator == "and" or len(group.rules) <= 1


def _is_open(node: SegmentTest, segments: Segments, open_keys: frozenset[str]) -> bool:
    return (
        not node.negated
        and len(node.keys) == 1
        and node.keys[0] in segments
        and node.keys[0] not in open_keys
    )


def _exclude_each_other(tests: Sequence[Test]) -> bool:
    """Is there no value of the one field that satisfies all tests?"""
    kind = tests[0].type
    exact = [t for t in tests if OPERATORS[t.operator].base in ("equal", "in") and not _turned(t)]
    if exact:
        values: list[object] = list(exact[0].values)
    elif kind in ("list", "version"):
        return False
    else:
        tests = [test for test in tests if OPERATORS[test.operator].base in COMPARED]
        values = list(_candidates(kind, tests))
    if len(tests) < 2:
        return False
    field = tests[0].field
    matcher = compile_conditions({"all": Group("and", tuple(tests))})
    given = [{field: value} for value in values]
    return not any(matcher(facts, NOW) for facts in [*given, {}])


def _turned(test: Test) -> bool:
    return OPERATORS[test.operator].negated


def _candidates(kind: str, tests: Sequence[Test]) -> Iterator[object]:
    """One value of every stretch that the tests' own values can tell apart."""
    if kind == "boolean":
        yield from (True, False)
        return
    values: list[Any] = sorted({value for test in tests for value in test.values})
    yield from values
    if kind == "string":
        yield from ("", *(f"{value}\0" for value in values))
    elif values:
        yield from _around(values, STEPS[kind])


def _around(values: Sequence[Any], step: Any) -> Iterator[object]:  # numbers, or datetimes
    for low, high in pairwise(values):
        yield low + (high - low) / 2
    for edge, away in ((values[0], -step), (values[-1], step)):
        try:
            yield edge + away
        except OverflowError:  # the calendar ends there
            continue
