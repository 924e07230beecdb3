"""In: a site's slots, rules and experiments as rows. Out: the same as frozen values, in order.

Rules and experiments of campaigns that are off are there too: like that of a slot, a campaign's
switch acts without publishing.
"""

from collections import defaultdict
from typing import TypeVar

from django.db.models import QuerySet

from personalization.govern.models import Site
from personalization.targeting import models
from rules.schedules import read_schedule
from rules.types import Arm, Cap, Experiment, Rule, Slot, Window

Scheduled = models.Rule | models.Experiment
Row = TypeVar("Row", models.Rule, models.Experiment)


def frozen_slots(site: Site, only: str | None = None) -> dict[str, Slot]:
    """Every slot of the site, switched off ones too, or the one of this key."""
    slots = models.Slot.objects.filter(site=site).select_related("default").order_by("key")
    if only is not None:
        slots = slots.filter(key=only)
    rules: dict[int, list[Rule]] = defaultdict(list)
    for rule in _on(models.Rule.objects.select_related("content"), site, only):
        rules[rule.slot_id].append(_rule(rule))
    experiments: dict[int, list[Experiment]] = defaultdict(list)
    for experiment in _on(models.Experiment.objects.all(), site, only):
        experiments[experiment.slot_id].append(_experiment(experiment))
    return {
        row.key: Slot(
            key=row.key,
            default=row.default.key if row.default else None,
            rules=tuple(rules[row.pk]),
            experiments=tuple(experiments[row.pk]),
            min_height=row.min_height,
        )
        for row in slots
    }


def _on(rows: QuerySet[Row], site: Site, only: str | None) -> QuerySet[Row]:
    """Those that are switched on, in the order in which they are tried; of one slot, or of all."""
    on = rows.filter(site=site, is_enabled=True)
    if only is not None:
        on = on.filter(slot__key=only)
    return on.select_related("slot", "segment", "campaign").order_by("position", "key")


def _rule(row: models.Rule) -> Rule:
    segment = row.segment.key if row.segment else None
    own = f"rule:{row.key}" if row.condition is not None else None
    return Rule(
        key=row.key,
        content=row.content.key,
        audience=segment or own,
        segment=segment,
        window=window(row),
        cap=Cap(row.cap_times, row.cap_seconds) if row.cap_times is not None else None,
        when=read_schedule(row.when),
        campaign=row.campaign.key if row.campaign else None,
    )


def _experiment(row: models.Experiment) -> Experiment:
    namespace = None
    if row.namespace is not None:
        name, start, end = row.namespace
        namespace = (str(name), float(start), float(end))
    return Experiment(
        key=row.key,
        seed=row.seed or row.key,
        arms=tuple(Arm(arm["key"], arm["content"]) for arm in row.arms),
        weights=tuple(float(weight) for weight in row.weights),
        coverage=row.coverage,
        hash_version=row.hash_version,
        namespace=namespace,
        phase=row.phase,
        audience=row.segment.key if row.segment else None,
        window=window(row),
        campaign=row.campaign.key if row.campaign else None,
    )


def window(row: Scheduled) -> Window:
    """Its own window within that of its campaign."""
    campaign = row.campaign
    starts = [row.start, campaign.start if campaign else None]
    ends = [row.end, campaign.end if campaign else None]
    return Window(
        max((start for start in starts if start is not None), default=None),
        min((end for end in ends if end is not None), default=None),
    )
