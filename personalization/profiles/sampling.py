"""Visitors to try something on: the ones seen last, nobody's id unsealed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import connection

from personalization.govern.purposes import PERSONALIZATION, granting
from personalization.profiles.reading import COLUMNS, SiteFacts, visitor_of
from rules.types import Visitor

# Each has its own stretch of the index, so the newest are found without sorting everybody.
ALLOWING: Final = granting(PERSONALIZATION)
_NEWEST_OF: Final = (
    "SELECT id, last_seen FROM personalization_profile"
    " WHERE site_id = %s AND purposes = %s AND last_seen IS NOT NULL"
    " ORDER BY last_seen DESC LIMIT %s"
)
_NEWEST: Final = " UNION ALL ".join(f"SELECT * FROM ({_NEWEST_OF}) AS of_{n}" for n in ALLOWING)  # noqa: S608 - our own words
_QUERY: Final = (
    f"SELECT {COLUMNS} FROM personalization_profile JOIN"  # noqa: S608 - our own words
    f" (SELECT id AS newest FROM ({_NEWEST}) AS every ORDER BY last_seen DESC, id LIMIT %s) AS s"
    " ON s.newest = id ORDER BY last_seen DESC, id"
)
AT_ONCE: Final = 200


def recent_visitors(site: SiteFacts, most: int, *, now: datetime) -> Iterator[Visitor]:
    """Of those who allow personalization, up to `most`, the last seen first.

    Their unit is the keyed hash that they are stored under: spread like the site's own ids, so
    shares of experiments come out alike, and it says nothing of anybody.
    """
    parameters = [each for bits in ALLOWING for each in (site.id, bits, most)]
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, [*parameters, most])
        while rows := cursor.fetchmany(AT_ONCE):
            for row in rows:
                yield visitor_of(row, row[0], site.currency, now)
