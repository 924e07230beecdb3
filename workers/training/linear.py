"""A linear model from items to items in closed form: EASE (Steck, WWW 2019)."""

from dataclasses import dataclass

import numpy as np

from workers.training.interactions import Column, Interactions, distinct
from workers.training.tables import by_item, table

LARGEST_CATALOGUE = 8000  # the inverse of items by items: beyond, half a gigabyte and minutes


@dataclass(frozen=True, slots=True)
class Linear:
    """`linear`: the weights B, zero on the diagonal, that minimise |X - XB|^2 + ridge |B|^2.

    A larger catalogue than `LARGEST_CATALOGUE` gives empty rows: the other members serve it.
    """

    ridge: float = 300.0
    longest: int = 300
    name: str = "linear"

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        interactions.require(2)
        once = distinct(interactions)
        if once.n_items > LARGEST_CATALOGUE:
            return table(self.name, (np.zeros(0) for _ in range(once.n_items)), self.longest)
        matrix = by_item(once.visitors, once.items, np.ones(len(once)), once.n_items)
        gram = (matrix.T @ matrix).toarray().astype(np.float64)
        gram[np.diag_indices_from(gram)] += self.ridge
        inverse = np.linalg.inv(gram)
        weights = inverse / -np.diag(inverse)
        np.fill_diagonal(weights, 0)
        return table(self.name, iter(weights), self.longest)
