"""How good lists of suggestions are.

In:  for each visitor, whether each suggested item was right, best first; how many were right.
Out: the means over visitors of P, R, F1, MAP and NDCG at the length of the lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workers.training.interactions import Column


@dataclass(frozen=True, slots=True)
class Metrics:
    """`f1` is the harmonic mean of the two means."""

    visitors: int
    precision: float
    recall: float
    f1: float
    average_precision: float
    ndcg: float

    def to_document(self) -> dict[str, float]:
        named = {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "map": self.average_precision,
            "ndcg": self.ndcg,
        }
        return {name: round(value, 6) for name, value in named.items()}


NOBODY = Metrics(0, 0.0, 0.0, 0.0, 0.0, 0.0)


def measure(lists: Sequence[Sequence[int]], right: Sequence[frozenset[int]], at: int) -> Metrics:
    """Visitors without any right item say nothing and are left out."""
    rows = [
        _of_one(np.array([item in truth for item in found[:at]], bool), len(truth), at)
        for found, truth in zip(lists, right, strict=True)
        if truth
    ]
    if not rows:
        return NOBODY
    precision, recall, average, ndcg = (float(mean) for mean in np.mean(rows, axis=0))
    both = precision + recall
    return Metrics(
        len(rows),
        precision,
        recall,
        2 * precision * recall / both if both else 0.0,
        average,
        ndcg,
    )


def _of_one(hits: Column, truth: int, at: int) -> tuple[float, float, float, float]:
    places = np.flatnonzero(hits) + 1
    average = float((np.arange(1, len(places) + 1) / places).sum()) / min(truth, at)
    gain = float((1 / np.log2(places + 1)).sum())
    ideal = float((1 / np.log2(np.arange(min(truth, at)) + 2)).sum())
    return len(places) / at, len(places) / truth, average, gain / ideal
