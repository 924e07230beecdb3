"""How good lists are at items of each kind: well known, others, and those that nobody had touched.

In:  the lists that a model and popularity would have shown, what was right, visitors by item.
Out: by group of items the share of the right ones that the lists held, with intervals; and how well
     untouched items are ordered among themselves.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from personalization.learn.history import Past
from personalization.learn.ranker import ArrayRanker
from workers.learning.audience import AT
from workers.learning.batches import blended
from workers.training.fairness import FEWEST, Document, Lists
from workers.training.interactions import Column
from workers.training.metrics import SURE, measure

HEAD: Final = 0.2  # of the items with events, those with most visitors
MOST_JUDGES: Final = 2000


def by_items(
    lists: Lists, popular: Lists, right: Sequence[frozenset[int]], touched: Column
) -> Iterator[tuple[str, Document]]:
    """Of the right items of a group, the share that the lists held."""
    well_known = head(touched)
    groups = {"head": well_known, "tail": (touched > 0) & ~well_known, "new": touched == 0}
    for name, mask in groups.items():
        asked = np.asarray([mask[list(truth)].sum() for truth in right], np.float64)
        if asked.sum() >= FEWEST:
            held = {"model": _held(lists, right, mask), "popularity": _held(popular, right, mask)}
            recall = {whose: round(float(n.sum() / asked.sum()), 6) for whose, n in held.items()}
            low, high = _ratio_interval(held["model"], asked)
            yield name, {"right": int(asked.sum()), "recall": recall, "low": low, "high": high}


def among_new(
    ranker: ArrayRanker, pasts: Sequence[Past], right: Sequence[frozenset[int]], touched: Column
) -> Document | None:
    """Items that nobody had touched, ranked among themselves for those who turned to some of them.

    None where fewer than fifty visitors did. `chance`: what an order by lot is worth.
    """
    untouched, known = touched == 0, frozenset(np.flatnonzero(touched).tolist())
    asked = [
        (past, frozenset(item for item in truth if untouched[item]))
        for past, truth in zip(pasts, right, strict=True)
    ]
    judges = [one for one in asked if one[1]][:MOST_JUDGES]
    if len(judges) < FEWEST:
        return None
    rows = (row for chunk in blended(ranker, [past for past, _ in judges]) for row in chunk)
    lists = [best_of(row, known) for row in rows]
    lot = np.random.default_rng(0)
    drawn = [lot.permutation(np.flatnonzero(untouched))[:AT].tolist() for _ in judges]
    truths = [truth for _, truth in judges]
    return {
        **measure(lists, truths, AT).to_document(),
        "chance": round(measure(drawn, truths, AT).mean("ndcg"), 6),
        "items": int(untouched.sum()),
    }


def head(touched: Column) -> Column:
    """The best known fifth of the items with events, as a mask."""
    counts = np.sort(touched[touched > 0])[::-1]
    if not len(counts):
        return touched > 0
    well_known: Column = touched >= counts[max(0, int(HEAD * len(counts)) - 1)]
    return well_known


def best_of(scores: Column, had: frozenset[int]) -> list[int]:
    """Positions of the best scores that are not had yet, best first."""
    open_scores = scores.copy()
    open_scores[list(had)] = -np.inf
    count = min(AT, len(scores))
    least = np.partition(open_scores, -count)[-count]
    top = np.flatnonzero(open_scores >= least)
    top = top[np.argsort(-open_scores[top], kind="stable")][:count]
    return [int(item) for item in top if open_scores[item] > -np.inf]


def _held(lists: Lists, right: Sequence[frozenset[int]], mask: Column) -> Column:
    """For each visitor, how many right items of the group their list held."""
    pairs = zip(lists, right, strict=True)
    return np.asarray(
        [sum(bool(mask[item]) for item in found if item in truth) for found, truth in pairs],
        np.float64,
    )


def _ratio_interval(held: Column, asked: Column) -> tuple[float, float]:
    """Of a ratio of two sums over visitors, linearised (Cochran, Sampling Techniques, 1977)."""
    ratio, visitors = float(held.sum() / asked.sum()), len(held)
    rests = held - ratio * asked
    error = float((rests**2).sum() * visitors / max(1, visitors - 1)) ** 0.5 / float(asked.sum())
    low, high = max(0.0, ratio - SURE * error), min(1.0, ratio + SURE * error)
    return round(low, 6), round(high, 6)
