"""How good lists of suggestions are, with how sure that is.

In:  for each visitor, the suggested items, best first, and the right ones.
Out: means over visitors of P, R, F1, MAP, NDCG and MRR at the length of the lists, each with the
     interval in which the mean of all such visitors lies 95 times out of 100.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from workers.training.interactions import Column

NAMES: Final = ("precision", "recall", "map", "ndcg", "mrr")
SURE: Final = 1.96  # standard errors on either side: 95 % of a normal distribution
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Metrics:
    """`rows`: float64, one a visitor with anything right, columns as in `NAMES`."""

    rows: Column

    @property
    def visitors(self) -> int:
        return len(self.rows)

    def mean(self, name: str) -> float:
        return float(self._column(name).mean()) if len(self.rows) else 0.0

    def interval(self, name: str) -> Interval:
        return interval(self._column(name))

    @property
    def f1(self) -> float:
        """The harmonic mean of the two means."""
        precision, recall = self.mean("precision"), self.mean("recall")
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    @property
    def f1_interval(self) -> Interval:
        """Each visitor's pull on it, by its slopes in the two means (the delta method)."""
        precision, recall = self.mean("precision"), self.mean("recall")
        total = (precision + recall) or 1.0
        pulls = recall**2 * (self._column("precision") - precision)
        pulls += precision**2 * (self._column("recall") - recall)
        return interval(self.f1 + 2 * pulls / total**2)

    def to_document(self) -> dict[str, Any]:  # JSON
        means = {**{name: self.mean(name) for name in NAMES}, "f1": self.f1}
        named = {name: round(mean, 6) for name, mean in means.items()}
        known: dict[str, Interval] = {}
        if self.visitors > 1:
            known = {**{name: self.interval(name) for name in NAMES}, "f1": self.f1_interval}
        intervals = {name: [round(end, 6) for end in ends] for name, ends in known.items()}
        return {**named, "visitors": self.visitors, "intervals": intervals}

    def _column(self, name: str) -> Column:
        column: Column = self.rows[:, NAMES.index(name)]
        return column


def measure(lists: Sequence[Sequence[int]], right: Sequence[Collection[int]], at: int) -> Metrics:
    """Visitors without any right item say nothing and are left out."""
    rows = [
        _of_one(np.array([item in truth for item in found[:at]], bool), len(truth), at)
        for found, truth in zip(lists, right, strict=True)
        if truth
    ]
    return Metrics(np.asarray(rows, np.float64).reshape(-1, len(NAMES)))


def interval(values: Column) -> Interval:
    """Of the mean, by its standard error; of fewer than two values, everything."""
    if len(values) < 2:
        return (-np.inf, np.inf)
    mean, error = float(values.mean()), float(values.std(ddof=1)) / len(values) ** 0.5
    return (mean - SURE * error, mean + SURE * error)


def coverage(lists: Sequence[Sequence[int]], items: int) -> float:
    """The share of the catalogue that stands in anybody's list."""
    return len({item for found in lists for item in found}) / items if items else 0.0


def coverage_interval(lists: Sequence[Sequence[int]], items: int) -> Interval:
    """By the jackknife: what each list alone adds to the coverage (Efron and Stein, 1981)."""
    shown = Counter(item for found in lists for item in found)
    alone = np.asarray([sum(shown[item] == 1 for item in found) for found in lists], np.float64)
    if len(alone) < 2 or not items:
        return (0.0, 1.0)
    spread = (len(alone) - 1) / len(alone) * float(((alone - alone.mean()) ** 2).sum())
    middle, error = coverage(lists, items), SURE * spread**0.5 / items
    return (max(0.0, middle - error), min(1.0, middle + error))


def novelty(lists: Sequence[Sequence[int]], visitors_by_item: Column, visitors: int) -> float:
    """Mean bits of surprise of the items shown (Zhou et al., PNAS 2010); unseen as one visitor."""
    bits = [each for one in _surprise(lists, visitors_by_item, visitors) for each in one.tolist()]
    return float(np.mean(bits)) if bits else 0.0


def novelty_interval(
    lists: Sequence[Sequence[int]], visitors_by_item: Column, visitors: int
) -> Interval:
    """Over visitors."""
    means = [one.mean() for one in _surprise(lists, visitors_by_item, visitors) if len(one)]
    return interval(np.asarray(means))


def _surprise(
    lists: Sequence[Sequence[int]], visitors_by_item: Column, visitors: int
) -> list[Column]:
    shares = np.clip(np.maximum(visitors_by_item, 1) / max(1, visitors), 0, 1)
    bits = -np.log2(shares)
    return [bits[list(found)] for found in lists]


def _of_one(hits: Column, truth: int, at: int) -> tuple[float, ...]:
    places = np.flatnonzero(hits) + 1
    average = float((np.arange(1, len(places) + 1) / places).sum()) / min(truth, at)
    gain = float((1 / np.log2(places + 1)).sum())
    ideal = float((1 / np.log2(np.arange(min(truth, at)) + 2)).sum())
    first = 1 / float(places[0]) if len(places) else 0.0
    return len(places) / at, len(places) / truth, average, gain / ideal, first
