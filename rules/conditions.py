"""A condition as a value: read from the stored tree, checked, and printed back.

In:  the public react-querybuilder document, and the catalogue that types its fields.
Out: a frozen `Condition`; whatever can be parsed can be evaluated, compiled, described and printed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rules.condition_values import read_values, separated
from rules.fields import Catalogue, Field
from rules.invalid import Invalid, at
from rules.operators import OPERATORS, Operator, operators_for
from rules.values import Value, read_duration, read_value
from rules.words import _

__all__ = [
    "Comparison",
    "Condition",
    "Group",
    "Match",
    "SegmentTest",
    "Sequence",
    "Test",
    "fields_read",
    "nodes",
    "parse",
    "segments_read",
]

DEEPEST: Final = 20
MOST_RULES: Final = 500
MODES: Final = ("some", "none", "all", "atLeast", "atMost", "exactly")
COUNTED: Final = MODES[3:]
SEGMENT: Final = "segment"
_SEGMENTS: Final = Field(SEGMENT, "list", of="string")
_GROUP_SAYS: Final = {"combinator", "not", "rules", "id", "path"}
_RULE_SAYS: Final = {"field", "operator", "value", "valueSource", "match", "id", "path"}


@dataclass(frozen=True, slots=True)
class Group:
    """All (`and`) or any (`or`) of the rules; `negated` turns the answer round."""

    combinator: str
    rules: tuple["Node", ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """A field against a value: none, one, two (in order) or many, as the operator's shape says.

    `type` is the field's kind: of a list, with the type of its elements.
    """

    field: str
    type: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field against another field of the same type."""

    field: str
    type: str
    operator: str
    other: str


@dataclass(frozen=True, slots=True)
class SegmentTest:
    """In any of these segments (`negated`: in none of them)."""

    keys: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """How many elements of a list satisfy `inner`. Plain elements are the inner field `value`."""

    field: str
    mode: str
    inner: Group
    threshold: float | None = None
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """Steps over a list, each strictly later by (at, id), all `within` microseconds of the first.

    `then` "did": every step happened. "didNot": all but the last happened, and the window has
    passed without the last.
    """

    field: str
    steps: tuple[Group, ...]
    within: int
    then: str


Node = Group | Test | Comparison | SegmentTest | Match | Sequence
Condition = Group


def parse(tree: object, catalogue: Catalogue) -> Condition:
    """Read a condition, or raise `Invalid` with the path of what is wrong and the remedy."""
    _refuse_bottomless(tree)
    return _Reader(catalogue.fields).group(tree, "", 1)


def fields_read(
    condition: Condition, segments: Mapping[str, Condition] | None = None
) -> frozenset[str]:
    """Names of the fields that decide; with `segments`, those that they read too."""
    found: set[str] = set()
    waiting, seen = [condition], set[str]()
    while waiting:
        here = waiting.pop()
        found |= _own_fields(here)
        for key in segments_read(here) - seen:
            seen.add(key)
            if segments is None or key not in segments:
                found.add(SEGMENT)
            else:
                waiting.append(segments[key])
    return frozenset(found)


def _own_fields(condition: Condition) -> set[str]:
    every = list(nodes(condition))
    found = {node.field for node in every if not isinstance(node, Group | SegmentTest)}
    return found | {node.other for node in every if isinstance(node, Comparison)}


def segments_read(condition: Condition) -> frozenset[str]:
    """Keys of the segments that it names itself."""
    named = (node.keys for node in nodes(condition) if isinstance(node, SegmentTest))
    return frozenset(key for keys in named for key in keys)


def nodes(condition: Condition) -> Iterator[Node]:
    """Every node over the visitor's own fields, not the insides of matches over lists."""
    waiting: list[Node] = [condition]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Group):
            waiting.extend(node.rules)


