"""A condition as SQL over stored visitors, for counting and listing an audience.

In:  a condition, the segments that it names, and the columns that hold each field.
Out: an expression that is true, false or NULL (unknown) just as the compiled Python is, and its
     parameters. Fields without a column (a page view's, say) are unknown.

Columns give text, numbers (double precision or bigint), booleans, microseconds since 1970 for
times, and `rules.version_key` for versions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from string import Formatter
from typing import Any, Final

from rules.conditions import (
    Comparison,
    Condition,
    Group,
    Match,
    Node,
    SegmentTest,
    Test,
)
from rules.conditions import (
    Sequence as Steps,
)
from rules.fields import Invalid
from rules.operators import BASES, OPERATORS
from rules.patterns import to_glob, to_like
from rules.values import Value, microseconds, version_key

DIALECTS: Final = ("sqlite", "postgresql")
_TURNED: Final = {"AND": "OR", "OR": "AND"}
_IN_ONE_BRACKET: Final = 50


@dataclass(frozen=True, slots=True)
class ListColumn:
    """Where the elements of a list stand; `{e}` is the alias of one element.

    `source` follows FROM: a table with its alias, then the WHERE that ties the rows to the
    visitor. `known` is true where the visitor has a list at all, be it empty.
    """

    source: str
    columns: Mapping[str, str]
    known: str = "TRUE"


Columns = Mapping[str, "str | ListColumn"]
Parameters = list[Any]  # what database drivers take


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of SQL with `%s` for each of its parameters, in order.

    `depth` estimates the parser's stack: SQLite gives up at 100 symbols. What is deep is written
    first in its group, where it costs least, and negations are pushed down to the single tests.
    """

    text: str
    parameters: tuple[Any, ...] = ()
    depth: int = 1


def to_sql(
    condition: Condition,
    segments: Mapping[str, Condition],
    columns: Columns,
    dialect: str,
    now: datetime,
) -> tuple[str, Parameters]:
    """The condition as one expression with `%s` placeholders, and its parameters."""
    if dialect not in DIALECTS:
        raise ValueError(f"no SQL for {dialect!r}; one of {', '.join(DIALECTS)}")
    said = _Writer(segments, dialect, microseconds(now)).group(condition, columns)
    return said.text, list(said.parameters)


