"""Visitors to try something on, nobody's id unsealed.

In:  a site, how many, an instant.
Out: visitors who allow personalization: the ones seen last, for what the next page views will
     show; or some drawn at random, for what everybody is like.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from personalization.govern.purposes import PERSONALIZATION, granting
from personalization.profiles.reading import COLUMNS, SiteFacts, visitor_of
from rules.types import Visitor

# Each has its own stretch of the index, so the newest are found without sorting everybody.
ALLOWING: Final = granting(PERSONALIZATION)
_NEWEST_OF: Final = (
    "SELECT id, last_seen FROM personalization_summary"
    " WHERE site_id = %s AND purposes = %s AND last_seen IS NOT NULL"
    " ORDER BY last_seen DESC LIMIT %s"
)
_NEWEST: Final = " UNION ALL ".join(f"SELECT * FROM ({_NEWEST_OF}) AS of_{n}" for n in ALLOWING)  # noqa: S608 - our own words
_RECENT: Final = (
    "SELECT {columns} FROM personalization_profile JOIN (SELECT id AS newest FROM"  # noqa: S608 - our own words
    f" ({_NEWEST}) AS every ORDER BY last_seen DESC, id LIMIT %s) AS s"
    f" ON s.newest = id WHERE purposes IN ({', '.join(map(str, ALLOWING))})"
    " ORDER BY last_seen DESC, id"
)
_DRAWN: Final = (
    f"SELECT * FROM (SELECT {COLUMNS} FROM personalization_profile"  # noqa: S608 - our own words
    " WHERE site_id = %s ORDER BY key LIMIT %s) AS passed"
    f" WHERE purposes IN ({', '.join(map(str, ALLOWING))}) LIMIT %s"
)
AT_ONCE: Final = 200
PASSED: Final = 20  # visitors looked at for each that is wanted


def recent_visitors(site: SiteFacts, most: int, *, now: datetime) -> Iterator[Visitor]:
    """Of those who allow personalization, up to `most`, the last seen first.

    Their unit is the keyed hash that they are stored under: spread like the site's own ids, so
    shares of experiments come out alike, and it says nothing of anybody.
    """
    return _visitors(site, _RECENT.format(columns=COLUMNS), _newest(site, most), now)


def recent_keys(site: SiteFacts, most: int) -> list[str]:
    """The keyed hashes of `recent_visitors`."""
    with connection.cursor() as cursor:
        cursor.execute(_RECENT.format(columns="key"), _newest(site, most))
        return [key for (key,) in cursor.fetchall()]


def drawn_visitors(site: SiteFacts, most: int, *, now: datetime) -> Iterator[Visitor]:
    """Of those who allow personalization, up to `most`, each as likely as any other.

    Keys are keyed hashes: their order is one by chance, the same at every call, and has an index.
    Fewer than `most` come where so few allow it that they are not among the first `PASSED` times as
    many; where all are fewer, all come.
    """
    return _visitors(site, _DRAWN, [site.id, most * PASSED, most], now)


def _newest(site: SiteFacts, most: int) -> list[int]:
    return [*(each for bits in ALLOWING for each in (site.id, bits, most)), most]


def _visitors(
    site: SiteFacts, query: str, parameters: Sequence[int], now: datetime
) -> Iterator[Visitor]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(AT_ONCE):
            for row in rows:
                yield visitor_of(row, row[0], site.currency, now)
