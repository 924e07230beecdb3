"""The statements of an event batch, written for few round trips on SQLite and PostgreSQL.

Rows go in by one statement that passes over what stands already; the caller learns how many went
in. Reads of profiles lock them until the transaction ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from django.db import connection

Values = Sequence[Any]  # one row of mixed columns, or mixed parameters

EVENT_COLUMNS: Final[Mapping[str, str]] = {
    "site_id": "bigint",
    "received": "bigint",
    "event": "text",
    "profile_id": "bigint",
    "type": "text",
    "at": "bigint",
    "item": "text",
    "category": "text",
    "value": "bigint",
    "currency": "text",
    "properties": "text",
    "exposure": "text",
    "purposes": "smallint",
}
EXPOSURE_COLUMNS: Final[Mapping[str, str]] = {
    "site_id": "bigint",
    "token": "text",
    "profile_id": "bigint",
    "at": "bigint",
    "release": "integer",
    "learned": "integer",
    "slot": "text",
    "content": "text",
    "reason": "text",
    "rule": "text",
    "experiment": "text",
    "arm": "text",
    "phase": "integer",
    "bucket": "double precision",
    "propensity": "double precision",
    "items": "text",
    "draft": "bigint",
    "purposes": "smallint",
}
BEHAVIOUR_COLUMNS: Final[Mapping[str, str]] = {
    "first_seen": "bigint",
    "last_seen": "bigint",
    "visits": "integer",
    "frequency": "integer",
    "monetary": "bigint",
    "applied": "integer",
    "recent": "text",
    "recent_at": "bigint",
    "recent_id": "text",
}


def insert_events(rows: Sequence[Values]) -> int:
    return _insert("personalization_event", EVENT_COLUMNS, rows)


def insert_exposures(rows: Sequence[Values]) -> int:
    return _insert("personalization_exposure", EXPOSURE_COLUMNS, rows)


def lock_profiles(site_id: int, keys: Sequence[str]) -> list[tuple[Any, ...]]:
    """The profiles under these keys, in one order for everybody, so that batches never deadlock."""
    lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    return _rows(
        "SELECT id, key, purposes, shown, "  # noqa: S608 - our own words, and places
        f"{', '.join(BEHAVIOUR_COLUMNS)} FROM personalization_profile"
        f" WHERE site_id = %s AND key IN ({_places(keys)}) ORDER BY id{lock}",
        [site_id, *keys],
    )


def stored_events(site_id: int, ids: Sequence[str]) -> set[str]:
    """Which of these event ids stand already."""
    return _stored("personalization_event", "event", site_id, ids) if ids else set()


def stored_tokens(site_id: int, tokens: Sequence[str]) -> set[str]:
    """Which of these exposures stand already."""
    return _stored("personalization_exposure", "token", site_id, tokens) if tokens else set()


def categories(site_id: int, items: Sequence[str]) -> dict[str, str]:
    """Item -> its category, where it has one."""
    if not items:
        return {}
    return dict(
        _rows(
            "SELECT key, category FROM personalization_item"  # noqa: S608 - places only
            f" WHERE site_id = %s AND key IN ({_places(items)}) AND category <> ''",
            [site_id, *items],
        )
    )


def stored_times(profile_id: int, start: int, end: int) -> list[int]:
    """The times of the visitor's counted events from `start` up to and at `end`."""
    found = _rows(
        "SELECT DISTINCT at FROM personalization_event WHERE profile_id = %s"
        " AND at BETWEEN %s AND %s AND (purposes & 2) <> 0 AND type <> 'exposure'",
        [profile_id, start, end],
    )
    return [at for (at,) in found]


def update_profiles(rows: Sequence[Values]) -> None:
    """Write their behaviour, `shown`, and whether they are unsettled; the id stands last."""
    kinds = {**BEHAVIOUR_COLUMNS, "shown": "text", "is_unsettled": "boolean"}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            new = {name: f"n.{name}" for name in kinds}
            source, told = _as_records({**kinds, "id": "bigint"}, rows)
            cursor.execute(
                f"UPDATE personalization_profile p SET {_assigned(new)}"  # noqa: S608 - ours
                f" FROM {source} WHERE p.id = n.id",
                told,
            )
        else:
            cursor.executemany(
                f"UPDATE personalization_profile AS p SET {_assigned(dict.fromkeys(kinds, '%s'))}"  # noqa: S608 - ours
                " WHERE id = %s",
                rows,
            )


def _assigned(new: Mapping[str, str]) -> str:
    """Who is unsettled already stays so."""
    said = {**new, "is_unsettled": f"(p.is_unsettled OR {new['is_unsettled']})"}
    return ", ".join(f"{name} = {value}" for name, value in said.items())


def _insert(table: str, columns: Mapping[str, str], rows: Sequence[Values]) -> int:
    if not rows:
        return 0
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            source, told = _as_records(columns, rows)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT * FROM {source}"  # noqa: S608 - ours
                " ON CONFLICT DO NOTHING",
                told,
            )
        else:
            cursor.executemany(
                f"INSERT OR IGNORE INTO {table} ({names})"  # noqa: S608 - our own words
                f" VALUES ({_places(columns)})",
                rows,
            )
        return int(cursor.rowcount)


def _as_records(columns: Mapping[str, str], rows: Sequence[Values]) -> tuple[str, Values]:
    """A table `n` of these rows, and its one parameter: quicker to write than arrays of texts."""
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    kinds = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"json_to_recordset(%s) AS n({kinds})", [orjson.dumps(named).decode()]


def _stored(table: str, column: str, site_id: int, values: Sequence[str]) -> set[str]:
    found = _rows(
        f"SELECT {column} FROM {table}"  # noqa: S608 - our own words
        f" WHERE site_id = %s AND {column} IN ({_places(values)})",
        [site_id, *values],
    )
    return {value for (value,) in found}


def _rows(query: str, parameters: Values) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _places(values: Iterable[object]) -> str:
    return ", ".join("%s" for _ in values)
