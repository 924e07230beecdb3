"""What many visitors liked lately, and what more of them like than before.

In:  events of visitors who allow `training`, at receipt and still now.
Out: items with scores, best first. A visitor counts once for an item, so nobody lifts one alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt

from django.db.models import Case, FloatField, Max, Value, When

from personalization.clock import DAY
from personalization.govern.models import Site
from personalization.learn.consented import learnable_events
from personalization.learn.serving import TYPE_WEIGHTS
from rules.types import Scored

STEADY_DAYS, FRESH_DAYS = 30.0, 3.0  # half-lives


@dataclass(frozen=True, slots=True)
class Liking:
    """One visitor's newest event with one item; `age` in days before the site's newest event."""

    item: str
    weight: float
    age: float


def likings(site: Site) -> Iterator[Liking]:
    """Ages count from the newest event, so that imported history ranks as it did then."""
    found = (
        learnable_events(site)
        .values_list("item", "profile_id")
        .annotate(newest=Max("at"), weight=Max(_weight()))
        .order_by()
    )
    newest = found.aggregate(last=Max("newest"))["last"]
    for item, _visitor, at, weight in found.iterator(chunk_size=5000):
        yield Liking(item, weight, (newest - at) / DAY)


def rank(found: Iterable[Liking]) -> tuple[list[Scored], list[Scored]]:
    """Popular and trending.

    Trending compares the fresh weight with what a steady item of this popularity would have, in
    units of its chance variation.
    """
    steady: dict[str, float] = {}
    fresh: dict[str, float] = {}
    for liking in found:
        past, recent = 2 ** -(liking.age / STEADY_DAYS), 2 ** -(liking.age / FRESH_DAYS)
        steady[liking.item] = steady.get(liking.item, 0.0) + liking.weight * past
        fresh[liking.item] = fresh.get(liking.item, 0.0) + liking.weight * recent
    share = FRESH_DAYS / STEADY_DAYS
    rising = {
        item: (fresh[item] - share * value) / sqrt(share * value + 1)
        for item, value in steady.items()
    }
    return _best_first(steady), _best_first(rising)


def _best_first(scores: dict[str, float]) -> list[Scored]:
    ordered = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Scored(item, score) for item, score in ordered if score > 0]


def _weight() -> Case:
    return Case(
        *(When(type=name, then=Value(weight)) for name, weight in TYPE_WEIGHTS.items()),
        default=Value(1.0),
        output_field=FloatField(),
    )
