"""How many visitors allow what.

In:  a site. Out: visitors by the bits of their purposes.
"""

from collections.abc import Mapping
from typing import Final

from django.db import connection

from personalization.govern.models import Site
from personalization.govern.purposes import granting

ByPurposes = Mapping[int, int]

# Each combination has its own stretch of an index; grouped, all of it would be read.
_ONE: Final = (
    "SELECT {bits}, COUNT(*) FROM personalization_summary WHERE site_id = %s AND purposes = {bits}"
)
_ALL: Final = granting(0)
_EVERYBODY: Final = " UNION ALL ".join(_ONE.format(bits=bits) for bits in _ALL)
_DRAWN: Final = (
    "SELECT purposes, COUNT(*) FROM (SELECT purposes FROM personalization_profile"
    " WHERE site_id = %s ORDER BY key LIMIT %s) AS drawn GROUP BY purposes"
)


def by_purposes(site: Site) -> ByPurposes:
    """Of everybody; 0 where there is nobody."""
    return _counted(_EVERYBODY, [site.pk] * len(_ALL))


def drawn_by_purposes(site: Site, most: int) -> ByPurposes:
    """Of up to `most` drawn at random: keys are keyed hashes, so their order is one by chance."""
    return _counted(_DRAWN, [site.pk, most])


def allowing(counts: ByPurposes, bits: int) -> int:
    """How many of them allow all of these."""
    return sum(count for granted, count in counts.items() if granted & bits == bits)


def _counted(query: str, parameters: list[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return dict(cursor.fetchall())
