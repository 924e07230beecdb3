"""In: ids of profiles. Out: their visitors, locked until the transaction ends, in the order in
which batches of events lock them; and many ids in lots that are locked together."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from personalization.profiles.reading import COLUMNS, SiteFacts, visitor_of
from rules.types import Visitor

AT_ONCE: Final = 500  # visitors locked together


def in_lots(ids: Iterable[int]) -> Iterator[list[int]]:
    """All of them, in order."""
    ordered = sorted(ids)
    yield from (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))


def lock_visitors(site: SiteFacts, ids: Sequence[int], *, now: datetime) -> dict[int, Visitor]:
    """By id of the profile; their unit is the keyed hash, nobody's id is unsealed."""
    lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    places = ", ".join(["%s"] * len(ids))
    query = (
        f"SELECT {COLUMNS}, id FROM personalization_profile"  # noqa: S608 - our own words
        f" WHERE site_id = %s AND id IN ({places}) ORDER BY id{lock}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [site.id, *ids])
        rows = cursor.fetchall()
    return {row[-1]: visitor_of(row[:-1], row[0], site.currency, now) for row in rows}
