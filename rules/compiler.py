"""All conditions of a release as one generated Python function.

In:  conditions by name; a condition may name others as segments.
Out: `matcher(facts, now)`: the names of those that are true. It never raises, whatever the facts.

Truth is three-valued, but a value for "unknown" is never made: each node is written down as the
expression that says when it is true, and where a negation asks for it, as the one that says when
it is false. Where neither holds, it is unknown. Words of users are never source: they stand in a
table of constants, from which they are put into the compiled code (`filled`).
"""

import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import CodeType
from typing import Any, Final

from rules.conditions import (
    Comparison,
    Condition,
    Group,
    Match,
    Node,
    SegmentTest,
    Sequence,
    Test,
    segments_read,
)
from rules.facts import CLEANERS
from rules.invalid import Invalid
from rules.operators import BASES, OPERATORS
from rules.patterns import matcher_of
from rules.reading import UNKNOWN_NUMBER, cleaning, known, unknown, when_known
from rules.sequences import happened
from rules.values import Value, version_key
from rules.words import _

Matcher = Callable[[Mapping[str, object], datetime], frozenset[str]]

_TURNED: Final = {"and": " or ", "or": " and "}
_JOINED: Final = {"and": " and ", "or": " or "}
_EFFORT_OF_BASE: Final = {"equal": 0, "in": 1, "begins": 3, "matches": 3}
_EFFORT_OF_NODE: Final = {Group: 5, Match: 6, Sequence: 7}


def compile(conditions: Mapping[str, Condition]) -> Matcher:
    """Write, compile and return the matcher; a cycle of segments raises `Invalid`."""
    program = _Program(conditions)
    for name in conditions:
        program.add(name)
    return program.finish()


@dataclass
class _Scope:
    """One function being written: which fields it reads, from a mapping called `source`."""

    source: str
    locals: dict[tuple[str, str], str] = field(default_factory=dict)
    prefix: str = "f"
    n_read: int = 0

    def local(self, name: str, kind: str) -> str:
        return self.locals.setdefault((name, kind), f"{self.prefix}{len(self.locals)}")


