"""Who is to be moved on a site: the marked, those whose time ran out, those for whom it holds now.

`move` runs soon after events and every minute; `look` asks the database for whom conditions hold,
since time alone makes some of them true.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Q

from personalization import clock
from personalization.clock import to_us
from personalization.govern.models import Site
from personalization.govern.purposes import PERSONALIZATION, granting
from personalization.journeys.advancing import Moved, Say, advance
from personalization.journeys.candidates import candidates
from personalization.journeys.models import LiveJourney
from personalization.journeys.planning import Course, course_of, gone_for_good
from personalization.outbox import after_commit
from personalization.profiles.models import Profile, Stay, Summary
from personalization.profiles.moving import ask_to_move, stages_text
from personalization.publish.releases import LOOK_FOR
from rules.journeys import named

A_PAGE: Final = 1000
Page = Callable[[int], list[int]]  # ids beyond this one, in order


def move(site: Site, *, say: Say = lambda _said: None) -> dict[str, int]:
    """Advance whoever is marked, and whoever has been in a stage for as long as it lasts."""
    now, course = clock.now(), course_of(site)
    if course is None:
        return Moved().to_document()
    marked = advance(site, course, _marked(site), now=now, say=say)
    late = advance(site, course, _late(site, course, now), now=now, say=say)
    return Moved(marked.visitors + late.visitors, marked.steps + late.steps).to_document()


def look(site: Site, *, say: Say = lambda _said: None) -> dict[str, int]:
    """Advance those for whom a condition holds by now, and forget journeys that are long gone."""
    now, course = clock.now(), course_of(site)
    forget(site, gone_for_good(site, now))
    if course is None:
        return Moved().to_document()
    _mark_the_early(site, course, now)
    ask_to_move(site.pk)
    return advance(site, course, candidates(site, course, now), now=now, say=say).to_document()


def ask_where_due() -> int:
    """Every minute: ask for a move on each site where somebody is due; how many."""
    now = clock.now()
    due = [site for site in Site.objects.filter(has_journeys=True) if _is_anybody_due(site, now)]
    for site in due:
        ask_to_move(site.pk)
    return len(due)


def ask_to_look() -> int:
    """Every few minutes: ask for a look on each site that has journeys, or had; how many."""
    had = LiveJourney.objects.values("site_id")
    sites = Site.objects.filter(Q(has_journeys=True) | Q(pk__in=had)).values_list("pk", flat=True)
    for site_id in sites:
        after_commit(LOOK_FOR, unique=f"{LOOK_FOR}:{site_id}", site_id=site_id)
    return len(sites)


def _is_anybody_due(site: Site, now: datetime) -> bool:
    course = course_of(site)
    if course is None:
        return False
    marked = Profile.objects.filter(site=site, is_unsettled=True)
    return marked.exists() or next(_late(site, course, now), None) is not None


def _marked(site: Site) -> Iterator[int]:
    marked = Profile.objects.filter(site=site, is_unsettled=True).order_by("pk")
    return _pages(
        lambda last: list(marked.filter(pk__gt=last).values_list("pk", flat=True)[:A_PAGE])
    )


def _late(site: Site, course: Course, now: datetime) -> Iterator[int]:
    for journey in course.plan.journeys:
        for stage in journey.stages:
            if stage.after is not None:
                page = partial(_late_in, site, named(journey.key, stage.key), now - stage.after)
                yield from _pages(page)


def _late_in(site: Site, name: str, since: datetime, last: int) -> list[int]:
    rows = Stay.objects.filter(site=site, named=name, since__lte=to_us(since), profile_id__gt=last)
    return list(rows.order_by("profile_id").values_list("profile_id", flat=True)[:A_PAGE])


def _pages(page: Page) -> Iterator[int]:
    last = 0
    while ids := page(last):
        yield from ids
        last = ids[-1]


def _mark_the_early(site: Site, course: Course, now: datetime) -> None:
    """Events of the moments before every process knew of a new journey marked nobody."""
    recent = [began for began in course.began.values() if began > now - timedelta(minutes=15)]
    if recent:
        seen = Summary.objects.filter(
            site=site,
            purposes__in=granting(PERSONALIZATION),
            last_seen__gte=to_us(min(recent)),
        )
        Profile.objects.filter(pk__in=seen.values("pk")).update(is_unsettled=True)


def forget(site: Site, journeys: list[str]) -> None:
    """Nobody stands any more in journeys that have been off for long."""
    if not journeys:
        return
    holders = Stay.objects.filter(site=site, journey__in=journeys).order_by()
    for profile_id in list(holders.values_list("profile_id", flat=True).distinct()):
        _forget_of(profile_id, journeys)
    LiveJourney.objects.filter(site=site, key__in=journeys).delete()


@transaction.atomic
def _forget_of(profile_id: int, journeys: list[str]) -> None:
    profile = Profile.objects.select_for_update(no_key=True).get(pk=profile_id)
    Stay.objects.filter(profile=profile, journey__in=journeys).delete()
    left = Stay.objects.filter(profile=profile).exclude(named="").values_list("named", flat=True)
    profile.stages = stages_text(list(left))
    profile.save(update_fields=["stages"])
