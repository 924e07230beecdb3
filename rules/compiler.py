"""All conditions of a release as one generated Python function.

In:  conditions by name; a condition may name others as segments.
Out: `matcher(facts, now)`: the names of those that are true. It never raises, whatever the facts.

Truth is three-valued, but a value for "unknown" is never made: each node is written down as the
expression that says when it is true, and where a negation asks for it, as the one that says when
it is false. Where neither holds, it is unknown. Words of users reach the code through a table of
constants only, never as source.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from rules.conditions import Comparison, Condition, Group, Match, Node, SegmentTest, Sequence, Test
from rules.facts import CLEANERS
from rules.fields import Invalid
from rules.operators import BASES, OPERATORS
from rules.patterns import matcher_of
from rules.sequences import happened
from rules.values import Value, version_key

Matcher = Callable[[Mapping[str, object], datetime], frozenset[str]]

_TURNED: Final = {"and": " or ", "or": " and "}
_JOINED: Final = {"and": " and ", "or": " or "}


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

    def local(self, name: str, kind: str) -> str:
        return self.locals.setdefault((name, kind), f"{self.prefix}{len(self.locals)}")


class _Program:
    def __init__(self, conditions: Mapping[str, Condition]) -> None:
        self.conditions = conditions
        self.constants: dict[str, Any] = {  # what the generated code may name
            "happened": happened,
        }
        self.known: dict[Any, str] = {}
        self.functions: list[str] = []
        self.lines: list[str] = []
        self.scope = _Scope("facts")
        self.made: dict[tuple[str, bool], str] = {}
        self.open: list[str] = []

    def add(self, name: str) -> None:
        variable = self.truth(name, True)
        self.lines.append(f"if {variable}: add({self.constant(name)})")

    def truth(self, name: str, wanted: bool, path: str = "") -> str:
        """The variable that says whether this condition is true (or false); written once."""
        if name not in self.conditions:
            raise Invalid(path, f"There is no segment “{name}”; make it, or name another.")
        if (name, wanted) not in self.made:
            if name in self.open:
                circle = " → ".join([*self.open[self.open.index(name) :], name])
                raise Invalid(path, f"Segments refer to each other in a circle: {circle}.")
            self.open.append(name)
            expression = self.write(self.conditions[name], wanted, self.scope)
            self.open.pop()
            variable = f"{'t' if wanted else 'n'}{len(self.made)}"
            self.made[name, wanted] = variable
            self.lines.append(f"{variable} = {expression}")
        return self.made[name, wanted]

    def constant(self, value: Any) -> str:  # of any type
        key = (type(value), value)
        if key not in self.known:
            self.known[key] = f"k{len(self.known)}"
            self.constants[self.known[key]] = value
        return self.known[key]

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
        parts = [self.write(each, wanted, scope) for each in group.rules]
        return parts[0] if len(parts) == 1 else f"({joined.join(parts)})"

    def write_test(self, test: Test, wanted: bool, scope: _Scope) -> str:
        operator = OPERATORS[test.operator]
        name = scope.local(test.field, test.type)
        known = f"{name} is not None"
        if operator.base == "unknown":
            return f"{name} is None" if wanted != operator.negated else known
        texts = dict(zip("ab", self.write_values(test), strict=False))
        said = BASES[operator.base].python.format(f=name, **texts)
        return (
            f"({known} and {said})" if wanted != operator.negated else f"({known} and not {said})"
        )

    def write_values(self, test: Test) -> Iterator[str]:
        shape, base = OPERATORS[test.operator].shape, OPERATORS[test.operator].base
        if shape == "duration":
            yield self.constant(timedelta(microseconds=int(test.values[0])))  # type: ignore[arg-type]
        elif base == "matches":
            yield self.constant(matcher_of(str(test.values[0])))
        elif shape == "many":
            yield self.constant(frozenset(map(_comparable(test.type), test.values)))
        else:
            yield from map(self.constant, map(_comparable(test.type), test.values))

    def write_comparison(self, node: Comparison, wanted: bool, scope: _Scope) -> str:
        operator = OPERATORS[node.operator]
        mine, other = scope.local(node.field, node.type), scope.local(node.other, node.type)
        said = BASES[operator.base].python.format(f=mine, a=other)
        turned = "" if wanted != operator.negated else "not "
        return f"({mine} is not None and {other} is not None and {turned}{said})"

    def write_segments(self, node: SegmentTest, wanted: bool) -> str:
        """In any of them: true if one is true, false if all are false."""
        wanted ^= node.negated
        parts = [self.truth(key, wanted) for key in node.keys]
        return f"({(' or ' if wanted else ' and ').join(parts)})"

    def write_match(self, node: Match, wanted: bool, scope: _Scope) -> str:
        counter = self.element_test(node.inner)
        name = scope.local(node.field, "elements")
        said = f"{self.counting(node)}([e for e in {name} if {counter}(e, now)], {name})"
        return f"({name} is not None and {'' if wanted else 'not '}{said})"

    def counting(self, node: Match) -> str:
        return self.constant(_Count(node.mode, node.threshold))

    def write_sequence(self, node: Sequence, wanted: bool, scope: _Scope) -> str:
        steps = ", ".join(self.element_test(step) for step in node.steps)
        name = scope.local(node.field, "elements")
        within = self.constant(timedelta(microseconds=node.within))
        said = f"happened({name}, ({steps},), {within}, {node.then == 'did'}, now)"
        return f"({name} is not None and {'' if wanted else 'not '}{said})"

    def element_test(self, inner: Group) -> str:
        """A function of its own: does one element satisfy the group?"""
        if ("element", inner) not in self.known:
            scope = _Scope("e", prefix="v")
            said = self.write(inner, True, scope)
            name = f"m{len(self.functions)}"
            body = [*self.reading(scope), f"return {said}"]
            self.functions.append(f"def {name}(e, now):\n    " + "\n    ".join(body))
            self.known["element", inner] = name
        return self.known["element", inner]

    def reading(self, scope: _Scope) -> Iterator[str]:
        if scope.locals:
            yield f"get = {scope.source}.get"
        for (name, kind), variable in scope.locals.items():
            yield f"{variable} = get({self.constant(name)})"
            inline = _INLINE.get(kind)
            cleaned = f"{variable} = {self.constant(CLEANERS[kind])}({variable})"
            yield inline.format(v=variable) if inline else cleaned

    def finish(self) -> Matcher:
        body = ["found = []", "add = found.append", *self.reading(self.scope), *self.lines]
        text = "def match(facts, now):\n    " + "\n    ".join([*body, "return frozenset(found)"])
        exec("\n".join([*self.functions, text]), self.constants)  # noqa: S102 - our own text
        matcher: Matcher = self.constants["match"]
        return matcher


_INLINE: Final = {
    "string": "if type({v}) is not str: {v} = None",
    "boolean": "if type({v}) is not bool: {v} = None",
}


@dataclass(frozen=True, slots=True)
class _Count:
    """Whether so many matching elements out of all are enough; a threshold below 1 is a share."""

    mode: str
    threshold: float | None

    def __call__(self, matching: list[object], everything: list[object]) -> bool:
        found, total = len(matching), len(everything)
        wanted = self.threshold or 0
        if 0 < wanted < 1:
            wanted *= total
        match self.mode:
            case "some":
                return found > 0
            case "none":
                return found == 0
            case "all":
                return found == total
            case "atLeast":
                return found >= wanted
            case "atMost":
                return found <= wanted
            case _:
                return found == wanted


def _comparable(kind: str) -> Callable[[Value], Any]:
    """Constants in the form that the cleaned facts have."""
    if kind.endswith("version"):
        return lambda value: version_key(str(value))
    return lambda value: value
