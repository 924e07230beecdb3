"""A condition in one spelling, so that two that say the same are equal.

In:  a node of a condition.
Out: atoms joined by "and" and "or". Negations stand at the atoms, order and repetition are gone,
     and each test is told by the fewest bases: `in` is several `equal`, `between` two bounds,
     "at most" is not "more", some is at least 1. Truth is the same, the unknown included.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rules.conditions import (
    Comparison,
    Condition,
    Group,
    Match,
    Node,
    SegmentTest,
    Sequence,
    Test,
)
from rules.operators import OPERATORS
from rules.patterns import squeezed
from rules.values import Value, version_key

VALUE: Final = "value"
AGE: Final = "age"
LIST: Final = "list"
SEGMENT: Final = "segment"
_TURNED: Final = {"and": "or", "or": "and"}
_BOUNDS: Final = {  # base: the one it is told by, and whether it is its negation
    "less": ("less", False),
    "more": ("more", False),
    "atMost": ("more", True),
    "atLeast": ("less", True),
}
_SEVERAL: Final = {  # base: how its values are joined, and what is asked of each
    "equal": ("or", "equal"),
    "in": ("or", "equal"),
    "any": ("or", "has"),
    "all": ("and", "has"),
}
_RANGES: Final[Mapping[str, tuple[Hashable, tuple[int, ...]]]] = {  # what has both bounds
    "between": (VALUE, ()),
    "within": (AGE, (0,)),
}


@dataclass(frozen=True, slots=True)
class Atom:
    """One question that is true or false where all of its fields are known.

    `measure`: what is looked at: the value, its age, or the elements that satisfy a condition.
    """

    fields: tuple[str, ...]
    kind: str
    base: str
    value: Hashable = None
    measure: Hashable = VALUE
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """All (`and`) or any (`or`) of several different parts."""

    word: str
    parts: frozenset["Normal"]


Normal = Atom | Joined
Asked = tuple[Normal, bool]  # a question, and whether its negation is meant
TRUE: Final = Joined("and", frozenset())
FALSE: Final = Joined("or", frozenset())


def same_as(one: Condition, other: Condition) -> bool:
    """Do both say the same, in another order or spelling? Then they are equally true, always."""
    return Normals().of(one) == Normals().of(other)


class Normals:
    """Normal forms of nodes that somebody else keeps, each worked out once."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, bool], Normal] = {}

    def of(self, node: Node, *, negated: bool = False) -> Normal:
        key = (id(node), negated)
        if key not in self.known:
            self.known[key] = self._worked_out(node, negated)
        return self.known[key]

    def _worked_out(self, node: Node, negated: bool) -> Normal:
        if isinstance(node, Group):
            negated = negated != node.negated
            parts = [self.of(each, negated=negated) for each in node.rules]
            return _group(node, parts, negated)
        said, is_negation = self._asked(node)
        return turned(said) if negated != is_negation else said

    def _asked(self, node: Test | Comparison | SegmentTest | Match | Sequence) -> Asked:
        match node:
            case Test():
                return _test(node), OPERATORS[node.operator].negated
            case Comparison():
                return _comparison(node), OPERATORS[node.operator].negated
            case SegmentTest():
                named = (Atom((), LIST, SEGMENT, key) for key in node.keys)
                return joined("or", named), node.negated
            case Match():
                return _match(node, self.of(node.inner)), False
            case Sequence():
                steps = tuple(self.of(step) for step in node.steps)
                return Atom((node.field,), LIST, node.then, (steps, node.within)), False


def joined(word: str, parts: Iterable[Normal]) -> Normal:
    """Flat, without what changes nothing; one part stands for itself."""
    nothing, everything = (TRUE, FALSE) if word == "and" else (FALSE, TRUE)
    flat: set[Normal] = set()
    for part in parts:
        if part == everything:
            return everything
        if isinstance(part, Joined) and part.word == word:
            flat |= part.parts
        else:
            flat.add(part)
    if len(flat) == 1:
        return flat.pop()
    return Joined(word, frozenset(flat)) if flat else nothing