class _Program:
    def __init__(self, conditions: Mapping[str, Condition]) -> None:
        self.conditions = conditions
        self.named = frozenset(key for each in conditions.values() for key in segments_read(each))
        self.callables: dict[str, Any] = {"happened": happened, "nan": UNKNOWN_NUMBER}
        self.constants: dict[str, Any] = {}  # by the text that stands for it in the source
        self.known: dict[Any, str] = {}
        self.functions: list[str] = []
        self.lines: list[str] = []
        self.scope = _Scope("facts")
        self.made: dict[tuple[str, bool], str] = {}
        self.open: list[str] = []

    def add(self, name: str) -> None:
        """A truth that others ask for has a variable; any other is asked on the spot."""
        if name in self.named:
            said = self.truth(name, True)
        else:
            said = self.write(self.conditions[name], True, self.scope)
        self.lines.append(f"if {said}: add({self.constant(name)})")

    def truth(self, name: str, wanted: bool, path: str = "") -> str:
        """The variable that says whether this condition is true (or false); written once."""
        if name not in self.conditions:
            raise Invalid(
                path, _("There is no segment “%(name)s”; make it, or name another."), name=name
            )
        if (name, wanted) not in self.made:
            if name in self.open:
                circle = " → ".join([*self.open[self.open.index(name) :], name])
                raise Invalid(
                    path, _("Segments refer to each other in a circle: %(circle)s."), circle=circle
                )
            self.open.append(name)
            expression = self.write(self.conditions[name], wanted, self.scope)
            self.open.pop()
            variable = f"{'t' if wanted else 'n'}{len(self.made)}"
            self.made[name, wanted] = variable
            self.lines.append(f"{variable} = {expression}")
        return self.made[name, wanted]

    def constant(self, value: Any) -> str:  # of any type
        """How the source names a value: a finite number by itself, any other by its place."""
        if type(value) in (int, float):
            return repr(value)
        key = (type(value), value)
        if key not in self.known:
            place = f"k{len(self.constants)}"
            self.constants[place] = value
            self.known[key] = f"'{place}'"
        return self.known[key]

    def callable(self, value: Callable[..., Any]) -> str:
        if value not in self.known:
            self.known[value] = f"c{len(self.callables)}"
            self.callables[self.known[value]] = value
        return self.known[value]

    def write(self, node: Node, wanted: bool, scope: _Scope) -> str:
        """The expression that holds when the node is true (`wanted`), or when it is false."""
        match node:
            case Group():
                return self.write_group(node, wanted, scope)
            case Test():
                return self.write_test(node, wanted, scope)
            case Comparison():
                return self.write_comparison(node, wanted, scope)
            case SegmentTest():
                return self.write_segments(node, wanted)
            case Match():
                return self.write_match(node, wanted, scope)
            case Sequence():
                return self.write_sequence(node, wanted, scope)

    def write_group(self, group: Group, wanted: bool, scope: _Scope) -> str:
        wanted ^= group.negated
        if not group.rules:
            return str(wanted)
        joined = (_JOINED if wanted else _TURNED)[group.combinator]
        parts = [self.write(each, wanted, scope) for each in cheapest_first(group)]
        return parts[0] if len(parts) == 1 else f"({joined.join(parts)})"

    def write_test(self, test: Test, wanted: bool, scope: _Scope) -> str:
        operator = OPERATORS[test.operator]
        name = scope.local(test.field, test.type)
        holds = wanted != operator.negated
        if operator.base == "unknown":
            return unknown(test.type, name) if holds else known(test.type, name)
        texts = dict(zip("ab", self.write_values(test), strict=False))
        said = BASES[operator.base].python.format(f=name, **texts)
        return when_known(said, operator.base, holds, test.type, name)

    def write_values(self, test: Test) -> Iterator[str]:
        shape, base = OPERATORS[test.operator].shape, OPERATORS[test.operator].base
        if shape == "duration":
            yield self.constant(timedelta(microseconds=int(test.values[0])))  # type: ignore[arg-type]
        elif base == "matches":
            yield self.callable(matcher_of(str(test.values[0])))
        elif shape == "many":
            yield self.constant(frozenset(map(_comparable(test.type), test.values)))
        else:
            yield from map(self.constant, map(_comparable(test.type), test.values))

    def write_comparison(self, node: Comparison, wanted: bool, scope: _Scope) -> str:
        operator = OPERATORS[node.operator]
        mine, other = scope.local(node.field, node.type), scope.local(node.other, node.type)
        said = BASES[operator.base].python.format(f=mine, a=other)
        return when_known(said, operator.base, wanted != operator.negated, node.type, mine, other)

    def write_segments(self, node: SegmentTest, wanted: bool) -> str:
        """In any of them: true if one is true, false if all are false."""
        wanted ^= node.negated
        parts = [self.truth(key, wanted) for key in node.keys]
        return f"({(' or ' if wanted else ' and ').join(parts)})"

    def write_match(self, node: Match, wanted: bool, scope: _Scope) -> str:
        name = scope.local(node.field, "elements")
        total = f"len({name})"
        goal = node.threshold or 0
        amount = f"{goal!r} * {total}" if 0 < goal < 1 else repr(goal)
        sign, amount, enough = {
            "some": (">", "0", "1"),
            "none": ("==", "0", "1"),
            "all": ("==", total, total),
            "atLeast": (">=", amount, amount),
            "atMost": ("<=", amount, f"{amount} + 1"),
            "exactly": ("==", amount, f"{amount} + 1"),
        }[node.mode]
        found = f"{self.counter(node.inner)}({name}, now, {enough})"
        return f"({name} is not None and {'' if wanted else 'not '}{found} {sign} {amount})"

    def write_sequence(self, node: Sequence, wanted: bool, scope: _Scope) -> str:
        steps = ", ".join(self.chooser(step) for step in node.steps)
        name = scope.local(node.field, "elements")
        within = self.constant(timedelta(microseconds=node.within))
        said = f"happened({name}, ({steps},), {within}, {node.then == 'did'}, now)"
        return f"({name} is not None and {'' if wanted else 'not '}{said})"

    def counter(self, inner: Group) -> str:
        """A function of its own: how many elements satisfy the group, up to `enough`."""
        loop = ["for e in elements:", *indented(self.conjuncts(inner, "continue"))]
        end = ["    found += 1", "    if found >= enough: break"]
        return self.function("(elements, now, enough)", ["found = 0", *loop, *end, "return found"])

    def chooser(self, inner: Group) -> str:
        """A function of its own: does one element satisfy the group?"""
        return self.function("(e, now)", [*self.conjuncts(inner, "return False"), "return True"])

    def conjuncts(self, inner: Group, leave: str) -> Iterator[str]:
        """What must all hold of `e`, one after the other; each field is read when first asked."""
        scope = _Scope("e", prefix="v")
        together = inner.combinator == "and" and not inner.negated
        for each in cheapest_first(inner) if together else (inner,):
            said = self.write(each, True, scope)
            yield from self.reading(scope)
            yield f"if not {said}: {leave}"

    def function(self, arguments: str, body: list[str]) -> str:
        text = f"{arguments}:\n" + "\n".join(indented(body))
        if text not in self.known:
            self.known[text] = f"m{len(self.functions)}"
            self.functions.append(f"def {self.known[text]}{text}")
        return self.known[text]

    def reading(self, scope: _Scope) -> Iterator[str]:
        """The fields that were asked for since the last time."""
        for (name, kind), variable in list(scope.locals.items())[scope.n_read :]:
            yield f"{variable} = {scope.source}.get({self.constant(name)})"
            yield cleaning(kind, variable) or f"{variable} = {self.clean(kind)}({variable})"
        scope.n_read = len(scope.locals)

    def clean(self, kind: str) -> str:
        return self.callable(CLEANERS[kind])

    def finish(self) -> Matcher:
        body = ["found = []", "add = found.append", *self.reading(self.scope), *self.lines]
        text = "def match(facts, now):\n" + "\n".join(indented([*body, "return frozenset(found)"]))
        code = builtins.compile("\n".join([*self.functions, text]), "<conditions>", "exec")
        exec(filled(code, self.constants), self.callables)  # noqa: S102 - our own text
        matcher: Matcher = self.callables["match"]
        return matcher


def filled(code: CodeType, constants: Mapping[str, Any]) -> CodeType:
    """The code with the constants in the places that name them."""
    return code.replace(
        co_consts=tuple(
            filled(each, constants)
            if isinstance(each, CodeType)
            else constants.get(each, each)
            if isinstance(each, str)
            else each
            for each in code.co_consts
        )
    )


def cheapest_first(group: Group) -> list[Node]:
    """What is quick and seldom true first. The order changes no answer: nothing has an effect."""
    return sorted(group.rules, key=_effort)


def _effort(node: Node) -> int:
    if not isinstance(node, Test):
        return _EFFORT_OF_NODE.get(type(node), 3)
    operator = OPERATORS[node.operator]
    return 4 if operator.negated else _EFFORT_OF_BASE.get(operator.base, 2)


def indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)


def _comparable(kind: str) -> Callable[[Value], Any]:
    """Constants in the form that the cleaned facts have."""
    if kind.endswith("version"):
        return lambda value: version_key(str(value))
    return lambda value: value