class _Writer:
    def __init__(self, segments: Mapping[str, Condition], dialect: str, now: int) -> None:
        self.segments, self.dialect, self.now = segments, dialect, now
        self.open: list[str] = []
        self.aliases = 0

    def group(self, group: Group, columns: Columns, negated: bool = False) -> Said:
        negated ^= group.negated
        if not group.rules:
            return Said("FALSE" if negated else "TRUE")
        word = {"and": "AND", "or": "OR"}[group.combinator]
        parts = [self.node(each, columns, negated) for each in group.rules]
        return _joined(parts, _TURNED[word] if negated else word)

    def node(self, node: Node, columns: Columns, negated: bool) -> Said:
        match node:
            case Group():
                return self.group(node, columns, negated)
            case SegmentTest():
                return self.segment(node, columns, negated)
            case Test():
                said = self.test(node, columns)
                negated ^= OPERATORS[node.operator].negated
            case Comparison():
                said = self.comparison(node, columns)
                negated ^= OPERATORS[node.operator].negated
            case Match():
                said = self.match(node, columns)
            case Steps():
                said = self.sequence(node, columns)
        return _wrapped("NOT ({})", said) if negated else said

    def test(self, test: Test, columns: Columns) -> Said:
        column = columns.get(test.field)
        if isinstance(column, ListColumn):
            return self.list_test(test, column)
        if column is not None:
            return self.plain_test(test, column)
        return Said("TRUE") if OPERATORS[test.operator].base == "unknown" else self.unknown()

    def plain_test(self, test: Test, column: str) -> Said:
        base = OPERATORS[test.operator].base
        form = BASES[base].in_sql(self.dialect)
        values = list(self.values(test))
        if base == "in":
            filled = Said(", ".join(["%s"] * len(values)), tuple(values))
            return _filled(form, f=Said(self.collated(column, test.type)), a=filled)
        given = {name: Said("%s", (value,)) for name, value in zip("ab", values, strict=False)}
        return _filled(form, f=Said(self.collated(column, test.type)), **given, now=self.instant())

    def values(self, test: Test) -> Iterator[Any]:
        base = OPERATORS[test.operator].base
        for value in test.values:
            if base == "matches":
                yield (to_glob if self.dialect == "sqlite" else to_like)(str(value))
            else:
                yield _stored(test.type, value)

    def comparison(self, node: Comparison, columns: Columns) -> Said:
        mine, other = columns.get(node.field), columns.get(node.other)
        if not isinstance(mine, str) or not isinstance(other, str):
            return self.unknown()
        return _filled(
            BASES[OPERATORS[node.operator].base].in_sql(self.dialect),
            f=Said(self.collated(mine, node.type)),
            a=Said(self.collated(other, node.type)),
        )

    def segment(self, node: SegmentTest, columns: Columns, negated: bool) -> Said:
        negated ^= node.negated
        parts = [self.named(key, columns, negated) for key in node.keys]
        return _joined(parts, "AND" if negated else "OR")

    def named(self, key: str, columns: Columns, negated: bool) -> Said:
        if key not in self.segments:
            raise Invalid("", f"There is no segment “{key}”; make it, or name another.")
        if key in self.open:
            circle = " → ".join([*self.open[self.open.index(key) :], key])
            raise Invalid("", f"Segments refer to each other in a circle: {circle}.")
        self.open.append(key)
        said = self.group(self.segments[key], columns, negated)
        self.open.pop()
        return said

    def list_test(self, test: Test, column: ListColumn) -> Said:
        base = OPERATORS[test.operator].base
        if base == "unknown":
            return Said(f"NOT ({column.known})")
        wanted = [_stored(test.type, value) for value in test.values]
        if base == "any":
            return self.known(column, self.holds_any(column, wanted))
        return self.known(column, _joined([self.holds_any(column, [w]) for w in wanted], "AND"))

    def holds_any(self, column: ListColumn, wanted: list[Any]) -> Said:
        alias = self.alias()
        marks = ", ".join(["%s"] * len(wanted))
        within = Said(f"{_of(column.columns['value'], alias)} IN ({marks})", tuple(wanted))
        return _wrapped("EXISTS ({})", self.rows(column, alias, within))

    def match(self, node: Match, columns: Columns) -> Said:
        column = columns.get(node.field)
        if not isinstance(column, ListColumn):
            return self.unknown()
        return self.known(column, self.counted(node, column))

    def counted(self, node: Match, column: ListColumn) -> Said:
        alias = self.alias()
        inner = self.group(node.inner, _element(column, alias))
        if node.mode in ("some", "none"):
            said = _wrapped("EXISTS ({})", self.rows(column, alias, inner))
            return said if node.mode == "some" else _wrapped("NOT {}", said)
        if node.mode == "all":
            other = _wrapped("({}) IS NOT TRUE", inner)
            return _wrapped("NOT EXISTS ({})", self.rows(column, alias, other))
        count = _wrapped("({})", self.rows(column, alias, inner, what="COUNT(*)"))
        sign = {"atLeast": ">=", "atMost": "<=", "exactly": "="}[node.mode]
        wanted = self.threshold(node, column)
        return Said(f"{count.text} {sign} {wanted.text}", (*count.parameters, *wanted.parameters))

    def threshold(self, node: Match, column: ListColumn) -> Said:
        wanted = node.threshold or 0
        if not 0 < wanted < 1:
            return Said("%s", (int(wanted),))
        total = self.rows(column, self.alias(), Said("TRUE"), what="COUNT(*)")
        return _wrapped("CAST(%s AS double precision) * ({})", total, wanted)

    def sequence(self, node: Steps, columns: Columns) -> Said:
        """One row for each step that happened, joined; what must not follow is one NOT EXISTS."""
        column = columns.get(node.field)
        if not isinstance(column, ListColumn):
            return self.unknown()
        steps = node.steps if node.then == "did" else node.steps[:-1]
        aliases = [self.alias() for _ in steps]
        table, _, tied = column.source.partition(" WHERE ")
        tables = ", ".join(_of(table, alias) for alias in aliases)
        began = _of(column.columns["at"], aliases[0])
        parts = [Said(_of(tied, alias)) for alias in aliases]
        parts += [
            Said(f"{began} IS NOT NULL AND {_of(column.columns['id'], aliases[0])} IS NOT NULL")
        ]
        for before, alias in pairwise(aliases):
            parts += self.follows(column, alias, before, began, node.within)
        parts += [self.group(s, _element(column, a)) for s, a in zip(steps, aliases, strict=True)]
        if node.then == "didNot":
            parts.append(Said(f"{began} < %s", (self.now - node.within,)))
            parts.append(self.never(node, column, aliases[-1], began))
        form = f"EXISTS (SELECT 1 FROM {tables} WHERE {{}})"  # noqa: S608 - our own text
        return self.known(column, _wrapped(form, _joined(parts, "AND")))

    def never(self, node: Steps, column: ListColumn, before: str, began: str) -> Said:
        """The last step did not follow in the window."""
        alias = self.alias()
        parts = self.follows(column, alias, before, began, node.within)
        parts.append(self.group(node.steps[-1], _element(column, alias)))
        return _wrapped("NOT EXISTS ({})", self.rows(column, alias, _joined(parts, "AND")))

    def follows(
        self, column: ListColumn, alias: str, before: str, began: str, within: int
    ) -> list[Said]:
        """Strictly later by (at, id), and still in the window that began."""
        return [
            Said(f"({self.place(column, alias)}) > ({self.place(column, before)})"),
            Said(f"{_of(column.columns['at'], alias)} - {began} <= %s", (within,)),
        ]

    def place(self, column: ListColumn, alias: str) -> str:
        name = self.collated(_of(column.columns["id"], alias), "string")
        return f"{_of(column.columns['at'], alias)}, {name}"

    def rows(self, column: ListColumn, alias: str, where: Said, what: str = "1") -> Said:
        source = _of(column.source, alias)
        form = f"SELECT {what} FROM {source} AND {{}}"  # noqa: S608 - our own text
        return _wrapped(form, where)

    def known(self, column: ListColumn, said: Said) -> Said:
        if column.known == "TRUE":
            return said
        return _wrapped(f"CASE WHEN {column.known} THEN ({{}}) END", said)

    def collated(self, column: str, kind: str) -> str:
        """Text is ordered by code point: `COLLATE "C"`; in SQLite that is the default."""
        is_text = kind in ("string", "version")
        return f'{column} COLLATE "C"' if is_text and self.dialect == "postgresql" else column

    def instant(self) -> Said:
        return Said("%s", (self.now,))

    def unknown(self) -> Said:
        return Said("NULL" if self.dialect == "sqlite" else "NULL::boolean")

    def alias(self) -> str:
        self.aliases += 1
        return f"e{self.aliases}"


