"""Whether lists are as good for one group of visitors as for another, and who is shown at all.

In:  the lists of many visitors, how good each was, and groups of visitors or of items.
Out: JSON documents with intervals. Groups of fewer than `FEWEST` visitors are counted and not told.

Quality and exposure by group of visitors: Ekstrand et al., "All the cool kids, how do they fit
in?", FAT* 2018. Exposure by place: Singh and Joachims, "Fairness of exposure in rankings", KDD
2018. The Gini index of what recommenders show: Fleder and Hosanagar, Management Science 2009.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from workers.training.groups import Groups
from workers.training.interactions import Column
from workers.training.metrics import interval

FEWEST: Final = 50  # visitors of a group
SURE: Final = 0.95
Document = dict[str, Any]  # JSON
Lists = Sequence[Sequence[int]]  # positions of items, best first


def by_visitors(masks: Mapping[str, Column], figures: Mapping[str, Column]) -> Document:
    """`figures`: by name, one number a visitor; `ndcg` is the one that groups are compared by."""
    told = {label: mask for label, mask in masks.items() if mask.sum() >= FEWEST}
    visitors = len(figures["ndcg"])
    return {
        "groups": [
            {
                "label": label,
                "visitors": int(mask.sum()),
                **{name: _mean(values[mask]) for name, values in figures.items()},
            }
            for label, mask in told.items()
        ],
        "gaps": _gaps({label: figures["ndcg"][mask] for label, mask in told.items()}),
        "visitors": visitors,
        "elsewhere": visitors - sum(int(mask.sum()) for mask in told.values()),
    }


def by_providers(lists: Lists, providers: Groups, asked: Column) -> Document:
    """Of whom the lists show how much. `asked`: for each item, how many visitors had it.

    A place of a list counts as much as it is seen: 1 / log2(1 + place). What is in no group is
    left out of the rows, and not of the shares.
    """
    count, is_known = len(providers.labels), providers.of >= 0
    known = providers.of[is_known]
    shown = np.asarray([_shares_shown(found, providers) for found in lists]).reshape(-1, count)
    wanted = np.bincount(known, weights=asked[is_known], minlength=count)
    items = np.bincount(known, minlength=count)
    return {
        "rows": [
            {
                "label": label,
                "items": int(items[place]),
                "catalogue": round(int(items[place]) / max(1, len(providers.of)), 6),
                "asked": round(float(wanted[place]) / max(1.0, float(asked.sum())), 6),
                "shown": _mean(shown[:, place]),
            }
            for place, label in enumerate(providers.labels)
        ],
        "gini": {
            "shown": round(gini(exposures(lists, len(providers.of))), 6),
            "asked": round(gini(asked), 6),
        },
    }


def exposures(lists: Lists, items: int) -> Column:
    """How much each item is seen in all of the lists together."""
    total: Column = np.zeros(items)
    for found in lists:
        total[list(found)] += _seen(len(found))
    return total


def gini(amounts: Column) -> float:
    """0: everybody has the same; towards 1: one has all."""
    ordered = np.sort(np.asarray(amounts, np.float64))
    count, total = len(ordered), float(ordered.sum())
    if total <= 0:
        return 0.0
    places = np.arange(1, count + 1)
    return float(((2 * places - count - 1) * ordered).sum() / (count * total))


def _gaps(found: Mapping[str, Column]) -> list[Document]:
    """How far each group lies behind the best one.

    The best is known only from the same figures, so the intervals hold for all pairs at once
    (Bonferroni): 95 times of 100 not one of them is wrong.
    """
    if len(found) < 2:
        return []
    best = max(found, key=lambda label: float(found[label].mean()))
    pairs = len(list(combinations(found, 2)))
    width = NormalDist().inv_cdf(1 - (1 - SURE) / 2 / pairs)
    return [
        {"label": label, "to": best, **_behind(values, found[best], width)}
        for label, values in found.items()
        if label != best
    ]


def _behind(values: Column, best: Column, width: float) -> Document:
    difference = float(best.mean() - values.mean())
    error = float((values.var(ddof=1) / len(values) + best.var(ddof=1) / len(best)) ** 0.5)
    return {
        "difference": round(difference, 6),
        "low": round(difference - width * error, 6),
        "high": round(difference + width * error, 6),
        "ratio": round(float(values.mean() / best.mean()), 4) if best.mean() > 0 else None,
    }


def _shares_shown(found: Sequence[int], providers: Groups) -> Column:
    seen, places = _seen(len(found)), providers.of[list(found)]
    known = places >= 0
    shares: Column = np.bincount(
        places[known], weights=seen[known], minlength=len(providers.labels)
    ) / max(1e-12, seen.sum())
    return shares


def _seen(count: int) -> Column:
    found: Column = 1 / np.log2(np.arange(count) + 2)
    return found


def _mean(values: Column) -> Document:
    if not len(values):
        return {"mean": 0.0, "low": 0.0, "high": 0.0}
    low, high = interval(values) if len(values) > 1 else (float(values[0]),) * 2
    return {
        "mean": round(float(values.mean()), 6),
        "low": round(low, 6),
        "high": round(high, 6),
    }
