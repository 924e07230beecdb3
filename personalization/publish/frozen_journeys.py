"""In: a site's journeys as rows. Out: the same as frozen values, and what no journey answers for.

Journeys of campaigns that are off are there too: a campaign's switch acts without publishing.
"""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from personalization.exceptions import FieldError
from personalization.govern.models import Site
from personalization.targeting.audience import fields_of_the_page
from personalization.targeting.models import Journey as Row
from personalization.targeting.reading import dotted
from personalization.targeting.stages import stages_named_in, trees_of
from rules.conditions import Condition
from rules.fields import Catalogue
from rules.invalid import Invalid
from rules.journey_codec import read_journey
from rules.journeys import Journey, named


def journeys_that_are_on(site: Site) -> list[Row]:
    return list(Row.objects.filter(site=site, is_enabled=True).select_related("campaign"))


def frozen_journeys(
    rows: list[Row], catalogue: Catalogue, errors: list[FieldError]
) -> dict[str, Journey]:
    frozen = {}
    for row in rows:
        try:
            frozen[row.key] = read_journey(_document(row), catalogue)
        except Invalid as invalid:
            place = f"journeys.{row.key}.{dotted(invalid.path)}"
            errors.append(FieldError(place, "condition", invalid.said(_)))
    return frozen


def _document(row: Row) -> dict[str, object]:  # JSON
    campaign = row.campaign
    start, end = (campaign.start, campaign.end) if campaign else (None, None)
    return {
        "key": row.key,
        "name": row.name,
        "again": row.again or None,
        "start": start.isoformat() if start else None,
        "end": end.isoformat() if end else None,
        "campaign": campaign.key if campaign else None,
        "stages": row.stages,
    }


def trees_of_journeys(rows: list[Row]) -> Iterator[object]:
    for row in rows:
        yield from trees_of(row.stages)


def unanswered(
    trees: Mapping[str, object], rows: list[Row], journeys: Mapping[str, Journey]
) -> Iterator[tuple[str, str]]:
    """What asks for stages of which no journey that is on knows: (whose, the stage)."""
    known = {named(key, stage.key) for key, each in journeys.items() for stage in each.stages}
    own = [(f"journeys.{row.key}", tree) for row in rows for tree in trees_of(row.stages)]
    for place, tree in [*trees.items(), *own]:
        yield from ((place, stage) for stage in stages_named_in(tree) if stage not in known)


def asks_for_the_page(
    site: Site, journeys: Mapping[str, Journey], segments: Mapping[str, Condition]
) -> Iterator[FieldError]:
    """Segments may have changed since the journey was saved."""
    for journey in journeys.values():
        for name, trigger in journey.triggers():
            page = fields_of_the_page(site, trigger.condition, segments)
            if page and not trigger.by_event:
                _journey, stage, what = name.split(":")
                place = [each.key for each in journey.stages].index(stage)
                said = _("Only a page view knows this, and journeys look between them: %s.")
                where = f"journeys.{journey.key}.stages[{place}].{what}.condition"
                yield FieldError(where, "page_view", said % ", ".join(page))
