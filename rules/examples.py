"""Somebody who meets a condition, invented.

In:  a condition, the segments that it may name, an instant.
Out: facts for which the condition holds then; None where none were found. What is found is certain
     (it is put to the compiled condition); not everybody who could exist is found.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from math import ceil
from typing import Any, Final

from rules.compiler import compile as compile_conditions
from rules.conditions import Comparison, Condition, Group, Match, Node, SegmentTest, Sequence, Test
from rules.operators import OPERATORS
from rules.values import Value

MOST_WAYS: Final = 40  # ways to meet a condition that are tried
MOST_ELEMENTS: Final = 60
DAY: Final = timedelta(days=1)
Segments = Mapping[str, Condition]
Facts = dict[str, Any]  # values of many types
Wish = tuple[Node, bool]  # a node, and whether it should hold or not
ABSENT: Final = object()
ASKED: Final = "the condition itself"  # no segment's key has blanks
SEEDS: Final[Mapping[str, Value]] = {"string": "a", "number": 1, "boolean": True, "version": "1.0"}


def example(condition: Condition, segments: Segments, now: datetime) -> Facts | None:
    return _example(condition, segments, now, dict)


def _example(condition: Condition, segments: Segments, now: datetime, start: Any) -> Facts | None:
    """`start` gives the facts that stand before any wish; of an element of a list, its own."""
    matcher = compile_conditions({**segments, ASKED: condition})
    for wishes in islice(_ways(condition, True, segments, frozenset()), MOST_WAYS):
        facts = _granted(wishes, now, start())
        if facts is not None and ASKED in matcher(facts, now):
            return facts
    return None


def _ways(
    node: Node, holds: bool, segments: Segments, open_keys: frozenset[str]
) -> Iterator[tuple[Wish, ...]]:
    """Sets of simple wishes, each of which is one way to meet the node."""
    if isinstance(node, SegmentTest):
        wanted = holds is not node.negated
        named = [segments[key] for key in node.keys if key in segments and key not in open_keys]
        inner = Group("or", tuple(named))
        yield from _ways(inner, wanted, segments, open_keys | set(node.keys))
    elif isinstance(node, Group):
        wanted = holds is not node.negated
        parts = [_ways_of(each, wanted, segments, open_keys) for each in node.rules]
        if wanted is (node.combinator == "and" or not node.rules):
            yield from _all_of(parts)
        else:
            for part in parts:
                yield from part
    else:
        yield ((node, holds),)


def _ways_of(
    node: Node, holds: bool, segments: Segments, open_keys: frozenset[str]
) -> list[tuple[Wish, ...]]:
    return list(islice(_ways(node, holds, segments, open_keys), MOST_WAYS))


def _all_of(parts: list[list[tuple[Wish, ...]]]) -> Iterator[tuple[Wish, ...]]:
    if not parts:
        yield ()
        return
    for first in parts[0]:
        for rest in _all_of(parts[1:]):
            yield first + rest


def _granted(wishes: Iterable[Wish], now: datetime, facts: Facts) -> Facts | None:
    """Facts that fulfil all wishes, field by field; None where a field cannot."""
    by_field: dict[str, list[Wish]] = defaultdict(list)
    for node, holds in wishes:
        if isinstance(node, Test | Comparison):
            by_field[node.field].append((node, holds))
        elif not isinstance(node, Group | SegmentTest):
            elements = _elements(node, holds, now, len(facts.get(node.field, ())))
            if elements is None:
                return None
            facts[node.field] = (*elements, *facts.get(node.field, ()))
    for name in sorted(by_field, key=lambda name: _compares(by_field[name])):
        value = _value(name, by_field[name], facts, now)
        if value is None:
            return None
        if value is ABSENT:
            facts.pop(name, None)
        else:
            facts[name] = value
    return facts


def _compares(wishes: list[Wish]) -> bool:
    """With another field, whose value must be there first."""
    return any(isinstance(node, Comparison) for node, _holds in wishes)


def _value(name: str, wishes: list[Wish], facts: Facts, now: datetime) -> Any:
    """The first candidate that fulfils every wish about the field; None: there is none."""
    asked = Group("and", tuple(Group("and", (node,), not holds) for node, holds in wishes))
    matcher = compile_conditions({"it": asked})
    for value in _candidates(wishes, facts, now):
        known = {key: each for key, each in facts.items() if key != name}
        if value is not ABSENT:
            known[name] = value
        if matcher(known, now):
            return value
    return None


def _candidates(wishes: list[Wish], facts: Facts, now: datetime) -> Iterator[Any]:
    for node, _holds in wishes:
        if isinstance(node, Comparison):
            yield from _around(facts.setdefault(node.other, SEEDS.get(node.type, now)))
        elif isinstance(node, Test):
            base, values = OPERATORS[node.operator].base, node.values
            if base == "unknown":
                yield from (ABSENT, "a", 1, True, now, "1.0", ())
            elif base in ("within", "older"):
                length = timedelta(microseconds=float(str(values[0])))
                yield from (now - length / 2, now - length - DAY)
            elif base == "matches":
                yield from (str(values[0]).replace("*", "").replace("?", "a"), "a", "")
            elif node.type.startswith("list"):
                yield from (tuple(values), (), tuple(values[:1]))
            else:
                for value in values:
                    yield from _around(value)


def _around(value: Value) -> Iterator[Value]:
    yield value
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, value + 0.5)
    elif isinstance(value, datetime):
        yield from (value + DAY, value - DAY)
    else:
        yield from (f"{value}a", f"{value}.1", "", "0", "0.0.1", "99")


def _elements(
    node: Match | Sequence, holds: bool, now: datetime, taken: int
) -> tuple[Any, ...] | None:
    """Elements of a list that fulfil a wish about it, newest first."""
    if isinstance(node, Sequence):
        return _in_order(node, holds, now)
    count = _how_many(node, holds)
    if count is None or count > MOST_ELEMENTS:
        return None
    found: list[Any] = [_element(node.inner, now, taken + n) for n in range(count)]
    if node.is_plain:
        found = [None if each is None else each.get("value") for each in found]
    return None if any(each is None for each in found) else tuple(found)


def _how_many(node: Match, holds: bool) -> int | None:
    """How many matching elements fulfil the wish; None where it takes others than those."""
    least = node.threshold if node.threshold is not None else 1
    whole = 1 if 0 < least < 1 else ceil(least)  # a share: all of one element
    match node.mode, holds:
        case ("some" | "all", True) | ("none", False):
            return 1
        case ("some", False) | ("none" | "atMost", True):
            return 0
        case ("atLeast" | "exactly", True):
            return whole
        case ("atLeast", False):
            return 0 if whole > 0 else None
        case ("atMost" | "exactly", False):
            return whole + 1
    return None


def _in_order(node: Sequence, holds: bool, now: datetime) -> tuple[Any, ...] | None:
    if not holds:
        return ()
    done = node.steps if node.then == "did" else node.steps[:-1]
    within = timedelta(microseconds=node.within)
    first = now - within * 0.9 if node.then == "did" else now - within - DAY
    gap = within * 0.8 / len(node.steps)
    found = []
    for index, step in enumerate(done):
        element = _element(step, now, index)
        if element is None:
            return None
        found.append({**element, "at": first + gap * index})
    return tuple(reversed(found))


def _element(inner: Group, now: datetime, number: int) -> Facts | None:
    """One element of a list of objects, as if it had happened lately."""
    at = now - timedelta(minutes=10 * (number + 1))
    return _example(inner, {}, now, lambda: {"id": f"example-{number}", "at": at})
