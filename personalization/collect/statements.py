"""The statements of an event batch, written for few round trips on SQLite and PostgreSQL.

Rows go in by one statement that passes over what stands already; the caller learns how many went
in. Reads of profiles lock them until the transaction ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

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
    "is_recent": "boolean",
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
PROFILE_COLUMNS: Final = (
    "id, key, purposes, first_seen, last_seen, visits, frequency, monetary, applied, recent, shown"
)


def insert_events(rows: Sequence[Values]) -> int:
    return _insert("personalization_event", EVENT_COLUMNS, rows)


def insert_exposures(rows: Sequence[Values]) -> int:
    return _insert("personalization_exposure", EXPOSURE_COLUMNS, rows)


def lock_profiles(site_id: int, keys: Sequence[str]) -> list[tuple[Any, ...]]:
    """The profiles under these keys, in one order for everybody, so that batches never deadlock."""
    lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    return _rows(
        f"SELECT {PROFILE_COLUMNS} FROM personalization_profile"  # noqa: S608 - places only
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
        " AND is_recent IN (%s, %s) AND at BETWEEN %s AND %s"  # as the index reads
        " AND (purposes & 2) <> 0 AND type <> 'exposure'",
        [profile_id, False, True, start, end],
    )
    return [at for (at,) in found]


def unmark_recent(site_id: int, ids: Sequence[str]) -> None:
    """These events are no longer among the recent ones."""
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE personalization_event SET is_recent = %s"  # noqa: S608 - places only
                f" WHERE site_id = %s AND event IN ({_places(ids)})",
                [False, site_id, *ids],
            )


def update_profiles(rows: Sequence[Values]) -> None:
    """Write first_seen … recent, shown, is_unsettled; the profile's id stands last."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE personalization_profile SET first_seen = %s, last_seen = %s, visits = %s,"
            " frequency = %s, monetary = %s, applied = %s, recent = %s, shown = %s,"
            " is_unsettled = (is_unsettled OR %s) WHERE id = %s",
            rows,
        )


def _insert(table: str, columns: Mapping[str, str], rows: Sequence[Values]) -> int:
    if not rows:
        return 0
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608 - ours
                " ON CONFLICT DO NOTHING",
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            cursor.executemany(
                f"INSERT OR IGNORE INTO {table} ({names})"  # noqa: S608 - our own words
                f" VALUES ({_places(columns)})",
                rows,
            )
        return int(cursor.rowcount)


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
