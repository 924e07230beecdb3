"""A condition as SQL over stored visitors, for counting and listing an audience.

In:  a condition, the segments that it names, and the columns that hold each field.
Out: an expression for WHERE that is true just where the compiled Python says so, and its
     parameters. Fields without a column (a page view's, say) are unknown.

Columns give text, numbers (double precision or bigint), booleans, microseconds since 1970 for
times, and `rules.version_key` for versions.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
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
from rules.operators import BASES, OPERATORS
from rules.patterns import to_glob, to_like
from rules.segments import mentions
from rules.sql_columns import (
    Columns,
    ListColumn,
    RowColumn,
    Spelling,
    base_of,
    code_of,
    compared,
    of,
    stored,
)
from rules.sql_text import Said, SharedTruths, filled, joined, wrapped
from rules.values import microseconds

DIALECTS: Final = ("sqlite", "postgresql")
_BEGINNING: Final = frozenset({"equal", "more", "atLeast", "between", "within"})
_TURNED: Final = {"AND": "OR", "OR": "AND"}
Parameters = list[Any]  # what database drivers take


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
    said = _Writer(columns, dialect, microseconds(now)).whole(condition, segments)
    return said.text, list(said.parameters)


class _Writer:
    def __init__(self, columns: Columns, dialect: str, now: int) -> None:
        self.columns, self.dialect, self.now = columns, dialect, now
        self.named: dict[tuple[str, bool], Said] = {}  # a segment's truth, and its negation
        self.shared = SharedTruths()
        self.aliases = 0
        self.is_exact = False  # unknown is told from false: needed where a truth is negated later
        self.is_required = False  # who fails what is written now, is out

    def whole(self, condition: Condition, segments: Mapping[str, Condition]) -> Said:
        """The condition, once each segment that it reads has been written."""
        asked = mentions(condition, segments)
        for key in asked:
            self.is_exact = True
            said = self.group(segments[key], self.columns)
            self.is_exact = False
            if self.shared.is_worthwhile(said, asked[key]):
                self.named[key, False] = self.shared.add(said)
                self.named[key, True] = wrapped("NOT {}", self.named[key, False])
            else:
                self.named[key, False] = self.group(segments[key], self.columns)
                self.named[key, True] = self.group(segments[key], self.columns, negated=True)
        self.is_required = True
        return self.shared.around(self.group(condition, self.columns))

    def group(self, group: Group, columns: Columns, negated: bool = False) -> Said:
        negated ^= group.negated
        if not group.rules:
            return Said("FALSE" if negated else "TRUE")
        word = {"and": "AND", "or": "OR"}[group.combinator]
        word = _TURNED[word] if negated else word
        before, self.is_required = self.is_required, self.is_required and word == "AND"
        parts = [self.node(each, columns, negated) for each in group.rules]
        self.is_required = before
        return joined(parts, word)

    def node(self, node: Node, columns: Columns, negated: bool) -> Said:
        match node:
            case Group():
                return self.group(node, columns, negated)
            case SegmentTest():
                return self.segment(node, negated)
            case Test():
                negated ^= OPERATORS[node.operator].negated
                if (column := self.looked_up(node, columns)) is not None:
                    return self.permitted_test(node, column, negated)
                said = self.test(node, columns)
            case Comparison():
                said = self.comparison(node, columns)
                negated ^= OPERATORS[node.operator].negated
            case Match():
                said = self.match(node, columns, is_required=self.is_required and not negated)
            case Steps():
                said = self.sequence(node, columns)
        return wrapped("NOT ({})", said) if negated else said

    def test(self, test: Test, columns: Columns) -> Said:
        match columns.get(test.field):
            case ListColumn() as column:
                return self.list_test(test, column)
            case RowColumn() as column if column.says(test):
                return self.plain_test(test, column.plainly_placed, code_of)
            case RowColumn() as column:
                return self.plain_test(test, column.plain)
            case str() as column:
                return self.plain_test(test, column)
        return Said("TRUE") if base_of(test) == "unknown" else self.unknown()

    def looked_up(self, test: Test, columns: Columns) -> RowColumn | None:
        """Its column, if the rows that answer can be found first; those of the unknown cannot."""
        column = columns.get(test.field)
        if self.is_exact or base_of(test) == "unknown":
            return None
        return column if isinstance(column, RowColumn) else None

    def permitted_test(self, test: Test, column: RowColumn, negated: bool) -> Said:
        if column.says(test):
            said = self.plain_test(test, column.placed, code_of)
            said = wrapped("NOT ({})", said) if negated else said
        else:
            said = self.row_test(test, column, negated)
        return said if column.permitted == "TRUE" else joined([Said(column.permitted), said], "AND")

    def row_test(self, test: Test, column: RowColumn, negated: bool) -> Said:
        """Who has a row that answers; its negation asks for a row too: no row is unknown."""
        alias = self.alias()
        value = of(column.value, alias)
        if not negated and _is_brief(test, column):
            said = joined([self.test_of(test, value), Said(of(column.brief, alias))], "AND")
        else:
            said = self.plain_test(test, value)
        said = wrapped("NOT ({})", said) if negated else said
        rows = f"SELECT {of(column.owner, alias)} FROM {of(column.source, alias)} AND {{}}"  # noqa: S608 - our own text
        return wrapped(f"{column.visitor} IN ({rows})", said)

    def plain_test(self, test: Test, column: str, spelled: Spelling = stored) -> Said:
        return self.test_of(test, self.collated(column, test.type), spelled)

    def test_of(self, test: Test, column: str, spelled: Spelling = stored) -> Said:
        base = base_of(test)
        form = BASES[base].in_sql(self.dialect)
        values = list(self.values(test, spelled))
        if base == "in":
            listed = Said(", ".join(["%s"] * len(values)), tuple(values))
            return filled(form, f=Said(column), a=listed)
        given = {name: Said("%s", (value,)) for name, value in zip("ab", values, strict=False)}
        return filled(form, f=Said(column), **given, now=self.instant())

    def values(self, test: Test, spelled: Spelling) -> Iterator[Any]:
        base = base_of(test)
        for value in test.values:
            if base == "matches":
                yield (to_glob if self.dialect == "sqlite" else to_like)(str(value))
            else:
                yield spelled(test.type, value)

    def comparison(self, node: Comparison, columns: Columns) -> Said:
        mine, other = columns.get(node.field), columns.get(node.other)
        if isinstance(mine, ListColumn | None) or isinstance(other, ListColumn | None):
            return self.unknown()
        both = compared(mine, other, node)
        f, a = (Said(self.collated(each, node.type)) for each in both)
        return filled(BASES[OPERATORS[node.operator].base].in_sql(self.dialect), f=f, a=a)

    def segment(self, node: SegmentTest, negated: bool) -> Said:
        negated ^= node.negated
        parts = [self.named[key, negated] for key in node.keys]
        return joined(parts, "AND" if negated else "OR")

    def list_test(self, test: Test, column: ListColumn) -> Said:
        base = base_of(test)
        if base == "unknown":
            return Said(f"NOT ({column.known})")
        wanted = [stored(test.type, value) for value in test.values]
        if base == "any":
            return self.known(column, self.holds_any(column, wanted))
        return self.known(column, joined([self.holds_any(column, [w]) for w in wanted], "AND"))

    def holds_any(self, column: ListColumn, wanted: list[Any]) -> Said:
        alias = self.alias()
        marks = ", ".join(["%s"] * len(wanted))
        within = Said(f"{of(column.columns['value'], alias)} IN ({marks})", tuple(wanted))
        return wrapped("EXISTS ({})", self.rows(column, alias, within))

    def match(self, node: Match, columns: Columns, *, is_required: bool) -> Said:
        column = columns.get(node.field)
        if not isinstance(column, ListColumn):
            return self.unknown()
        is_quicker = self.dialect == "postgresql" and column.everybody and is_required
        write = self.found if is_quicker and _is_of_late(node) else self.counted
        return self.known(column, write(node, column))

    def found(self, node: Match, column: ListColumn) -> Said:
        """The owners of enough elements: what happened of late is less than all visitors.

        Elsewhere than in an "and", PostgreSQL might look through these owners for each visitor.
        SQLite is quicker visitor by visitor.
        """
        alias = self.alias()
        owner, inner = of(column.owner, alias), self.group(node.inner, _element(column, alias))
        rows = f"SELECT {owner} FROM {of(column.everybody, alias)} AND {{}}"  # noqa: S608 - our own text
        enough = f"GROUP BY {owner} HAVING COUNT(*) >= {int(node.threshold or 0)}"
        return wrapped(f"{column.visitor} IN ({rows} {enough})", inner)

    def counted(self, node: Match, column: ListColumn) -> Said:
        alias = self.alias()
        inner = self.group(node.inner, _element(column, alias))
        if node.mode in ("some", "none"):
            said = wrapped("EXISTS ({})", self.rows(column, alias, inner))
            return said if node.mode == "some" else wrapped("NOT {}", said)
        if node.mode == "all":
            other = wrapped("({}) IS NOT TRUE", inner)
            return wrapped("NOT EXISTS ({})", self.rows(column, alias, other))
        count = wrapped("({})", self.rows(column, alias, inner, what="COUNT(*)"))
        sign = {"atLeast": ">=", "atMost": "<=", "exactly": "="}[node.mode]
        wanted = self.threshold(node, column)
        return Said(f"{count.text} {sign} {wanted.text}", (*count.parameters, *wanted.parameters))

    def threshold(self, node: Match, column: ListColumn) -> Said:
        wanted = node.threshold or 0
        if not 0 < wanted < 1:
            return Said("%s", (int(wanted),))
        total = self.rows(column, self.alias(), Said("TRUE"), what="COUNT(*)")
        return wrapped("CAST(%s AS double precision) * ({})", total, wanted)

    def sequence(self, node: Steps, columns: Columns) -> Said:
        """One row for each step that happened, joined; what must not follow is one NOT EXISTS."""
        column = columns.get(node.field)
        if not isinstance(column, ListColumn):
            return self.unknown()
        steps = node.steps if node.then == "did" else node.steps[:-1]
        aliases = [self.alias() for _ in steps]
        table, _, tied = column.source.partition(" WHERE ")
        tables = ", ".join(of(table, alias) for alias in aliases)
        began = of(column.columns["at"], aliases[0])
        parts = [Said(of(tied, alias)) for alias in aliases]
        parts += [
            Said(f"{began} IS NOT NULL AND {of(column.columns['id'], aliases[0])} IS NOT NULL")
        ]
        for before, alias in pairwise(aliases):
            parts += self.follows(column, alias, before, began, node.within)
        parts += [self.group(s, _element(column, a)) for s, a in zip(steps, aliases, strict=True)]
        if node.then == "didNot":
            parts.append(Said(f"{began} < %s", (self.now - node.within,)))
            parts.append(self.never(node, column, aliases[-1], began))
        form = f"EXISTS (SELECT 1 FROM {tables} WHERE {{}})"  # noqa: S608 - our own text
        return self.known(column, wrapped(form, joined(parts, "AND")))

    def never(self, node: Steps, column: ListColumn, before: str, began: str) -> Said:
        """The last step did not follow in the window."""
        alias = self.alias()
        parts = self.follows(column, alias, before, began, node.within)
        parts.append(self.group(node.steps[-1], _element(column, alias)))
        return wrapped("NOT EXISTS ({})", self.rows(column, alias, joined(parts, "AND")))

    def follows(
        self, column: ListColumn, alias: str, before: str, began: str, within: int
    ) -> list[Said]:
        """Strictly later by (at, id), and still in the window that began."""
        return [
            Said(f"({self.place(column, alias)}) > ({self.place(column, before)})"),
            Said(f"{of(column.columns['at'], alias)} - {began} <= %s", (within,)),
        ]

    def place(self, column: ListColumn, alias: str) -> str:
        name = self.collated(of(column.columns["id"], alias), "string")
        return f"{of(column.columns['at'], alias)}, {name}"

    def rows(self, column: ListColumn, alias: str, where: Said, what: str = "1") -> Said:
        source = of(column.source, alias)
        form = f"SELECT {what} FROM {source} AND {{}}"  # noqa: S608 - our own text
        return wrapped(form, where)

    def known(self, column: ListColumn, said: Said) -> Said:
        if column.known == "TRUE":
            return said
        return wrapped(f"CASE WHEN {column.known} THEN ({{}}) END", said)

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


def _is_brief(test: Test, column: RowColumn) -> bool:
    """Equality to short texts: the same in every collation, so the plain index serves."""
    if test.type != "string" or base_of(test) not in ("equal", "in"):
        return False
    return all(len(str(value)) <= column.longest for value in test.values)


def _is_of_late(node: Match) -> bool:
    """It asks for some elements at least, whose time has a beginning."""
    return node.mode == "atLeast" and (node.threshold or 0) >= 1 and _begins(node.inner)


def _begins(node: Node) -> bool:
    match node:
        case Group(combinator, rules, negated=False) if combinator == "and" or len(rules) == 1:
            return any(_begins(each) for each in rules)
        case Test(type="datetime"):
            return not OPERATORS[node.operator].negated and base_of(node) in _BEGINNING
    return False


def _element(column: ListColumn, alias: str) -> Columns:
    return {name: of(text, alias) for name, text in column.columns.items()}
