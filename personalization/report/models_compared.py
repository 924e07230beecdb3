"""What would change for visitors if another model were in use.

In:  two trained models and a sample of recent visitors, whose ids stay sealed.
Out: how much their lists have in common, and which items would be shown more or less. Nothing is
     said of fewer than fifty visitors, and never of one.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from personalization.catalog.models import Item
from personalization.govern.models import Site
from personalization.govern.rounding import FLOOR, shown_count
from personalization.learn import artefacts, registry
from personalization.learn.models import ModelVersion
from personalization.profiles.sampling import recent_visitors
from rules.consent import PROFILING
from rules.types import Ranker

MOST: Final = 500  # visitors
AT: Final = 10
NAMED: Final = 8  # items on either side


@dataclass(frozen=True, slots=True)
class Moved:
    """`share` of the visitors in whose list the item stands, with the one and the other model."""

    title: str
    mine: float
    other: float

    @property
    def mine_share(self) -> int:
        return round(100 * self.mine)

    @property
    def other_share(self) -> int:
        return round(100 * self.other)


@dataclass(frozen=True, slots=True)
class Difference:
    visitors: str
    same: float  # of the places of a list, filled with an item of the other list too
    first: float  # share of the visitors whose first item is another one
    gained: tuple[Moved, ...]
    lost: tuple[Moved, ...]

    @property
    def same_share(self) -> int:
        return round(100 * self.same)

    @property
    def first_share(self) -> int:
        return round(100 * self.first)


def difference(
    site: Site, mine: ModelVersion, other: ModelVersion, now: datetime
) -> Difference | None:
    """None: too few visitors allow it to tell."""
    rankers = _ranker(site, mine), _ranker(site, other)
    shown: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    visitors = same = first = 0
    for visitor in recent_visitors(site, MOST, now=now):
        if not visitor.purposes >= PROFILING or not visitor.signals:
            continue
        lists = [
            [each.item for each in ranker.for_visitor(visitor.signals, now, AT, visitor.bought)]
            for ranker in rankers
        ]
        if not all(lists):
            continue
        visitors += 1
        same += len(set(lists[0]) & set(lists[1]))
        first += lists[0][0] != lists[1][0]
        for counter, found in zip(shown, lists, strict=True):
            counter.update(found)
    if visitors < FLOOR:
        return None
    gained, lost = _moved(site, shown, visitors)
    return Difference(shown_count(visitors), same / (AT * visitors), first / visitors, gained, lost)


def _moved(
    site: Site, shown: tuple[Counter[str], Counter[str]], visitors: int
) -> tuple[tuple[Moved, ...], tuple[Moved, ...]]:
    mine, other = shown
    changes = {key: mine[key] - other[key] for key in mine.keys() | other.keys()}
    order = sorted(changes, key=lambda key: (-changes[key], key))
    gained = [key for key in order[:NAMED] if changes[key] > 0]
    lost = [key for key in reversed(order[-NAMED:]) if changes[key] < 0]
    rows = Item.objects.filter(site=site, key__in=[*gained, *lost])
    titles = dict(rows.values_list("key", "title"))

    def told(key: str) -> Moved:
        return Moved(titles.get(key, key), mine[key] / visitors, other[key] / visitors)

    return tuple(map(told, gained)), tuple(map(told, lost))


def _ranker(site: Site, model: ModelVersion) -> Ranker:
    from personalization.learn.ranker import ArrayRanker  # noqa: PLC0415 - imports numpy

    content = artefacts.read(f"{model.artefact}/{registry.FILE}", model.sha256)
    rows = Item.objects.filter(site=site, is_available=True)
    return ArrayRanker.load(content, frozenset(rows.values_list("key", flat=True)))