def _joined(parts: Sequence[Said], word: str) -> Said:
    """Parts in one bracket, deepest first; many are bracketed by fifties, as databases bound
    the height of an expression too."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) > _IN_ONE_BRACKET:
        starts = range(0, len(parts), _IN_ONE_BRACKET)
        chunks = [_joined(parts[start : start + _IN_ONE_BRACKET], word) for start in starts]
        return _joined(chunks, word)
    ordered = sorted(parts, key=lambda part: -part.depth)
    text = f" {word} ".join(part.text for part in ordered)
    depth = max(ordered[0].depth + 1, ordered[1].depth + 3)
    return Said(f"({text})", tuple(p for part in ordered for p in part.parameters), depth)


def _wrapped(form: str, said: Said, *before: Any) -> Said:  # parameters of any type
    depth = said.depth + 2 + 9 * ("SELECT" in form) + 5 * ("CASE" in form)
    return Said(form.replace("{}", said.text), (*before, *said.parameters), depth)


def _filled(form: str, **given: Said) -> Said:
    """Fill a form of the operator table; a value that it names twice is given twice."""
    text: list[str] = []
    parameters: Parameters = []
    for literal, name, _spec, _conversion in Formatter().parse(form):
        text.append(literal)
        if name:
            text.append(given[name].text)
            parameters.extend(given[name].parameters)
    return Said("".join(text), tuple(parameters))


def _element(column: ListColumn, alias: str) -> dict[str, "str | ListColumn"]:
    return {name: _of(text, alias) for name, text in column.columns.items()}


def _of(text: str, alias: str) -> str:
    return text.replace("{e}", alias)


def _stored(kind: str, value: Value) -> Any:  # as drivers take it
    if isinstance(value, datetime):
        return microseconds(value)
    if kind.endswith("version"):
        return version_key(str(value))
    return value
