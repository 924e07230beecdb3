"""Whom the studio's own count counts."""

from django.db import connection

from personalization import clock
from personalization.targeting.audience import _query


def exact_ids(site, condition, *, now=None):
    """Ids of the profiles, in order."""
    query = _query(site, condition, now or clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id FROM {query.source} ORDER BY p.id", [site.pk, *query.parameters]
        )
        return [row[0] for row in cursor.fetchall()]
