"""Moving visitors through the journeys of a site, some at a time.

In:  a site's course, and ids of profiles. Out: how many were looked at, and the steps they made.

A batch is one transaction that locks its visitors as a batch of events does. A killed worker leaves
whole visitors behind, moved or still marked, and whoever comes next goes on.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from django.db import transaction

from personalization.clock import from_us, to_us
from personalization.govern.models import Site
from personalization.journeys.deliveries import hand_over
from personalization.journeys.planning import Course
from personalization.profiles.locking import lock_visitors
from personalization.profiles.models import Profile, Stay, Step
from personalization.profiles.moving import stages_text
from rules import journeys
from rules.consent import permitted_view
from rules.journeys import Progress, named, names_of
from rules.purposes import Purpose
from rules.types import Visitor

AT_ONCE: Final = 50  # visitors in one transaction
Say = Callable[[str], None]
Standing = dict[int, dict[str, journeys.Stay]]  # profile -> journey -> where they stand


@dataclass(slots=True)
class Moved:
    """What a run did."""

    visitors: int = 0
    steps: int = 0

    def to_document(self) -> dict[str, int]:
        return {"visitors": self.visitors, "steps": self.steps}


def advance(
    site: Site, course: Course, profiles: Iterable[int], *, now: datetime, say: Say
) -> Moved:
    """Move each of these as far as what is known takes them, and take their mark away."""
    moved = Moved()
    for ids in _batches(profiles):
        moved.steps += _advance_batch(site, course, ids, now)
        moved.visitors += len(ids)
        say(f"{moved.visitors} visitors, {moved.steps} steps")
    return moved


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    waiting = iter(ids)
    while batch := sorted(islice(waiting, AT_ONCE)):
        yield batch


@transaction.atomic
def _advance_batch(site: Site, course: Course, ids: Sequence[int], now: datetime) -> int:
    visitors = lock_visitors(site, ids, now=now)
    standing = _standing(visitors)
    steps: list[Step] = []
    for profile, visitor in visitors.items():
        progress = _advanced(course, visitor, standing.get(profile, {}), now)
        _keep(site, profile, standing.get(profile, {}), progress)
        steps.extend(_step(site, profile, step) for step in progress.steps)
    Step.objects.bulk_create(steps)
    hand_over(site, course.release, steps, now=now)
    return len(steps)


def _advanced(
    course: Course, visitor: Visitor, standing: dict[str, journeys.Stay], now: datetime
) -> Progress:
    """Who does not allow it goes nowhere, and stands nowhere."""
    if Purpose.PERSONALIZATION not in visitor.purposes:
        return Progress({}, (), True)
    view = permitted_view(visitor, visitor.purposes, course.release.catalogue)
    stays = course.start()
    stays |= {key: stay for key, stay in standing.items() if key in stays}
    return journeys.advance(course.plan, stays, view.facts, now)


def _standing(visitors: Iterable[int]) -> Standing:
    found: Standing = {}
    for row in Stay.objects.filter(profile_id__in=list(visitors)):
        stay = journeys.Stay(row.stage or None, from_us(row.since))
        found.setdefault(row.profile_id, {})[row.journey] = stay
    return found


def _keep(site: Site, profile: int, before: dict[str, journeys.Stay], progress: Progress) -> None:
    """Write where they stand now, typed and as text; other journeys stay as they were."""
    changed = {step.journey for step in progress.steps}
    rows = [_stay(site, profile, key, progress.stays[key]) for key in sorted(changed)]
    Stay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["profile", "journey"],
        update_fields=["stage", "named", "since"],
    )
    columns: dict[str, object] = {"is_unsettled": not progress.is_settled}
    if changed:
        after = {**before, **progress.stays}
        columns["stages"] = stages_text(list(names_of(after)))
    Profile.objects.filter(pk=profile).update(**columns)


def _stay(site: Site, profile: int, journey: str, stay: journeys.Stay) -> Stay:
    return Stay(
        site=site,
        profile_id=profile,
        journey=journey,
        stage=stay.stage or "",
        named=named(journey, stay.stage) if stay.stage else "",
        since=to_us(stay.since),
    )


def _step(site: Site, profile: int, step: journeys.Step) -> Step:
    return Step(
        site=site,
        profile_id=profile,
        journey=step.journey,
        before=step.before or "",
        stage=step.stage or "",
        at=to_us(step.at),
        by=step.by,
    )