def turned(said: Normal) -> Normal:
    """The negation, at the atoms."""
    if isinstance(said, Atom):
        return opposite(said)
    return Joined(_TURNED[said.word], frozenset(map(turned, said.parts)))


def opposite(atom: Atom) -> Atom:
    return Atom(atom.fields, atom.kind, atom.base, atom.value, atom.measure, not atom.negated)


def _group(group: Group, parts: Iterable[Normal], negated: bool) -> Normal:
    if not group.rules:
        return FALSE if negated else TRUE
    return joined(_TURNED[group.combinator] if negated else group.combinator, parts)


def _test(test: Test) -> Normal:
    field, kind, base = (test.field,), test.type, OPERATORS[test.operator].base
    values = [_comparable(kind, value) for value in test.values]
    if base in _BOUNDS:
        return _bound(field, kind, base, values[0])
    if base in _SEVERAL:
        word, each = _SEVERAL[base]
        return joined(word, (_one(field, kind, each, value) for value in values))
    if base in _RANGES:
        return _range(test, base, values)
    if base == "older":
        return _bound(field, kind, "more", values[0], AGE)
    if base == "matches":
        return _pattern(field, squeezed(str(values[0])))
    return _part(field, base, values[0]) if values else Atom(field, kind, base)


def _range(test: Test, base: str, values: list[Hashable]) -> Normal:
    measure, lowest = _RANGES[base]
    bounds = zip(("atLeast", "atMost"), (*lowest, *values), strict=True)
    field, kind = (test.field,), test.type
    return joined("and", (_bound(field, kind, base, value, measure) for base, value in bounds))


def _comparable(kind: str, value: Value) -> Hashable:
    return version_key(str(value)) if kind.endswith("version") else value


def _one(field: tuple[str, ...], kind: str, base: str, value: Hashable) -> Atom:
    """Where there are only yes and no, to be no is not to be yes."""
    if kind == "boolean":
        return Atom(field, kind, base, True, negated=not value)
    return Atom(field, kind, base, value)


def _bound(
    field: tuple[str, ...], kind: str, base: str, value: Hashable, measure: Hashable = VALUE
) -> Atom:
    told, negated = _BOUNDS[base]
    return Atom(field, kind, told, value, measure, negated)


def _pattern(field: tuple[str, ...], pattern: str) -> Atom:
    """Patterns that other bases can tell are told by them."""
    inside = pattern.strip("*")
    if "*" in inside or "?" in inside:
        return Atom(field, "string", "matches", pattern)
    base = {
        (False, False): "equal",
        (False, True): "begins",
        (True, False): "ends",
        (True, True): "contains",
    }[pattern.startswith("*"), pattern.endswith("*")]
    return _part(field, base, inside)


def _part(field: tuple[str, ...], base: str, part: Hashable) -> Atom:
    """Every text ends with the empty one, just as it begins with it."""
    return Atom(field, "string", "begins" if part == "" and base != "equal" else base, part)


def _comparison(node: Comparison) -> Atom:
    """Which of the two fields is named first makes no difference."""
    base, fields = OPERATORS[node.operator].base, (node.field, node.other)
    if base == "equal":
        fields = (min(fields), max(fields))
    if base not in _BOUNDS:
        return Atom(fields, node.type, base)
    told, negated = _BOUNDS[base]
    fields = fields if told == "less" else fields[::-1]
    return Atom(fields, node.type, "less", negated=negated)


def _match(node: Match, inner: Normal) -> Atom:
    """Counts are bounds on how many elements satisfy; shares and `all` stay as they are."""
    field, goal = (node.field,), node.threshold or 0
    mode, goal = {"some": ("atLeast", 1), "none": ("atMost", 0)}.get(node.mode, (node.mode, goal))
    if mode == "all" or 0 < goal < 1:
        return Atom(field, LIST, mode, goal, inner)
    if mode == "exactly" and goal:
        return Atom(field, LIST, "equal", goal, inner)
    is_least = mode == "atLeast"
    return Atom(field, LIST, "less", goal if is_least else goal + 1, inner, negated=is_least)
