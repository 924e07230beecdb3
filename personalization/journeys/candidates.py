"""For whom a condition of a journey holds now: asked of the database, in its own words.

In:  a site's course. Out: ids of profiles that stand where the condition is asked, and fulfil it;
     each is then looked at in Python, which says the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from personalization.clock import to_us
from personalization.govern.models import Site
from personalization.journeys.planning import Course
from personalization.targeting.columns import ALLOWED, Column, columns_of, visitors
from rules import to_sql
from rules.journeys import Journey, Trigger, named

A_PAGE: Final = 1000
STAY: Final = "SELECT 1 FROM personalization_stay s WHERE s.profile_id = p.id AND"


@dataclass(frozen=True, slots=True)
class _Where:
    """SQL over `visitors` and its parameters."""

    text: str
    parameters: list[Any]  # what database drivers take


def candidates(site: Site, course: Course, now: datetime) -> Iterator[int]:
    columns = columns_of(site, course.release.catalogue, to_us(now))
    for journey in course.plan.journeys:
        for place, trigger in _asked(journey, now):
            yield from _ids(site, place, _holds(trigger, course, columns, now))


def _asked(journey: Journey, now: datetime) -> Iterator[tuple[_Where, Trigger]]:
    """Each condition, with the places in which it is asked."""
    for stage in journey.stages:
        if stage.enter is not None and not stage.enter.by_event:
            inside = _inside([named(journey.key, key) for key in stage.origins])
            if stage.origins or journey.takes_in(now):
                yield (inside if stage.origins else _outside(journey, now)), stage.enter
        if stage.leave is not None and not stage.leave.by_event:
            yield _inside([named(journey.key, stage.key)]), stage.leave


def _inside(stages: list[str]) -> _Where:
    places = ", ".join(["%s"] * len(stages))
    return _Where(f"EXISTS ({STAY} s.named IN ({places}))", list(stages))


def _outside(journey: Journey, now: datetime) -> _Where:
    """Never in it, or out of it for long enough."""
    if journey.again is None:
        return _Where(f"NOT EXISTS ({STAY} s.journey = %s)", [journey.key])
    left = "(s.named <> '' OR s.since > %s)"
    return _Where(
        f"NOT EXISTS ({STAY} s.journey = %s AND {left})",
        [journey.key, to_us(now - journey.again)],
    )


def _holds(trigger: Trigger, course: Course, columns: dict[str, Column], now: datetime) -> _Where:
    segments = course.release.conditions
    return _Where(*to_sql(trigger.condition, segments, columns, connection.vendor, now))


def _ids(site: Site, place: _Where, holds: _Where) -> Iterator[int]:
    query = (
        f"SELECT p.id FROM {visitors(holds.text)}"  # noqa: S608 - our own words
        f" WHERE p.site_id = %s AND {ALLOWED} AND p.id > %s"
        f" AND {place.text} AND ({holds.text}) ORDER BY p.id LIMIT {A_PAGE}"
    )
    last = 0
    while True:
        with connection.cursor() as cursor:
            parameters = [site.pk, last, *place.parameters, *holds.parameters]
            cursor.execute(query, parameters)
            ids = [row[0] for row in cursor.fetchall()]
        yield from ids
        if len(ids) < A_PAGE:
            return
        last = ids[-1]
