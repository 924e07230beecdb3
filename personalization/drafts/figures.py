"""How good the models are at this site: by what reviewers did, what it cost, what it earned.

In:  a site, the drafts that are live, since when.
Out: `Figures` of everything, and a `Line` for each model and prompt.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Final

from django.db.models import Sum

from personalization.clock import to_us
from personalization.drafts.checks.texts import whole
from personalization.drafts.distance import distance
from personalization.drafts.lift import Lift, Source, lifts
from personalization.drafts.models import Call, Draft, Revision
from personalization.govern.models import Site
from personalization.targeting.blocks import find_block

MOST: Final = 2000  # of the newest drafts
DECIDED: Final = (Draft.APPROVED, Draft.REJECTED)


@dataclass(frozen=True, slots=True)
class Figures:
    """None: there is nothing yet to work it out from. Money in millionths, shares from 0 to 1.

    `accepted`: of those decided. `edited`: the share of words that people changed in what was
    approved, on average. `hours`: to a decision, the middle one.
    """

    drafts: int
    decided: int
    live: int
    accepted: float | None
    edited: float | None
    hours: float | None
    cost: int
    cost_per_live: int | None


@dataclass(frozen=True, slots=True)
class Line:
    model: str
    prompt: str
    figures: Figures
    lift: Lift | None


def figures(
    site: Site, *, live: Collection[int], since: datetime
) -> tuple[Figures, tuple[Line, ...]]:
    """`live`: numbers of drafts that the live release shows."""
    drafts = _drafts(site, since)
    edited = _edited(site, drafts)
    costs = _costs(drafts)
    earned = lifts(site, to_us(since))
    by_source: dict[Source, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_source[draft.order.model, draft.order.prompt].append(draft)
    lines = [
        Line(*source, _figures(own, live, edited, costs), earned.get(source))
        for source, own in by_source.items()
    ]
    lines.sort(key=lambda line: (-line.figures.drafts, line.model, line.prompt))
    return _figures(drafts, live, edited, costs), tuple(lines)


def _drafts(site: Site, since: datetime) -> list[Draft]:
    rows = Draft.objects.filter(site=site, created_at__gte=since)
    return list(rows.select_related("order").order_by("-pk")[:MOST])


def _figures(
    drafts: Sequence[Draft],
    live: Collection[int],
    edited: Mapping[int, float],
    costs: Mapping[int, int],
) -> Figures:
    decided = [draft for draft in drafts if draft.state in DECIDED]
    approved = [draft for draft in decided if draft.state == Draft.APPROVED]
    shown = sum(draft.pk in live for draft in drafts)
    cost = sum(costs.get(order, 0) for order in {draft.order_id for draft in drafts})
    waits = [
        (draft.decided_at - draft.created_at) / timedelta(hours=1)
        for draft in decided
        if draft.decided_at is not None
    ]
    return Figures(
        drafts=len(drafts),
        decided=len(decided),
        live=shown,
        accepted=len(approved) / len(decided) if decided else None,
        edited=fmean(edited.get(draft.pk, 0.0) for draft in approved) if approved else None,
        hours=median(waits) if waits else None,
        cost=cost,
        cost_per_live=cost // shown if shown else None,
    )


def _edited(site: Site, drafts: Iterable[Draft]) -> dict[int, float]:
    """Draft -> how far people changed it; those that nobody touched are left out."""
    touched = {
        draft.pk: draft for draft in drafts if draft.state == Draft.APPROVED and draft.revision > 1
    }
    texts: dict[int, dict[int, str]] = defaultdict(dict)
    blocks = {name: find_block(site, name) for name in {each.block for each in touched.values()}}
    for revision in Revision.objects.filter(draft_id__in=touched):
        block = blocks[touched[revision.draft_id].block]
        if block is not None:
            texts[revision.draft_id][revision.number] = whole(revision.fields, block)
    return {
        number: distance(said[1], said[touched[number].revision]) for number, said in texts.items()
    }


def _costs(drafts: Iterable[Draft]) -> dict[int, int]:
    """Order -> what its calls cost."""
    orders = {draft.order_id for draft in drafts}
    rows = Call.objects.filter(order_id__in=orders).order_by().values_list("order_id")
    return {order: int(cost or 0) for order, cost in rows.annotate(cost=Sum("cost"))}
