"""Conditions to and from JSONLogic, the public format of many rule engines.

In:  a `Condition`, or a JSONLogic tree and the catalogue.
Out: the other. A tree that is no condition (arithmetic, text building, constants alone) is refused.

JSONLogic knows two truths; ours has three. On facts that are all known both agree. What JSONLogic
has no operation for is written as an operation of our name ("withinLast", "sequence", "segment").
JSONLogic's `all` is false for an empty list and ours is true, so `all` is exported with a guard.
"""

from collections.abc import Mapping
from typing import Any, Final

from rules.conditions import (
    COUNTED,
    SEGMENT,
    Comparison,
    Condition,
    Group,
    Match,
    Node,
    SegmentTest,
    Sequence,
    Test,
    parse,
)
from rules.fields import Catalogue, Field
from rules.invalid import Invalid
from rules.operators import OPERATORS
from rules.printing import to_tree
from rules.values import print_duration, print_value
from rules.words import _

Logic = Any  # JSON
Tree = dict[str, Any]

_COUNT: Final = {"+": [{"var": "accumulator"}, 1]}
_SIGNS: Final = {"atLeast": ">=", "atMost": "<=", "exactly": "=="}
_MODES: Final = {sign: mode for mode, sign in _SIGNS.items()}
_SYMBOLS: Final = {"=": "==", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_SIGNED: Final = {"equal": "==", "less": "<", "more": ">", "atMost": "<=", "atLeast": ">="}
_READ_AS: Final = {**{symbol: key for key, symbol in _SYMBOLS.items()}, "===": "=", "!==": "!="}
_MIRRORED: Final = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_OWN: Final = frozenset(
    {"withinLast", "olderThan", "before", "after", "versionAtLeast", "matches", "endsWith"}
)
_PUBLIC: Final = {"startsWith": "beginsWith"}  # react-querybuilder's name for it


def to_jsonlogic(condition: Condition) -> Logic:
    """The condition as JSONLogic."""
    return _write(condition)


def from_jsonlogic(tree: object, catalogue: Catalogue) -> Condition:
    """Read JSONLogic, or raise `Invalid` where it is not a condition over the catalogue."""
    try:
        found = _Reader(catalogue.fields).node(tree, "")
    except RecursionError:
        raise Invalid("", _("This is nested too deeply to be a condition.")) from None
    group = found if "rules" in found else _grouped("and", [found])
    return parse(group, catalogue)


# ---------------------------------------------------------------- writing


def _write(node: Node, is_plain: bool = False) -> Logic:
    """One node; `is_plain`: over plain elements, which JSONLogic calls by the empty name."""
    match node:
        case Group(combinator, rules, negated):
            said: Logic = {combinator: [_write(each, is_plain) for each in rules]}
            said = said if rules else True
            return {"!": [said]} if negated else said
        case Test():
            return _write_test(node, {"var": "" if is_plain else node.field})
        case Comparison(field, _, operator, other):
            said = _said(OPERATORS[operator].base, {"var": field}, [{"var": other}])
            return {"!": [said]} if OPERATORS[operator].negated else said
        case SegmentTest(keys, negated):
            said = {SEGMENT: list(keys)}
            return {"!": [said]} if negated else said
        case Match():
            return _write_match(node)
        case Sequence(field, steps, within, then):
            value = {
                "steps": [to_tree(step) for step in steps],
                "within": print_duration(within),
                "then": then,
            }
            return {"sequence": [{"var": field}, value]}


def _write_test(test: Test, name: Logic) -> Logic:
    operator = OPERATORS[test.operator]
    if operator.shape == "duration":
        return {test.operator: [name, print_duration(int(test.values[0]))]}  # type: ignore[arg-type]
    values = [print_value(value) for value in test.values]
    if test.operator in _OWN:
        return {test.operator: [name, *values]}
    if test.operator in _SYMBOLS:
        return {_SYMBOLS[test.operator]: [name, *values]}
    said = _said(operator.base, name, values)
    return {"!": [said]} if operator.negated else said


def _said(base: str, name: Logic, values: list[Any]) -> Logic:  # noqa: PLR0911 - a table
    """A base test of the operator table in JSONLogic's own operations."""
    first = values[0] if values else None
    match base:
        case "equal":
            return {"==": [name, first]}
        case "less" | "more" | "atMost" | "atLeast":
            return {
                {"less": "<", "more": ">", "atMost": "<=", "atLeast": ">="}[base]: [name, first]
            }
        case "unknown":
            return {"==": [name, None]}
        case "in":
            return {"in": [name, values]}
        case "between":
            return {"<=": [values[0], name, values[1]]}
        case "contains":
            return {"in": [first, name]}
        case "begins" if isinstance(first, str):
            return {"==": [{"substr": [name, 0, len(first)]}, first]}
        case "ends" if isinstance(first, str) and first:
            return {"==": [{"substr": [name, -len(first)]}, first]}
        case "any":
            return {"some": [name, {"in": [{"var": ""}, values]}]}
        case "all":
            return {"and": [{"in": [value, name]} for value in values]}
        case _:
            return {{"begins": "beginsWith", "ends": "endsWith"}.get(base, base): [name, first]}


def _write_match(node: Match) -> Logic:
    name, inner = {"var": node.field}, _write(node.inner, node.is_plain)
    if node.mode == "all":
        return {"or": [{"!": [name]}, {"all": [name, inner]}]}
    if node.mode not in COUNTED:
        return {node.mode: [name, inner]}
    threshold = node.threshold or 0
    is_share = 0 < threshold < 1
    wanted = {"*": [threshold, {"reduce": [name, _COUNT, 0]}]} if is_share else threshold
    return {_SIGNS[node.mode]: [{"reduce": [{"filter": [name, inner]}, _COUNT, 0]}, wanted]}


# ---------------------------------------------------------------- reading


class _Reader:
    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields

    def node(self, tree: object, path: str) -> Tree:
        if isinstance(tree, bool):
            return {**_grouped("and", []), "not": not tree}
        if not isinstance(tree, Mapping) or len(tree) != 1:
            raise Invalid(
                path, _("Write one operation, such as {“==”: [{“var”: “country”}, “DE”]}.")
            )
        [(name, given)] = tree.items()
        path = f"{path}/{name}" if path else str(name)
        arguments = list(given) if isinstance(given, list | tuple) else [given]
        read = getattr(self, f"read_{_READERS.get(name, 'nothing')}")
        found: Tree = read(str(name), arguments, path)
        return found

    def read_nothing(self, name: str, arguments: list[Logic], path: str) -> Tree:
        raise Invalid(path, _("“%(name)s” is not part of a condition; remove it."), name=name)

    def read_group(self, name: str, arguments: list[Logic], path: str) -> Tree:
        if name == "or" and len(arguments) == 2 and self.is_guarded_all(arguments):
            return self.matching("all", arguments[1]["all"], path)
        if not arguments:
            raise Invalid(path, _("Write at least one condition."))
        return _grouped(name, [self.node(each, f"{path}/{i}") for i, each in enumerate(arguments)])

    def is_guarded_all(self, arguments: list[Logic]) -> bool:
        guard, rest = arguments
        if not isinstance(guard, Mapping) or not isinstance(rest, Mapping) or set(rest) != {"all"}:
            return False
        of = guard.get("!")
        held = of[0] if isinstance(of, list) and len(of) == 1 else of
        return isinstance(rest["all"], list) and bool(rest["all"]) and held == rest["all"][0]

    def read_not(self, _name: str, arguments: list[Logic], path: str) -> Tree:
        if len(arguments) != 1:
            raise Invalid(path, _("Negate one condition."))
        return {**_grouped("and", [self.node(arguments[0], path)]), "not": True}

    def read_field(self, _name: str, arguments: list[Logic], path: str) -> Tree:
        """A yes-or-no field alone is a condition: it is true."""
        field = self.field(arguments[0] if len(arguments) == 1 else None, path)
        if field.type != "boolean":
            raise Invalid(
                path,
                _("“%(name)s” is no yes-or-no field; compare it with a value."),
                name=field.name,
            )
        return {"field": field.name, "operator": "=", "value": True}

    def read_comparison(self, name: str, arguments: list[Logic], path: str) -> Tree:
        operator = _READ_AS[name]
        if len(arguments) == 3 and operator in ("<", "<="):
            return self.between(operator, arguments, path)
        if len(arguments) != 2:
            raise Invalid(path, _("Compare two things."))
        left, right = arguments
        if _is(left, "reduce"):
            return self.counted(name, left, right, path)
        if _is(left, "substr"):
            return self.part_of_text(operator, left["substr"], right, path)
        if not _is(left, "var"):
            left, right, operator = right, left, _MIRRORED[operator]
        return self.compared(self.variable(left, path), operator, right, path)

    def compared(self, field: Field, operator: str, value: Logic, path: str) -> Tree:
        if _is(value, "var"):
            other = self.variable(value, path)
            rule = {"field": field.name, "operator": operator, "value": other.name}
            return {**rule, "valueSource": "field"}
        if value is None and operator in ("=", "!="):
            known = "null" if operator == "=" else "notNull"
            return {"field": field.name, "operator": known, "value": None}
        return {"field": field.name, "operator": operator, "value": _constant(value, path)}

    def between(self, operator: str, arguments: list[Logic], path: str) -> Tree:
        low, middle, high = arguments
        field = self.variable(middle, path)
        low, high = _constant(low, path), _constant(high, path)
        if operator == "<=" and _ordered(low, high):
            return {"field": field.name, "operator": "between", "value": [low, high]}
        above = {"field": field.name, "operator": _MIRRORED[operator], "value": low}
        return _grouped("and", [above, {"field": field.name, "operator": operator, "value": high}])

    def part_of_text(self, operator: str, part: Logic, value: Logic, path: str) -> Tree:
        """`substr` of a field against a text is “begins with” or “ends with”."""
        if not isinstance(part, list) or not isinstance(value, str) or operator not in ("=", "!="):
            raise Invalid(path, _("A part of a text is read as “begins with” or “ends with” only."))
        name, *where = part
        found = {(0, len(value)): "beginsWith", (-len(value),): "endsWith"}.get(tuple(where))
        if found is None:
            raise Invalid(path, _("The part must be as long as the text that it is compared with."))
        rule = {"field": self.variable(name, path).name, "operator": found, "value": value}
        return rule if operator == "=" else {**_grouped("and", [rule]), "not": True}

    def counted(self, name: str, count: Logic, wanted: Logic, path: str) -> Tree:
        of, step, start = (*count["reduce"], None, None, None)[:3]
        if step != _COUNT or start != 0 or not _is(of, "filter") or name not in _MODES:
            raise Invalid(path, _("Only counting is read: a reduce that adds 1 over a filter."))
        if _is(wanted, "*") and isinstance(wanted["*"], list):
            wanted = wanted["*"][0]
        match = {"mode": _MODES[name], "threshold": _constant(wanted, path)}
        return {**self.matching("some", of["filter"], path), "match": match}

    def read_match(self, name: str, arguments: list[Logic], path: str) -> Tree:
        found = self.matching(name, arguments, path)
        if name != "all":
            return found
        return _grouped("and", [found, {**found, "match": {"mode": "some"}}])

    def matching(self, mode: str, arguments: Logic, path: str) -> Tree:
        if not isinstance(arguments, list) or len(arguments) != 2:
            raise Invalid(path, _("Write a list field and a condition over its elements."))
        field = self.variable(arguments[0], path)
        if field.type != "list" or field.of is None:
            raise Invalid(path, _("“%(name)s” is no list."), name=field.name)
        inner = {"": Field("value", field.of)} if isinstance(field.of, str) else field.of
        value = _Reader(inner).node(arguments[1], path)
        value = value if "rules" in value else _grouped("and", [value])
        return {"field": field.name, "operator": "=", "match": {"mode": mode}, "value": value}

    def read_in(self, _name: str, arguments: list[Logic], path: str) -> Tree:
        if len(arguments) != 2:
            raise Invalid(path, _("Write what is looked for, and where."))
        what, where = arguments
        if _is(what, "var") and isinstance(where, list):
            return {"field": self.variable(what, path).name, "operator": "in", "value": where}
        field = self.variable(where, path)
        if field.type == "list":
            value = [_constant(what, path)]
            return {"field": field.name, "operator": "hasAny", "value": value}
        return self.compared(field, "contains", what, path)

    def read_own(self, name: str, arguments: list[Logic], path: str) -> Tree:
        if len(arguments) != 2:
            raise Invalid(path, _("Write a field and a value."))
        field = self.variable(arguments[0], path)
        return self.compared(field, _PUBLIC.get(name, name), arguments[1], path)

    def read_sequence(self, name: str, arguments: list[Logic], path: str) -> Tree:
        if len(arguments) != 2:
            raise Invalid(path, _("Write a list field and the steps."))
        field = self.variable(arguments[0], path)
        return {"field": field.name, "operator": "sequence", "value": arguments[1]}

    def read_segment(self, name: str, arguments: list[Logic], path: str) -> Tree:
        return {"field": SEGMENT, "operator": "in", "value": arguments}

    def variable(self, tree: Logic, path: str) -> Field:
        if not _is(tree, "var"):
            raise Invalid(path, _("Name a field here: {“var”: “country”}."))
        name = tree["var"]
        return self.field(name[0] if isinstance(name, list) and len(name) == 1 else name, path)

    def field(self, name: object, path: str) -> Field:
        if not isinstance(name, str) or name not in self.fields:
            raise Invalid(
                path,
                _("There is no field %(name)s; choose one of the catalogue."),
                name=f"{name!r:.80}",
            )
        return self.fields[name]


_READERS: Final = {
    "and": "group",
    "or": "group",
    "!": "not",
    "var": "field",
    "in": "in",
    "sequence": "sequence",
    SEGMENT: "segment",
    **dict.fromkeys(_READ_AS, "comparison"),
    **dict.fromkeys(("some", "none", "all"), "match"),
    **dict.fromkeys((*_OWN, *_PUBLIC, "beginsWith"), "own"),
}


def _grouped(combinator: str, rules: list[Tree]) -> Tree:
    return {"combinator": combinator, "not": False, "rules": rules}


def _is(tree: Logic, operation: str) -> bool:
    return isinstance(tree, Mapping) and set(tree) == {operation}


def _constant(value: Logic, path: str) -> Logic:
    if isinstance(value, Mapping | list):
        raise Invalid(path, _("Write a plain value here."))
    return value


def _ordered(low: Logic, high: Logic) -> bool:
    if isinstance(low, str) and isinstance(high, str):
        return low <= high
    is_number = isinstance(low, int | float) and isinstance(high, int | float)
    return is_number and low <= high
