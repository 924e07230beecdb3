"""The narrow rows that audiences are counted by, kept in step with the visitors' own rows.

In:  ids of profiles that were written, locked by the caller.
Out: the same facts in `Summary`, in the caller's transaction. Its other columns are `places`'.

Whoever a process of an older version wrote while a newer one was installed is found by `strayed`.
"""

from collections.abc import Sequence
from typing import Final

from django.db import connection

from personalization.profiles.models import Summary

COPIED: Final = (
    "site_id",
    "purposes",
    "first_seen",
    "last_seen",
    "visits",
    "frequency",
    "monetary",
    "recent_at",
    "recent_id",
)
_NAMES: Final = ", ".join(COPIED)
_COPIED: Final = ", ".join(f"{name} = excluded.{name}" for name in COPIED)
_SUMMARIZE: Final = (
    f"INSERT INTO {Summary._meta.db_table} (id, {_NAMES})"  # noqa: S608 - our own words, and places
    f" SELECT id, {_NAMES} FROM personalization_profile WHERE id IN ({{places}})"
    f" ON CONFLICT (id) DO UPDATE SET {_COPIED}"
)
_MAYBE: Final = ("first_seen", "last_seen")  # and unknown is no instant
_DIFFERS: Final = " OR ".join(
    f"COALESCE(s.{name}, -1) <> COALESCE(p.{name}, -1)"
    if name in _MAYBE
    else f"s.{name} <> p.{name}"
    for name in COPIED
)
_STRAYED: Final = (
    "SELECT p.id FROM personalization_profile p"  # noqa: S608 - our own words
    f" LEFT JOIN {Summary._meta.db_table} s ON s.id = p.id WHERE p.site_id = %s"
    f" AND (s.id IS NULL OR {_DIFFERS})"
)


def summarize(ids: Sequence[int]) -> None:
    if not ids:
        return
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARIZE.format(places=places), ids)


def strayed(site_id: int) -> list[int]:
    """The site's profiles of which the summary says something else, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_STRAYED, [site_id])
        return [profile for (profile,) in cursor.fetchall()]
