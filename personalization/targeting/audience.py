"""How many visitors a condition matches, asked of the database.

Only visitors who allow personalization are an audience. People are shown rounded counts; exact
ones stay inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from personalization import clock
from personalization.govern.models import Site
from personalization.govern.purposes import PERSONALIZATION
from personalization.govern.rounding import rounded, shown_count, shown_share
from personalization.profiles.models import PLACES, WITH_PLACES
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.columns import columns_of, is_granted
from personalization.targeting.models import Segment
from rules import Condition, fields_read, parse, segments_read, to_sql

SMALL: Final = 100
AT_ONCE: Final = 500  # conditions counted in one pass; databases answer some 1,600 columns
ALLOWED: Final = is_granted(PERSONALIZATION)
Segments = Mapping[str, Condition]


@dataclass(frozen=True, slots=True)
class Audience:
    """What a person may see of an audience. `count`: rounded to 10, None below 50."""

    count: int | None
    shown: str
    share: str
    is_small: bool
    depends_on: tuple[str, ...] = ()  # fields of the page view: the number leaves them open

    @property
    def warning(self) -> str:
        if self.depends_on:
            named = ", ".join(self.depends_on)
            return _("Cannot be counted ahead: it depends on the page view (%s).") % named
        if self.is_small:
            return _(
                "Fewer than %d visitors: too few to learn from, and close to singling out."
            ) % (SMALL)
        return ""


def count(site: Site, condition: Condition, *, now: datetime | None = None) -> Audience:
    """The audience as a person may see it."""
    named = named_segments(site, condition)
    found = exact_count(site, condition, now=now)
    return Audience(
        count=rounded(found),
        shown=shown_count(found),
        share=shown_share(found, everyone(site)),
        is_small=found < SMALL,
        depends_on=fields_of_the_page(site, condition, named),
    )


def everyone(site: Site) -> int:
    """How many visitors can be an audience at all; inside only."""
    return _ask_number(_Query("TRUE", []), site)


def exact_count(site: Site, condition: Condition, *, now: datetime | None = None) -> int:
    """For decisions of the program; not for people."""
    return _ask_number(_query(site, condition, now or clock.now()), site)


def exact_counts(
    site: Site, conditions: Segments, named: Segments, *, now: datetime
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
                f"SELECT {counts} FROM {_visitors(counts)}"  # noqa: S608 - our own words
                f" WHERE p.site_id = %s AND {ALLOWED}",
                [*given, site.pk],
            )
            found |= dict(zip(chunk, cursor.fetchone(), strict=True))
    return found


def fields_of_the_page(site: Site, condition: Condition, named: Segments) -> tuple[str, ...]:
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
class _Query:
    """`where` over `p`; the site's id comes before `parameters`."""

    where: str
    parameters: list[Any]  # what database drivers take

    @property
    def source(self) -> str:
        permitted = f"p.site_id = %s AND {ALLOWED}"
        return f"{_visitors(self.where)} WHERE {permitted} AND ({self.where})"


def _visitors(asked: str) -> str:
    """The table for what is asked of it. Statistics lead SQLite to open a row for each of a third
    of all visitors rather than to read an index that holds all that is asked."""
    table = "personalization_profile p"
    is_placed = any(f"p.{column}" in asked for column in PLACES)
    if connection.vendor == "sqlite" and is_placed:
        return f"{table} INDEXED BY {WITH_PLACES}"
    return table


def _query(site: Site, condition: Condition, now: datetime) -> _Query:
    columns = columns_of(site, site_catalogue(site), clock.to_us(now))
    named = named_segments(site, condition)
    return _Query(*to_sql(condition, named, columns, connection.vendor, now))


def _ask_number(query: _Query, site: Site) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM {query.source}",  # noqa: S608 - our own words
            [site.pk, *query.parameters],
        )
        number: int = cursor.fetchone()[0]
    return number
