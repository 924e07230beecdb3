"""What a model's words earned: visitors of its arms against those of arms that people wrote.

In:  a site's exposures in experiments, and what these visitors did after.
Out: for each model and prompt a `Lift`; none where too few visitors could tell.

Only experiments are asked: who saw what was chance there. They are pooled by Mantel and Haenszel's
ratio (1959), so that a good week of one test is no merit of a model; its 95 % interval is that of
Greenland and Robins (Biometrics 41, 1985).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db import connection

from personalization.drafts.models import Draft
from personalization.govern.models import Site
from personalization.govern.purposes import ANALYTICS, granting
from personalization.govern.rounding import FLOOR

GOALS: Final = ("conversion", "purchase")
FEWEST: Final = 10  # conversions on either side
NORMAL: Final = 1.959964  # standard errors of a 95 % interval
Source = tuple[str, str]  # model, prompt
Stratum = tuple[str, int]  # experiment, phase

_ALLOWED: Final = f"purposes IN ({', '.join(map(str, granting(ANALYTICS)))})"
_OF_MODELS: Final = (
    "SELECT DISTINCT experiment FROM personalization_exposure WHERE site_id = %s"
    " AND experiment > '' AND at >= %s AND draft IS NOT NULL"
)
# A visitor counts once in an arm, from when they first saw it, and converted if they did so after.
_SEEN: Final = f"""
WITH seen AS (
    SELECT profile_id, experiment, phase, arm, MIN(at) AS since, MAX(draft) AS draft
    FROM personalization_exposure
    WHERE site_id = %s AND at >= %s AND experiment IN ({{experiments}}) AND {_ALLOWED}
    GROUP BY profile_id, experiment, phase, arm
), done AS (
    SELECT profile_id, MAX(at) AS last
    FROM personalization_event
    WHERE site_id = %s AND at >= %s AND type IN ({", ".join(["%s"] * len(GOALS))}) AND {_ALLOWED}
    GROUP BY profile_id
)
SELECT experiment, phase, arm, draft, COUNT(*), SUM(CASE WHEN last >= since THEN 1 ELSE 0 END)
FROM seen LEFT JOIN done ON done.profile_id = seen.profile_id
GROUP BY experiment, phase, arm, draft
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Lift:
    """`ratio` 1.1: a tenth more visitors converted. `visitors`: of both sides, exactly."""

    ratio: float
    low: float
    high: float
    visitors: int

    @property
    def is_sure(self) -> bool:
        return self.low > 1 or self.high < 1


@dataclass(slots=True)
class _Side:
    visitors: int = 0
    converted: int = 0


class _Seen(NamedTuple):
    """Visitors of an arm by the draft that they saw (None: people wrote it)."""

    experiment: str
    phase: int
    arm: str
    draft: int | None
    visitors: int
    converted: int

    @property
    def stratum(self) -> Stratum:
        return self.experiment, self.phase


def lifts(site: Site, since: int) -> dict[Source, Lift]:
    """Since an instant in microseconds; whoever took `analytics` back is not looked at."""
    if not Draft.objects.filter(site=site).exists():
        return {}
    seen = _seen(site, since)
    sources = _sources(each.draft for each in seen)
    generated = {(each.stratum, each.arm) for each in seen if each.draft is not None}
    people: dict[Stratum, _Side] = defaultdict(_Side)
    models: dict[Source, dict[Stratum, _Side]] = defaultdict(lambda: defaultdict(_Side))
    for each in seen:
        if each.draft in sources:
            side = models[sources[each.draft]][each.stratum]
        elif (each.stratum, each.arm) not in generated:
            side = people[each.stratum]
        else:
            continue
        side.visitors += each.visitors
        side.converted += each.converted
    found = {source: pooled(strata, people) for source, strata in models.items()}
    return {source: lift for source, lift in found.items() if lift is not None}


def pooled(models: Mapping[Stratum, _Side], people: Mapping[Stratum, _Side]) -> Lift | None:
    """None below the floor on either side; an experiment without both sides says nothing."""
    pairs = [(side, people[at]) for at, side in models.items() if at in people]
    for sides in zip(*pairs, strict=True):
        if sum(side.visitors for side in sides) < FLOOR:
            return None
        if sum(side.converted for side in sides) < FEWEST:
            return None
    if not pairs:
        return None
    top = bottom = spread = 0.0
    for ours, theirs in pairs:
        all_of = ours.visitors + theirs.visitors
        top += ours.converted * theirs.visitors / all_of
        bottom += theirs.converted * ours.visitors / all_of
        converted = ours.converted + theirs.converted
        spread += (
            ours.visitors * theirs.visitors * converted - ours.converted * theirs.converted * all_of
        ) / all_of**2
    error = NORMAL * math.sqrt(max(0.0, spread) / (top * bottom))
    ratio = top / bottom
    visitors = sum(side.visitors for pair in pairs for side in pair)
    return Lift(ratio, ratio * math.exp(-error), ratio * math.exp(error), visitors)


def _seen(site: Site, since: int) -> list[_Seen]:
    """Only experiments in which a draft was shown: in no other could a model earn anything."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_MODELS, [site.pk, since])
        experiments = [name for (name,) in cursor.fetchall()]
        if not experiments:
            return []
        marks = ", ".join(["%s"] * len(experiments))
        cursor.execute(
            _SEEN.format(experiments=marks), [site.pk, since, *experiments, site.pk, since, *GOALS]
        )
        return [_Seen(*row) for row in cursor.fetchall()]


def _sources(numbers: Iterable[int | None]) -> dict[int | None, Source]:
    rows = Draft.objects.filter(pk__in={each for each in numbers if each is not None})
    named = rows.values_list("pk", "order__model", "order__prompt")
    return {number: (model, prompt) for number, model, prompt in named}
