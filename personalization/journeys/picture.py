"""A journey as it is drawn and read out: its flow with the counts, and the same as sentences.

In:  the document of a draft, its site.
Out: a `Picture` for the studio's page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.journeys.counting import Counts, counts
from personalization.journeys.flow import INSIDE, OUTSIDE, Box, Drawing, Way, draw
from personalization.publish.journey_words import (
    after_in_words,
    stage_in_words,
    trigger_in_words,
)
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from rules import Invalid
from rules.journey_codec import read_journey
from rules.journeys import STAGE, Journey, Stage


@dataclass(frozen=True, slots=True)
class StageShown:
    """One stage: its box, how many are in it, and what it does in a sentence."""

    box: Box
    name: str
    counts: Counts
    sentence: str
    webhook: str

    @property
    def here(self) -> str:
        return _("%s now") % self.counts.here

    @property
    def entered(self) -> str:
        return _("%s entered in 7 days") % self.counts.entered

    @property
    def hook_x(self) -> int:
        """Where the sign stands that somebody is told."""
        return self.box.x + self.box.width - 18

    @property
    def hook_y(self) -> int:
        return self.box.y + 18


@dataclass(frozen=True, slots=True)
class Picture:
    drawing: Drawing
    stages: tuple[StageShown, ...]
    ends: tuple[Box, ...]


def picture(site: Site, key: str, stages: list[dict[str, Any]]) -> Picture:
    """Of stages as they are stored; `Invalid` where they cannot be read."""
    journey = _journey(site, key, stages)
    labels = _labels(site)
    drawing = draw(journey, list(_ways(journey, labels)), (_("Visitors"), _("Out")))
    found = counts(site, key, [stage.key for stage in journey.stages])
    boxes = {box.key: box for box in drawing.boxes if box.kind == "stage"}
    shown = tuple(
        StageShown(
            boxes[stage.key],
            stage.name or stage.key,
            found[stage.key],
            stage_in_words(stage, journey, labels),
            stage.webhook or "",
        )
        for stage in journey.stages
    )
    return Picture(drawing, shown, tuple(box for box in drawing.boxes if box.kind != "stage"))


def stages_reading(site: Site, stages: list[dict[str, Any]]) -> str:
    """Stages as they are stored, a line for each; what cannot be read says so."""
    try:
        journey = _journey(site, "", stages)
    except Invalid as refusal:
        return _("cannot be read: %s") % refusal.placed(_)
    labels = _labels(site)
    said = (
        (stage.name or stage.key, stage_in_words(stage, journey, labels))
        for stage in journey.stages
    )
    return "\n".join(f"{n}. {name}: {words}" for n, (name, words) in enumerate(said, start=1))


def _journey(site: Site, key: str, stages: list[dict[str, Any]]) -> Journey:
    open_ends = {"name": "", "again": None, "start": None, "end": None, "campaign": None}
    return read_journey({"key": key, **open_ends, "stages": stages}, site_catalogue(site))


def _ways(journey: Journey, labels: Mapping[str, str]) -> Iterator[Way]:
    for stage in journey.stages:
        if stage.enter is not None:
            when = trigger_in_words(stage.enter, labels)
            yield from ((origin, stage.key, when) for origin in stage.origins or (INSIDE,))
        yield from _onward(stage, labels)


def _onward(stage: Stage, labels: Mapping[str, str]) -> Iterator[Way]:
    if stage.leave is not None:
        yield stage.key, OUTSIDE, trigger_in_words(stage.leave, labels)
    if stage.after is not None:
        yield stage.key, stage.to or OUTSIDE, after_in_words(stage.after)


def _labels(site: Site) -> dict[str, str]:
    """The names that editors gave: of fields, segments and stages."""
    fields = site_catalogue(site).fields.values()
    named = Segment.objects.filter(site=site).exclude(name="").values_list("key", "name")
    stages = {f"{STAGE}:{value}": label for value, label in site.stages}
    return {field.name: field.label for field in fields if field.label} | dict(named) | stages
