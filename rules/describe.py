"""A condition in plain English, for the people who decide by it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from rules.conditions import Comparison, Condition, Group, Match, Node, SegmentTest, Sequence, Test
from rules.operators import OPERATORS
from rules.values import Value, print_duration

_UNITS: Final = {"d": "day", "h": "hour", "m": "minute", "s": "second"}
_FIELDS: Final = {
    "frequency": "number of purchases",
    "monetary": "amount spent",
    "recency": "days since last seen",
    "visits": "number of visits",
}


def describe(condition: Condition, labels: Mapping[str, str] | None = None) -> str:
    """One sentence without its full stop; `labels` may name fields and segments."""
    return _Describer(labels or {}).group(condition, top=True)


def describe_node(node: Node, labels: Mapping[str, str] | None = None) -> str:
    """What one node of a condition says, by itself."""
    if isinstance(node, Group):
        return describe(node, labels)
    return _Describer(labels or {}).node(node)


class _Describer:
    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels = labels

    def name(self, key: str) -> str:
        return self.labels.get(key) or _FIELDS.get(key) or key.replace("_", " ")

    def one(self, key: str) -> str:
        """One element of a list: of “pets”, a pet."""
        name = self.name(key)
        return name[:-1] if name.endswith("s") else name

    def group(self, group: Group, *, top: bool = False, subject: str = "") -> str:
        if not group.rules:
            everyone = subject or "everyone"
            return (
                f"not {everyone}"
                if group.negated and subject
                else ("nobody" if group.negated else everyone)
            )
        parts = [self.node(each) for each in group.rules]
        said = f" {group.combinator} ".join(parts)
        if group.negated:
            return f"not ({said})"
        return said if top or len(parts) == 1 else f"({said})"

    def node(self, node: Node) -> str:
        match node:
            case Group():
                return self.group(node)
            case Test():
                return self.test(node)
            case Comparison(field, _, operator, other):
                return f"{self.name(field)} {OPERATORS[operator].label} {self.name(other)}"
            case SegmentTest(keys, negated):
                names = _listed([f"“{self.name(key)}”" for key in keys], "or")
                return f"is {'not ' if negated else ''}in segment {names}"
            case Match():
                return self.match(node)
            case Sequence():
                return self.sequence(node)

    def test(self, test: Test) -> str:
        operator = OPERATORS[test.operator]
        subject = f"{self.name(test.field)} {operator.label}"
        match operator.shape:
            case "none":
                return subject
            case "duration":
                return f"{subject} {_duration(int(test.values[0]))}"  # type: ignore[arg-type]
            case "two":
                return f"{subject} {_value(test.values[0])} and {_value(test.values[1])}"
            case "many":
                return f"{subject} {_listed([_value(each) for each in test.values], 'or')}"
            case _:
                return f"{subject} {_value(test.values[0])}"

    def match(self, node: Match) -> str:
        return f"{_amount(node, self.one(node.field))}{self.where(node.inner)}"

    def where(self, inner: Group) -> str:
        return f" where {self.group(inner, top=True)}" if inner.rules or inner.negated else ""

    def sequence(self, node: Sequence) -> str:
        one = _with_article(self.one(node.field))
        steps = [f"{one}{self.where(step)}" for step in node.steps]
        chain = ", then ".join(steps[:-1])
        last = "then" if node.then == "did" else "and then not"
        return f"{chain}, {last} {steps[-1]}, within {_duration(node.within)}"


def _amount(node: Match, what: str) -> str:
    threshold = node.threshold or 0
    is_share = 0 < threshold < 1
    count = f"{threshold:.6g}".rstrip() if not is_share else f"{threshold * 100:.6g} %"
    plural = f"{count} of the {what}s" if is_share else f"{count} {what}{'s' * (threshold != 1)}"
    return {
        "some": f"has {_with_article(what)}",
        "none": f"has no {what}",
        "all": f"has only {what}s",
        "atLeast": f"has at least {plural}",
        "atMost": f"has at most {plural}",
        "exactly": f"has exactly {plural}",
    }[node.mode]


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[:1] in tuple("aeiou") else f"a {noun}"


def _listed(parts: list[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _duration(microseconds: int) -> str:
    short = print_duration(microseconds)
    amount, unit = short[:-1], _UNITS[short[-1]]
    return f"{amount} {unit}{'' if amount == '1' else 's'}"


def _value(value: Value) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
        case str():
            return f"“{value}”"
        case _:
            return f"{value:.15g}"
