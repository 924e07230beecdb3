"""Stages of journeys as conditions name them: "cart-reminder:waiting".

The site keeps the list of its stages with their labels, so that the catalogue of fields offers
them without a query.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from personalization.govern.models import Site
from personalization.targeting.models import Journey, Keyed, Rule, Segment
from rules.journeys import STAGE, named

Tree = Any  # a stored condition, as JSON


def note_stages(site: Site) -> None:
    """Keep the list of stages in the site; called by whatever writes journeys."""
    offered = [
        [named(row.key, stage["key"]), f"{row} → {stage['name'] or stage['key']}"]
        for row in Journey.objects.filter(site=site).order_by("key")
        for stage in row.stages
    ]
    stored = Site.objects.values_list("stages", flat=True).get(pk=site.pk)
    if offered != stored:  # not what `site` says: a rehearsal may have told it
        Site.objects.filter(pk=site.pk).update(stages=offered)
    site.stages = offered


def stages_named_in(tree: Tree) -> Iterator[str]:
    """What a stored condition asks of the field `stage`, in order, repeats included."""
    if not isinstance(tree, Mapping):
        return
    if tree.get("field") == STAGE:
        value = tree.get("value")
        inner = value.get("rules", ()) if isinstance(value, Mapping) else [{"value": value}]
        for each in inner:
            yield from _texts(each.get("value"))
    for each in tree.get("rules") or ():
        yield from stages_named_in(each)


def _texts(value: object) -> Iterator[str]:
    parts = value.split(",") if isinstance(value, str) else value
    if isinstance(parts, list | tuple):
        yield from (part.strip() for part in parts if isinstance(part, str))


def trees_of(stages: Sequence[Mapping[str, Any]]) -> Iterator[Tree]:
    """The conditions of a journey's stages, as they are stored."""
    for stage in stages:
        for trigger in (stage["enter"], stage["leave"]):
            if trigger and "condition" in trigger:
                yield trigger["condition"]


def users_of_stages(site: Site, asked: set[str], besides: Keyed) -> Iterator[Keyed]:
    """Whose conditions ask for one of these stages."""
    for segment in Segment.objects.filter(site=site):
        if not asked.isdisjoint(stages_named_in(segment.condition)):
            yield segment
    for rule in Rule.objects.filter(site=site, condition__isnull=False):
        if not asked.isdisjoint(stages_named_in(rule.condition)):
            yield rule
    for journey in Journey.objects.filter(site=site).exclude(key=besides.key):
        if any(not asked.isdisjoint(stages_named_in(tree)) for tree in trees_of(journey.stages)):
            yield journey
