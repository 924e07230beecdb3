"""A condition in plain words, for the people who decide by it.

In:  a condition, the names that editors gave, and who says the words of another language.
Out: a sentence without its full stop. Without a translator it is English.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Final

from rules.conditions import Comparison, Condition, Group, Match, Node, SegmentTest, Sequence, Test
from rules.operators import OPERATORS
from rules.values import Value, print_duration
from rules.words import Say, _

_UNITS: Final = {
    "d": (_("{} day"), _("{} days")),
    "h": (_("{} hour"), _("{} hours")),
    "m": (_("{} minute"), _("{} minutes")),
    "s": (_("{} second"), _("{} seconds")),
}
_FIELDS: Final = {
    "frequency": _("number of purchases"),
    "monetary": _("amount spent"),
    "recency": _("days since last seen"),
    "visits": _("number of visits"),
}
_TIMES: Final = {
    "withinLast": _("within the last {}"),
    "olderThan": _("longer ago than {}"),
    "before": _("before {}"),
    "after": _("after {}"),
    "between": _("between {} and {}"),
}
_PERIODS: Final = {"withinLast", "olderThan"}
_SMALLER: Final = {"1d": "24h", "1h": "60m", "1m": "60s"}  # “the last 1 hour” is no language
_ELEMENTS: Final = {"events": (_("event"), _("events"))}  # the field: one of it, several
_AMOUNTS: Final = {  # of a number of elements
    "atLeast": _("has at least {}"),
    "atMost": _("has at most {}"),
    "exactly": _("has exactly {}"),
}
_SOME: Final = {"a": _("has a {}"), "an": _("has an {}")}
_ARTICLES: Final = {"a": _("a {}"), "an": _("an {}")}
_JOINED: Final = {"and": _("{} and {}"), "or": _("{} or {}")}
_NOT: Final = _("not ({})")
Labels = Mapping[str, str]


def describe(condition: Condition, labels: Labels | None = None, say: Say = _) -> str:
    """One sentence without its full stop.

    `labels` may name fields, segments, and values as "field:value"; `say` translates.
    """
    return _Describer(labels or {}, say).group(condition, top=True)


def describe_node(node: Node, labels: Labels | None = None, say: Say = _) -> str:
    """What one node of a condition says, by itself."""
    if isinstance(node, Group):
        return describe(node, labels, say)
    return _Describer(labels or {}, say).node(node)


class _Describer:
    def __init__(self, labels: Labels, say: Say) -> None:
        self.labels, self.say = labels, say

    def name(self, key: str) -> str:
        return self.say(self.labels.get(key) or _FIELDS.get(key) or key.replace("_", " "))

    def elements(self, key: str) -> tuple[str, str]:
        """One element of a list, and several: of “pets”, a pet and pets."""
        if key in _ELEMENTS and key not in self.labels:
            one, several = _ELEMENTS[key]
            return self.say(one), self.say(several)
        name = self.name(key)
        one = name[:-1] if name.endswith("s") else name
        return one, f"{one}s"

    def group(self, group: Group, *, top: bool = False) -> str:
        if not group.rules:
            return self.say(_("nobody")) if group.negated else self.say(_("everyone"))
        parts = [self.node(each) for each in group.rules]
        said = self.joined(parts, group.combinator)
        if group.negated:
            return self.say(_NOT).format(said)
        return said if top or len(parts) == 1 else f"({said})"

    def joined(self, parts: list[str], word: str) -> str:
        """With the word between any two."""
        return reduce(self.say(_JOINED[word]).format, parts)

    def listed(self, parts: list[str]) -> str:
        """With “or” before the last."""
        if len(parts) == 1:
            return parts[0]
        return self.say(_JOINED["or"]).format(", ".join(parts[:-1]), parts[-1])

    def node(self, node: Node) -> str:
        match node:
            case Group():
                return self.group(node)
            case Test():
                return self.test(node)
            case Comparison(field, _subject, operator, other):
                asked = self.say(OPERATORS[operator].label)
                return f"{self.name(field)} {asked} {self.name(other)}"
            case SegmentTest():
                return self.segment(node)
            case Match():
                return self.match(node)
            case Sequence():
                return self.sequence(node)

    def segment(self, node: SegmentTest) -> str:
        named = [self.labels.get(key) or key.replace("_", " ") for key in node.keys]
        names = self.listed([self.quoted(each) for each in named])
        said = _("is not in segment {}") if node.negated else _("is in segment {}")
        return self.say(said).format(names)

    def test(self, test: Test) -> str:
        operator = OPERATORS[test.operator]
        subject = f"{self.name(test.field)} {self.say(operator.label)}"
        match operator.shape:
            case "none":
                return subject
            case "duration":
                return f"{subject} {self.period(test)}"
            case "two":
                first, second = map(self.plain, test.values)
                return f"{subject} {self.say(_JOINED['and']).format(first, second)}"
            case "many":
                return f"{subject} {self.listed([self.value(test, v) for v in test.values])}"
            case _shape:
                return f"{subject} {self.value(test, test.values[0])}"

    def match(self, node: Match) -> str:
        kind, when, rest = self.sentence(node.inner)
        one, several = (self.of_kind(each, kind) for each in self.elements(node.field))
        match node.mode:
            case "some":
                said = self.say(_SOME[_article(one)]).format(one)
            case "none":
                said = self.say(_("has no {}")).format(one)
            case "all":
                said = self.say(_("has only {}")).format(several)
            case _mode:
                amount = self.amount(node.threshold or 0, one, several)
                said = self.say(_AMOUNTS[node.mode]).format(amount)
        return f"{said}{when}{self.where(rest)}"

    def amount(self, threshold: float, one: str, several: str) -> str:
        """Below one a share, else a count."""
        if 0 < threshold < 1:
            return self.say(_("{} % of the {}")).format(f"{threshold * 100:.6g}", several)
        return f"{threshold:.6g} {one if threshold == 1 else several}"

    def where(self, inner: Group) -> str:
        if not inner.rules and not inner.negated:
            return ""
        return self.say(_(" where {}")).format(self.group(inner, top=True))

    def sequence(self, node: Sequence) -> str:
        one, _several = self.elements(node.field)
        *before, last = [self.step(step, one) for step in node.steps]
        then = self.say(_(", then {}"))
        chain = before[0] + "".join(then.format(step) for step in before[1:])
        ended = then if node.then == "did" else self.say(_(", and then not {}"))
        within = self.say(_(", within {}")).format(self.duration(node.within))
        return f"{chain}{ended.format(last)}{within}"

    def step(self, inner: Group, one: str) -> str:
        kind, when, rest = self.sentence(inner)
        named = self.of_kind(one, kind)
        return f"{self.say(_ARTICLES[_article(named)]).format(named)}{when}{self.where(rest)}"

    def of_kind(self, element: str, kind: str) -> str:
        named = {"kind": kind, "element": element}
        return self.say(_("{kind} {element}")).format(**named) if kind else element

    def sentence(self, inner: Group) -> tuple[str, str, Group]:
        """Of what kind the elements are, when they were, and what else is asked of them."""
        if inner.combinator != "and" or inner.negated:
            return "", "", inner
        kind = next((each for each in inner.rules if _is_kind(each)), None)
        time = next((each for each in inner.rules if _is_time(each)), None)
        rest = tuple(each for each in inner.rules if each is not kind and each is not time)
        named = self.plain(kind.values[0]).replace("_", " ") if isinstance(kind, Test) else ""
        return named, self.when(time) if isinstance(time, Test) else "", replace(inner, rules=rest)

    def when(self, test: Test) -> str:
        first, *more = test.values
        said = self.period(test) if test.operator in _PERIODS else self.plain(first)
        return f" {self.say(_TIMES[test.operator]).format(said, *map(self.plain, more))}"

    def period(self, test: Test) -> str:
        short = print_duration(int(test.values[0]))  # type: ignore[arg-type]
        return self.spelled(_SMALLER.get(short, short) if test.operator == "withinLast" else short)

    def duration(self, microseconds: int) -> str:
        return self.spelled(print_duration(microseconds))

    def spelled(self, short: str) -> str:
        amount, (one, several) = short[:-1], _UNITS[short[-1]]
        return self.say(one if amount == "1" else several).format(amount)

    def value(self, test: Test, value: Value) -> str:
        """By the name that an editor gave it, as to a stage of a journey."""
        return self.plain(self.labels.get(f"{test.field}:{value}") or value)

    def plain(self, value: Value) -> str:
        match value:
            case bool():
                return self.say(_("yes")) if value else self.say(_("no"))
            case datetime():
                return f"{value:%Y-%m-%d %H:%M} UTC"
            case str():
                return self.quoted(value)
            case _number:
                return f"{value:.15g}"

    def quoted(self, text: str) -> str:
        return self.say(_("“{}”")).format(text)


def _is_kind(node: Node) -> bool:
    return isinstance(node, Test) and (node.field, node.operator) == ("type", "=")


def _is_time(node: Node) -> bool:
    return isinstance(node, Test) and node.field == "at" and node.operator in _TIMES


def _article(noun: str) -> str:
    return "an" if noun.lstrip("“")[:1] in tuple("aeiou") else "a"
