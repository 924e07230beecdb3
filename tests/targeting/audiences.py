"""Whom the studio's own count counts."""

from django.db import connection

from personalization import clock
from personalization.targeting.alternatives import Part, alternatives
from personalization.targeting.audience import disjoint, named_segments
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.columns import columns_of


def exact_ids(site, condition, *, now=None):
    """Ids of the profiles, in order."""
    columns, named, moment = _known(site, condition, now)
    (query,) = disjoint([Part(condition)], named, columns, moment)
    return _ids(site, query)


def ids_of_parts(site, condition, *, now=None):
    """Those that each of the alternatives of an audience counts."""
    columns, named, moment = _known(site, condition, now)
    parts = alternatives(condition, named, columns)
    return [_ids(site, query) for query in disjoint(parts, named, columns, moment)]


def _known(site, condition, now):
    moment = now or clock.now()
    columns = columns_of(site, site_catalogue(site), clock.to_us(moment))
    return columns, named_segments(site, condition), moment


def _ids(site, query):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id FROM {query.source} ORDER BY p.id", [site.pk, *query.parameters]
        )
        return [row[0] for row in cursor.fetchall()]
