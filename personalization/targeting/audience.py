"""How many visitors a condition matches, asked of the database.

Only visitors who allow personalization are an audience. People are shown rounded counts; exact
ones stay inside.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from personalization import clock
from personalization.govern.models import Site
from personalization.govern.rounding import rounded, shown_count, shown_share
from personalization.targeting.alternatives import Part, alternatives
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.columns import ALLOWED, columns_of, visitors
from personalization.targeting.models import Segment
from rules import Condition, fields_read, parse, segments_read, to_sql
from rules.segments import Conditions
from rules.sql_columns import Columns

SMALL: Final = 100
AT_ONCE: Final = 500  # conditions counted in one pass; databases answer some 1,600 columns


@dataclass(frozen=True, slots=True)
class Audience:
    """What a person may see of an audience. `count`: rounded to 10, None below 50."""

    count: int | None
    shown: str
    share: str
    is_small: bool

    @property
    def warning(self) -> str:
        if self.is_small:
            return _(
                "Fewer than %d visitors: too few to learn from, and close to singling out."
            ) % (SMALL)
        return ""


def count(site: Site, condition: Condition, *, now: datetime | None = None) -> Audience:
    """The audience as a person may see it; it leaves open what only a page view knows."""
    found = exact_count(site, condition, now=now)
    return Audience(
        count=rounded(found),
        shown=shown_count(found),
        share=shown_share(found, everyone(site)),
        is_small=found < SMALL,
    )


def everyone(site: Site) -> int:
    """How many visitors can be an audience at all; inside only."""
    return _ask_number([Query("TRUE", [])], site)


def exact_count(site: Site, condition: Condition, *, now: datetime | None = None) -> int:
    """For decisions of the program; not for people."""
    moment = now or clock.now()
    columns = columns_of(site, site_catalogue(site), clock.to_us(moment))
    named = named_segments(site, condition)
    is_led = connection.vendor == "postgresql"
    parts = alternatives(condition, named, columns) if is_led else [Part(condition)]
    return _ask_number(list(disjoint(parts, named, columns, moment)), site)


def exact_counts(
    site: Site, conditions: Conditions, named: Conditions, *, now: datetime
) -> dict[str, int]:
    """`exact_count` of many conditions, in a few passes over the visitors."""
    columns = columns_of(site, site_catalogue(site), clock.to_us(now))
    found: dict[str, int] = {}
    names = list(conditions)
    for start in range(0, len(names), AT_ONCE):
        chunk = names[start : start + AT_ONCE]
        said = [to_sql(conditions[n], named, columns, connection.vendor, now) for n in chunk]
        counts = ", ".join(f"COUNT(*) FILTER (WHERE {where})" for where, _parameters in said)
        given = [each for _where, parameters in said for each in parameters]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {counts} FROM {visitors(counts)}"  # noqa: S608 - our own words
                f" WHERE p.site_id = %s AND {ALLOWED}",
                [*given, site.pk],
            )
            found |= dict(zip(chunk, cursor.fetchone(), strict=True))
    return found


def fields_of_the_page(site: Site, condition: Condition, named: Conditions) -> tuple[str, ...]:
    """Fields that only a page view knows."""
    fields = site_catalogue(site).fields
    read = fields_read(condition, named)
    return tuple(sorted(name for name in read if name in fields and not fields[name].purposes))


def named_segments(site: Site, condition: Condition) -> dict[str, Condition]:
    """The segments that a condition refers to, directly or through others."""
    if not segments_read(condition):
        return {}
    trees = dict(Segment.objects.filter(site=site).values_list("key", "condition"))
    catalogue = site_catalogue(site)
    found: dict[str, Condition] = {}
    wanted = set(segments_read(condition))
    while wanted:
        key = wanted.pop()
        if key in trees and key not in found:
            found[key] = parse(trees[key], catalogue)
            wanted |= segments_read(found[key])
    return found


@dataclass(frozen=True, slots=True)
class Query:
    """`where` over `p`; the site's id comes before `parameters`."""

    where: str
    parameters: list[Any]  # what database drivers take

    @property
    def source(self) -> str:
        permitted = f"p.site_id = %s AND {ALLOWED}"
        return f"{visitors(self.where)} WHERE {permitted} AND ({self.where})"


def disjoint(
    parts: Iterable[Part], segments: Conditions, columns: Columns, now: datetime
) -> Iterator[Query]:
    """The visitors of all parts, each in the first that holds for them."""
    others, parameters = "", list[Any]()  # of the parts before
    for condition, is_known in parts:
        where, given = to_sql(condition, segments, columns, connection.vendor, now)
        yield Query(f"({where}){others}" if others else where, [*given, *parameters])
        others += f" AND NOT ({where})" if is_known else f" AND ({where}) IS NOT TRUE"
        parameters += given


def _ask_number(queries: Sequence[Query], site: Site) -> int:
    """In one statement, whose parts are counted at one moment."""
    counts = " + ".join(f"(SELECT COUNT(*) FROM {query.source})" for query in queries)  # noqa: S608 - our own words
    given = [each for query in queries for each in (site.pk, *query.parameters)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", given)
        number: int = cursor.fetchone()[0]
    return number