def _refuse_bottomless(tree: object) -> None:
    """Measure depth without recursion, before anything recurses."""
    waiting = [(tree, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST * 4:
            raise _too_deep("")
        if isinstance(value, Mapping):
            waiting.extend((each, depth + 1) for each in value.values())
        elif isinstance(value, list | tuple):
            waiting.extend((each, depth + 1) for each in value)


def _too_deep(path: str) -> Invalid:
    return Invalid(
        path, _("Groups are nested deeper than %(most)s; name parts as segments."), most=DEEPEST
    )


class _Reader:
    knows_segments = True  # a segment can be asked for, whatever the catalogue lists

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields
        self.rules_left = MOST_RULES

    def group(self, tree: object, path: str, depth: int) -> Group:
        if not isinstance(tree, Mapping):
            raise Invalid(path, _('Write a group: {"combinator": "and", "rules": []}.'))
        _refuse_unknown(tree, _GROUP_SAYS, path)
        if depth > DEEPEST:
            raise _too_deep(path)
        combinator, negated = tree.get("combinator", "and"), tree.get("not", False)
        if not isinstance(combinator, str) or combinator not in ("and", "or"):
            raise Invalid(at(path, "combinator"), _("Write “and” or “or”."))
        if not isinstance(negated, bool):
            raise Invalid(at(path, "not"), _("Write true or false."))
        rules = tree.get("rules")
        if not isinstance(rules, list | tuple):
            raise Invalid(at(path, "rules"), _("Write a list of rules and groups."))
        inside = tuple(
            self.node(each, at(path, f"rules/{index}"), depth) for index, each in enumerate(rules)
        )
        return Group(combinator, inside, negated)

    def node(self, tree: object, path: str, depth: int) -> Node:
        if isinstance(tree, Mapping) and "rules" in tree:
            return self.group(tree, path, depth + 1)
        if not isinstance(tree, Mapping):
            raise Invalid(path, _("Write a rule with field, operator and value, or a group."))
        self.rules_left -= 1
        if self.rules_left < 0:
            raise Invalid(
                path, _("More than %(most)s rules; name parts as segments."), most=MOST_RULES
            )
        return self.rule(tree, path, depth)

    def rule(self, tree: Mapping[str, Any], path: str, depth: int) -> Node:
        _refuse_unknown(tree, _RULE_SAYS, path)
        field = self.field(tree.get("field"), at(path, "field"))
        if tree.get("match") is not None:
            return self.match(field, tree, path, depth)
        operator = self.operator(field, tree.get("operator"), at(path, "operator"))
        if field.name == SEGMENT and field.type == "list":
            return self.segment(operator, tree.get("value"), at(path, "value"))
        if operator.shape == "steps":
            return self.sequence(field, tree.get("value"), at(path, "value"), depth)
        source = tree.get("valueSource", "value")
        if source not in ("value", "field"):
            raise Invalid(at(path, "valueSource"), _("Write “value” or “field”."))
        if source == "field":
            return self.comparison(field, operator, tree.get("value"), at(path, "value"))
        values = read_values(field, operator, tree.get("value"), at(path, "value"))
        return Test(field.name, field.kind, operator.key, values)

    def field(self, name: object, path: str) -> Field:
        if name == SEGMENT and self.knows_segments:
            return self.fields.get(SEGMENT, _SEGMENTS)
        if not isinstance(name, str) or name not in self.fields:
            raise Invalid(
                path,
                _("There is no field %(name)s; choose one of the catalogue."),
                name=f"{name!r:.80}",
            )
        field = self.fields[name]
        if field.personal:
            raise Invalid(
                path, _("“%(name)s” is personal: it may fill placeholders, not decide."), name=name
            )
        return field

    def operator(self, field: Field, key: object, path: str) -> Operator:
        if field.name == SEGMENT and field.type == "list":
            offered = tuple(OPERATORS[each] for each in ("in", "notIn", "=", "!="))
        else:
            offered = operators_for(field.type)
        if isinstance(key, str) and key in OPERATORS and OPERATORS[key] in offered:
            return OPERATORS[key]
        keys = ", ".join(each.key for each in offered)
        raise Invalid(
            path,
            _("A %(type)s cannot be asked %(key)s; choose one of %(keys)s."),
            type=field.type,
            key=f"{key!r:.40}",
            keys=keys,
        )

    def segment(self, operator: Operator, value: object, path: str) -> SegmentTest:
        keys = separated(value)
        if not isinstance(keys, list | tuple) or not keys:
            raise Invalid(path, _("Name at least one segment."))
        for index, key in enumerate(keys):
            if not isinstance(key, str) or not key.strip():
                raise Invalid(at(path, str(index)), _("Name a segment by its key."))
            read_value("string", key, at(path, str(index)))
        return SegmentTest(tuple(key.strip() for key in keys), operator.negated)

    def comparison(self, field: Field, operator: Operator, name: object, path: str) -> Comparison:
        other = self.field(name, path)
        if operator.shape != "one":
            raise Invalid(
                path, _("“%(key)s” compares with values, not with another field."), key=operator.key
            )
        if other.type != field.type or field.type == "list":
            raise Invalid(
                path,
                _("“%(name)s” and “%(other)s” are of different types."),
                name=field.name,
                other=other.name,
            )
        if operator.base == "matches":
            raise Invalid(path, _("A pattern must be written out; it cannot come from a field."))
        return Comparison(field.name, field.type, operator.key, other.name)

    def match(self, field: Field, tree: Mapping[str, Any], path: str, depth: int) -> Match:
        if field.type != "list" or field.name == SEGMENT:
            raise Invalid(
                at(path, "match"), _("“%(name)s” is no list; remove “match”."), name=field.name
            )
        if tree.get("operator", "=") != "=":
            raise Invalid(at(path, "operator"), _("With “match”, the operator is “=”."))
        mode, threshold = _read_mode(tree["match"], at(path, "match"))
        inner = self.inside(field).group(tree.get("value"), at(path, "value"), depth + 1)
        return Match(field.name, mode, inner, threshold, isinstance(field.of, str))

    def inside(self, field: Field) -> "_Reader":
        """A reader of conditions over one element; its rules count with ours."""
        plain = isinstance(field.of, str)
        fields = {"value": Field("value", str(field.of))} if plain else field.of
        return _Inside(fields, self)  # type: ignore[arg-type] # `of` of a list is one of the two

    def sequence(self, field: Field, value: object, path: str, depth: int) -> Sequence:
        if isinstance(field.of, str) or field.of is None or not {"at", "id"} <= set(field.of):
            raise Invalid(
                path, _("Elements of “%(name)s” have no time to order them by."), name=field.name
            )
        if not isinstance(value, Mapping):
            raise Invalid(
                path, _('Write {"steps": [group, group], "within": "2d", "then": "did"}.')
            )
        _refuse_unknown(value, {"steps", "within", "then"}, path)
        steps = value.get("steps")
        if not isinstance(steps, list | tuple) or len(steps) < 2:
            raise Invalid(at(path, "steps"), _("Write at least two steps."))
        if value.get("then") not in ("did", "didNot"):
            raise Invalid(at(path, "then"), _("Write “did” or “didNot”."))
        groups = tuple(
            self.inside(field).group(each, at(path, f"steps/{index}"), depth + 1)
            for index, each in enumerate(steps)
        )
        within = read_duration(value.get("within"), at(path, "within"))
        return Sequence(field.name, groups, within, value["then"])


class _Inside(_Reader):
    knows_segments = False  # an element of a list is in no segment

    def __init__(self, fields: Mapping[str, Field], outer: _Reader) -> None:
        self.outer = outer
        super().__init__(fields)

    @property
    def rules_left(self) -> int:
        return self.outer.rules_left

    @rules_left.setter
    def rules_left(self, left: int) -> None:
        self.outer.rules_left = min(left, self.outer.rules_left)


def _read_mode(match: object, path: str) -> tuple[str, float | None]:
    if not isinstance(match, Mapping):
        raise Invalid(path, _('Write {"mode": "atLeast", "threshold": 3}.'))
    _refuse_unknown(match, {"mode", "threshold"}, path)
    mode, threshold = match.get("mode"), match.get("threshold")
    if not isinstance(mode, str) or mode not in MODES:
        raise Invalid(at(path, "mode"), _("Choose one of %(names)s."), names=", ".join(MODES))
    if mode not in COUNTED:
        return mode, None
    number = read_value("number", threshold, at(path, "threshold"))
    if not isinstance(number, int | float) or number < 0:
        raise Invalid(at(path, "threshold"), _("Write how many, from 0; below 1 it is a share."))
    if number > 1 and number != int(number):
        raise Invalid(at(path, "threshold"), _("Write a whole number, or a share between 0 and 1."))
    return mode, number


def _refuse_unknown(tree: Mapping[Any, Any], known: set[str], path: str) -> None:
    for key in tree:
        if key not in known:
            raise Invalid(
                at(path, f"{key!s:.60}"),
                _("Unknown; write %(names)s."),
                names=", ".join(sorted(known)),
            )
