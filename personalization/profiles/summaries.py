"""The narrow rows that audiences are counted by, kept in step with the visitors' own rows.

In:  ids of profiles that were written, locked by the caller.
Out: the same facts in `Summary`, in the caller's transaction. Its other columns are `places`'.
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


def summarize(ids: Sequence[int]) -> None:
    if not ids:
        return
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARIZE.format(places=places), ids)
