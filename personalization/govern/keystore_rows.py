"""The key store's one table, on SQLite or PostgreSQL, by plain drivers and outside Django.

A connection belongs to one thread of one process. Every verb is one transaction, durable when it
returns. On SQLite deleted bytes are overwritten and no log file keeps a copy.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

import psycopg

from personalization import conf

WrappedKeys = list[tuple[str, bytes]]
TABLE: Final = "visitor_keys"
CHUNK: Final = 500


class Rows(Protocol):
    """What the key store asks of a database."""

    def add(self, keys: WrappedKeys) -> None: ...
    def replace(self, keys: WrappedKeys) -> None: ...
    def read(self, key_ids: list[str]) -> Iterator[tuple[str, bytes]]: ...
    def remove(self, key_ids: list[str]) -> None: ...
    def ids(self, older_than: int) -> set[str]: ...
    def compact(self) -> None: ...


def rows() -> Rows:
    """The store of `KEYS_URL`; made on first use."""
    return _rows(str(conf.get("KEYS_URL") or f"sqlite:///{conf.data_dir() / 'keys.sqlite3'}"))


@lru_cache(maxsize=8)
def _rows(url: str) -> Rows:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return SqliteRows(Path(rest[1:]))
    if scheme in {"postgres", "postgresql"}:
        return PostgresRows(f"postgresql://{rest}")
    message = f"KEYS_URL must start with sqlite:/// or postgresql://, not {scheme}://"
    raise ValueError(message)


class SqliteRows:
    """A file that its owner alone can read. The rollback journal is deleted at each commit, and
    deleted rows are overwritten with zeros: after `remove` returns, no file holds the bytes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def add(self, keys: WrappedKeys) -> None:
        made = _now()
        with self._writing() as connection:
            connection.executemany(
                f"INSERT INTO {TABLE} (id, wrapped, made) VALUES (?, ?, {made})",  # noqa: S608 - ours
                keys,
            )

    def replace(self, keys: WrappedKeys) -> None:
        with self._writing() as connection:
            connection.executemany(
                f"UPDATE {TABLE} SET wrapped = ? WHERE id = ?",  # noqa: S608 - ours
                [(wrapped, key_id) for key_id, wrapped in keys],
            )

    def read(self, key_ids: list[str]) -> Iterator[tuple[str, bytes]]:
        for chunk in _chunks(key_ids):
            places = ", ".join("?" * len(chunk))
            yield from (
                self._connection()
                .execute(
                    f"SELECT id, wrapped FROM {TABLE} WHERE id IN ({places})",  # noqa: S608 - ours
                    chunk,
                )
                .fetchall()
            )

    def remove(self, key_ids: list[str]) -> None:
        with self._writing() as connection:
            connection.executemany(
                f"DELETE FROM {TABLE} WHERE id = ?",  # noqa: S608 - ours
                [(key_id,) for key_id in key_ids],
            )

    def ids(self, older_than: int) -> set[str]:
        query = f"SELECT id FROM {TABLE} WHERE made < ?"  # noqa: S608 - ours
        return {key_id for (key_id,) in self._connection().execute(query, (older_than,))}

    def compact(self) -> None:
        self._connection().execute("VACUUM")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            yield connection

    def _connection(self) -> sqlite3.Connection:
        if getattr(self._local, "process", None) != os.getpid():
            self._local.connection = self._open()
            self._local.process = os.getpid()
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {TABLE} "
            "(id TEXT PRIMARY KEY, wrapped BLOB NOT NULL, made INTEGER NOT NULL) WITHOUT ROWID"
        )
        return connection


class PostgresRows:
    """A table in a database of its own. A deleted row's space is overwritten by `compact`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = threading.local()

    def add(self, keys: WrappedKeys) -> None:
        made = _now()
        self._write(
            f"INSERT INTO {TABLE} (id, wrapped, made) SELECT *, {made} "  # noqa: S608 - ours
            "FROM unnest(%s::text[], %s::bytea[])",
            [key_id for key_id, _ in keys],
            [wrapped for _, wrapped in keys],
        )

    def replace(self, keys: WrappedKeys) -> None:
        self._write(
            f"UPDATE {TABLE} AS kept SET wrapped = new.wrapped FROM "  # noqa: S608 - ours
            "unnest(%s::text[], %s::bytea[]) AS new (id, wrapped) WHERE kept.id = new.id",
            [key_id for key_id, _ in keys],
            [wrapped for _, wrapped in keys],
        )

    def read(self, key_ids: list[str]) -> Iterator[tuple[str, bytes]]:
        query = f"SELECT id, wrapped FROM {TABLE} WHERE id = ANY(%s)"  # noqa: S608 - ours
        for key_id, wrapped in self._connection().execute(query.encode(), [key_ids]).fetchall():
            yield key_id, bytes(wrapped)

    def remove(self, key_ids: list[str]) -> None:
        self._write(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", key_ids)  # noqa: S608 - ours

    def ids(self, older_than: int) -> set[str]:
        query = f"SELECT id FROM {TABLE} WHERE made < %s"  # noqa: S608 - ours
        found = self._connection().execute(query.encode(), [older_than]).fetchall()
        return {key_id for (key_id,) in found}

    def compact(self) -> None:
        self._connection().execute(f"VACUUM (FULL) {TABLE}".encode())

    def _write(self, statement: str, *columns: object) -> None:
        self._connection().execute(statement.encode(), columns)

    def _connection(self) -> psycopg.Connection:
        kept: psycopg.Connection | None = getattr(self._local, "connection", None)
        if kept is None or kept.closed or self._local.process != os.getpid():
            kept = self._local.connection = self._open()
            self._local.process = os.getpid()
        return kept

    def _open(self) -> psycopg.Connection:
        connection = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(7061271734)")
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {TABLE} "
                "(id text PRIMARY KEY, wrapped bytea NOT NULL, made bigint NOT NULL)".encode()
            )
        return connection


def _chunks(key_ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(key_ids), CHUNK):
        yield key_ids[start : start + CHUNK]


def _now() -> int:
    return time.time_ns() // 1000
