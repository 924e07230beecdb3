"""Throwaway tables that hold random visitors, on SQLite and PostgreSQL."""

import os
import sqlite3

import psycopg
import pytest

from rules import ListColumn, RowColumn, number_key, version_key
from rules.values import microseconds
from tests.rules.strategies import TYPES

NAMES = {"sqlite": {"number": "REAL", "boolean": "INTEGER", "datetime": "INTEGER"}}
NAMES["postgresql"] = {"number": "double precision", "boolean": "boolean", "datetime": "bigint"}

CODED = ("number", "boolean")  # types that stand beside as whole numbers
LETTERS = 2  # of a text, so that many have more


def stored(kind, value):
    if value is None:
        return None
    if kind == "datetime":
        return microseconds(value)
    if kind == "version":
        return version_key(value)
    return float(value) if kind == "number" else value


class Store:
    """One table of visitors, one for each list."""

    def __init__(self, dialect, connection):
        self.dialect, self.connection = dialect, connection
        self.cursor = connection.cursor()
        self.columns = {}
        plain = {
            name: kind
            for name, kind in TYPES.items()
            if kind in ("string", "number", "boolean", "datetime", "version")
        }
        codes = {f"{n}_code": "datetime" for n, kind in plain.items() if kind in CODED}
        self.make("visitor", {"id": "number", **plain, **codes})
        self.columns |= {name: self.column(name, kind) for name, kind in plain.items()}
        for name, kind in TYPES.items():
            if name not in plain:
                inner = kind if isinstance(kind, dict) else {"value": kind.removeprefix("list of ")}
                self.make(name, {"visitor": "number", **inner})
                self.make(f"{name}_known", {"visitor": "number"})
                self.columns[name] = ListColumn(
                    f"{name} {{e}} WHERE {{e}}.visitor = p.id",
                    {each: f"{{e}}.{each}" for each in inner},
                    known=f"EXISTS (SELECT 1 FROM {name}_known k WHERE k.visitor = p.id)",
                    everybody=f"{name} {{e}} WHERE TRUE",
                    owner="{e}.visitor",
                    visitor="p.id",
                )

    def column(self, name, kind):
        """Every second one is found by its rows, and the first letters of a text stand beside."""
        if name.endswith("_1"):
            return f"p.{name}"
        is_text = kind in ("string", "version")
        beside = f"p.{name}_code" if kind in CODED else f"p.{name}"
        return RowColumn(
            source="visitor {e} WHERE TRUE",
            owner="{e}.id",
            visitor="p.id",
            value=f"{{e}}.{name}",
            brief=f"LENGTH({{e}}.{name}) <= {LETTERS}" if is_text else "TRUE",
            longest=LETTERS,
            placed=f"SUBSTR(p.{name}, 1, {LETTERS + 1})" if is_text else beside,
        )

    def make(self, table, columns):
        typed = ", ".join(f"{n} {NAMES[self.dialect].get(k, 'text')}" for n, k in columns.items())
        temporary = "TEMPORARY" if self.dialect == "postgresql" else ""
        self.cursor.execute(f"CREATE {temporary} TABLE {table} ({typed})")

    def insert(self, table, rows):
        mark = "?" if self.dialect == "sqlite" else "%s"
        for row in rows:
            names, marks = ", ".join(row), ", ".join([mark] * len(row))
            self.cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values())
            )

    def fill(self, visitors):
        for table in (
            "visitor",
            *(n for n, c in self.columns.items() if isinstance(c, ListColumn)),
        ):
            self.cursor.execute(f"DELETE FROM {table}")
            if table != "visitor":
                self.cursor.execute(f"DELETE FROM {table}_known")
        for number, facts in enumerate(visitors):
            self.insert("visitor", [{"id": number, **self.plain(facts)}])
            for name, value in facts.items():
                if isinstance(self.columns[name], ListColumn):
                    self.insert(f"{name}_known", [{"visitor": number}])
                    self.insert(
                        name, [{"visitor": number, **each} for each in self.elements(name, value)]
                    )

    def plain(self, facts):
        known = {
            n: stored(TYPES[n], v)
            for n, v in facts.items()
            if not isinstance(self.columns[n], ListColumn)
        }
        codes = {
            f"{n}_code": number_key(v)
            for n, v in known.items()
            if TYPES[n] in CODED and v is not None
        }
        return known | codes

    def elements(self, name, value):
        kind = TYPES[name]
        if isinstance(kind, dict):
            return [{n: stored(kind[n], v) for n, v in each.items()} for each in value]
        return [{"value": stored(kind.removeprefix("list of "), each)} for each in value]

    def matching(self, sql, parameters):
        if self.dialect == "sqlite":
            sql = sql.replace("%s", "?")
        self.cursor.execute(f"SELECT id FROM visitor p WHERE {sql}", parameters)
        return {int(row[0]) for row in self.cursor.fetchall()}


def sqlite_store():
    return Store("sqlite", sqlite3.connect(":memory:"))


def postgresql_store():
    address = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        connection = psycopg.connect(
            address, autocommit=False, connect_timeout=3, cursor_factory=psycopg.ClientCursor
        )
    except psycopg.OperationalError as error:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            raise
        pytest.skip(f"PostgreSQL is not at hand: {error}")
    return Store("postgresql", connection)
