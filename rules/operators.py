"""The one operator table: how it reads, which types it takes, what it means in Python and in SQL.

Every operator is a base test, or the negation of one: negating the unknown gives the unknown.
"""

from dataclasses import dataclass
from typing import Final

from rules.words import _

ORDERED = frozenset({"string", "number", "datetime", "version"})
EVERY_PLAIN = ORDERED | {"boolean"}


@dataclass(frozen=True, slots=True)
class Base:
    """A test that is true or false of known values. `{f}` the field, `{a}` and `{b}` the values.

    `sqlite` and `postgresql` are given only where one SQL form does not serve both.
    """

    python: str
    sql: str = ""
    sqlite: str = ""
    postgresql: str = ""

    def in_sql(self, dialect: str) -> str:
        return (self.sqlite if dialect == "sqlite" else self.postgresql) or self.sql


BASES: Final[dict[str, Base]] = {
    "equal": Base("{f} == {a}", "{f} = {a}"),
    "less": Base("{f} < {a}", "{f} < {a}"),
    "atMost": Base("{f} <= {a}", "{f} <= {a}"),
    "more": Base("{f} > {a}", "{f} > {a}"),
    "atLeast": Base("{f} >= {a}", "{f} >= {a}"),
    "between": Base("{a} <= {f} <= {b}", "({f} >= {a} AND {f} <= {b})"),
    "in": Base("{f} in {a}", "{f} IN ({a})"),
    "contains": Base("{a} in {f}", sqlite="instr({f}, {a}) > 0", postgresql="strpos({f}, {a}) > 0"),
    "begins": Base("{f}.startswith({a})", "substr({f}, 1, length({a})) = {a}"),
    "ends": Base(
        "{f}.endswith({a})",
        sqlite="(length({f}) >= length({a}) AND substr({f}, length({f}) - length({a}) + 1) = {a})",
        postgresql="right({f}, length({a})) = {a}",
    ),
    "matches": Base(
        "{a}({f}) is not None", sqlite="{f} GLOB {a}", postgresql="{f} LIKE {a} ESCAPE '\\'"
    ),
    "within": Base("now - {a} <= {f} <= now", "({f} >= {now} - {a} AND {f} <= {now})"),
    "older": Base("{f} < now - {a}", "{f} < {now} - {a}"),
    "unknown": Base("{f} is None", "{f} IS NULL"),
    "any": Base("not {a}.isdisjoint({f})"),
    "all": Base("{a}.issubset({f})"),
}


@dataclass(frozen=True, slots=True)
class Operator:
    """`shape`: what the value looks like: none, one, two, many, duration, or steps."""

    key: str
    label: str
    base: str
    types: frozenset[str]
    shape: str = "one"
    negated: bool = False


_TEXT = frozenset({"string"})
_TIME = frozenset({"datetime"})
_LIST = frozenset({"list"})
_LISTED = frozenset({"string", "number", "datetime", "version"})

OPERATORS: Final[dict[str, Operator]] = {
    each.key: each
    for each in (
        Operator("=", _("is"), "equal", EVERY_PLAIN),
        Operator("!=", _("is not"), "equal", EVERY_PLAIN, negated=True),
        Operator("<", _("is less than"), "less", ORDERED),
        Operator(">", _("is more than"), "more", ORDERED),
        Operator("<=", _("is at most"), "atMost", ORDERED),
        Operator(">=", _("is at least"), "atLeast", ORDERED),
        Operator("contains", _("contains"), "contains", _TEXT),
        Operator("doesNotContain", _("does not contain"), "contains", _TEXT, negated=True),
        Operator("beginsWith", _("begins with"), "begins", _TEXT),
        Operator("doesNotBeginWith", _("does not begin with"), "begins", _TEXT, negated=True),
        Operator("endsWith", _("ends with"), "ends", _TEXT),
        Operator("doesNotEndWith", _("does not end with"), "ends", _TEXT, negated=True),
        Operator("null", _("is unknown"), "unknown", EVERY_PLAIN | _LIST, "none"),
        Operator("notNull", _("is known"), "unknown", EVERY_PLAIN | _LIST, "none", negated=True),
        Operator("in", _("is one of"), "in", _LISTED, "many"),
        Operator("notIn", _("is none of"), "in", _LISTED, "many", negated=True),
        Operator("between", _("is between"), "between", ORDERED, "two"),
        Operator("notBetween", _("is not between"), "between", ORDERED, "two", negated=True),
        Operator("matches", _("looks like"), "matches", _TEXT),
        Operator("doesNotMatch", _("does not look like"), "matches", _TEXT, negated=True),
        Operator("withinLast", _("is within the last"), "within", _TIME, "duration"),
        Operator("olderThan", _("is longer ago than"), "older", _TIME, "duration"),
        Operator("before", _("is before"), "less", _TIME),
        Operator("after", _("is after"), "more", _TIME),
        Operator("hasAny", _("has any of"), "any", _LIST, "many"),
        Operator("hasAll", _("has all of"), "all", _LIST, "many"),
        Operator("hasNone", _("has none of"), "any", _LIST, "many", negated=True),
        Operator("versionAtLeast", _("is at least version"), "atLeast", frozenset({"version"})),
        Operator("sequence", _("did in this order"), "sequence", _LIST, "steps"),
    )
}


def operators_for(kind: str) -> tuple[Operator, ...]:
    """What can be asked of a field of this type, in the table's order."""
    return tuple(each for each in OPERATORS.values() if kind in each.types)
