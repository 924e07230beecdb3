"""How many visitors are in each stage of a journey, and how many came in the last days.

In:  a site and a journey. Out: counts as people may see them: rounded, and none of the few.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Count

from personalization import clock
from personalization.clock import to_us
from personalization.govern.models import Site
from personalization.govern.rounding import shown_count
from personalization.profiles.models import Stay, Step
from rules.journeys import named

LATELY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one stage, in words for a screen: "1,230", or "< 50"."""

    here: str
    entered: str  # different visitors, in the last seven days


def counts(site: Site, journey: str, stages: Iterable[str]) -> Mapping[str, Counts]:
    """By key of the stage."""
    stages = list(stages)
    inside = Stay.objects.filter(site=site, named__in=[named(journey, each) for each in stages])
    here = dict(inside.order_by().values_list("stage").annotate(n=Count("pk")))
    lately = Step.objects.filter(
        site=site, journey=journey, at__gte=to_us(clock.now() - LATELY)
    ).order_by()
    entered = dict(lately.values_list("stage").annotate(n=Count("profile", distinct=True)))
    return {
        stage: Counts(shown_count(here.get(stage, 0)), shown_count(entered.get(stage, 0)))
        for stage in stages
    }
