"""Items that the same visitors like: cosine over visitors, and over baskets."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workers.training.interactions import Column, Interactions, distinct
from workers.training.tables import Sparse, by_item, products, table

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Nearest:
    """`alike`: cosine of the items' columns of visitors.

    A visitor with many items says less with each: their row is divided by a root of its length.
    `half_life` (days) lets old likes fade, None keeps them.
    """

    half_life: float | None = None
    longest: int = 200
    name: str = "alike"

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        interactions.require(2)
        once = distinct(interactions)
        weights = np.bincount(once.visitors, minlength=once.n_visitors)[once.visitors] ** -0.5
        if self.half_life:
            weights = weights * np.exp2(-(once.at.max() - once.at) / DAY / self.half_life)
        matrix = by_item(once.visitors, once.items, np.sqrt(weights), once.n_items)
        return table(self.name, cosines(matrix), self.longest)


@dataclass(frozen=True, slots=True)
class Together:
    """`together`: cosine of the items' columns of baskets, a basket being a visitor's day."""

    longest: int = 50
    name: str = "together"

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        interactions.require(2)
        days = (interactions.at // DAY).astype(np.int64)
        baskets = interactions.visitors.astype(np.int64) * (int(days.max()) + 1) + days
        _, groups = np.unique(baskets, return_inverse=True)
        pairs = np.unique(np.stack([groups, interactions.items], axis=1), axis=0)
        matrix = by_item(pairs[:, 0], pairs[:, 1], np.ones(len(pairs)), interactions.n_items)
        return table(self.name, cosines(matrix), self.longest)


def cosines(matrix: Sparse) -> Iterator[Column]:
    """Of every column with every other, a dense row an item."""
    unit = _unit_columns(matrix)
    return products(unit, unit)


def _unit_columns(matrix: Sparse) -> Sparse:
    lengths = np.sqrt(np.asarray(matrix.power(2).sum(axis=0)).ravel())
    return matrix.multiply(1 / np.maximum(lengths, 1e-12)).tocsr()
