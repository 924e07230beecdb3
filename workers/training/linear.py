"""A linear model from items to items in closed form: EASE (Steck, WWW 2019)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from workers.training.interactions import Column, Interactions, distinct
from workers.training.tables import Sparse, by_item, table

LARGEST_HEAD = 8000  # items: their inverse is a quarter of a gigabyte, and a minute


@dataclass(frozen=True, slots=True)
class Linear:
    """`linear`: the weights B, zero on the diagonal, that minimise |X - XB|^2 + ridge |B|^2.

    Of a larger catalogue than `head` the items with most visitors are modelled, which bounds time
    and memory; the others have empty rows, and the other members serve them.
    """

    ridge: float = 300.0
    longest: int = 300
    head: int = LARGEST_HEAD
    name: str = "linear"

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        interactions.require(2)
        once = distinct(interactions)
        matrix = by_item(once.visitors, once.items, np.ones(len(once)), once.n_items)
        counts = np.bincount(once.items, minlength=once.n_items)
        chosen = np.sort(np.argsort(-counts, kind="stable")[: self.head])
        chosen = chosen[counts[chosen] > 0]
        weights = _weights(matrix[:, chosen], self.ridge)
        return table(self.name, _rows(weights, chosen, once.n_items), self.longest)


def _weights(matrix: Sparse, ridge: float) -> Column:
    """B = I - P diag(1 / P) for P the inverse of X'X + ridge, which is symmetric."""
    gram = (matrix.T @ matrix).toarray().astype(np.float64)
    gram[np.diag_indices_from(gram)] += ridge
    factor, refused = lapack.dpotrf(gram, lower=1, overwrite_a=1)
    inverse, not_inverted = lapack.dpotri(factor, lower=1, overwrite_c=1)
    if refused or not_inverted:
        raise ValueError("the ridge must be above zero")
    inverse = np.tril(inverse)
    inverse += np.tril(inverse, -1).T
    weights: Column = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def _rows(weights: Column, chosen: Column, n_items: int) -> Iterator[Column]:
    """The rows over the whole catalogue, one dense row at a time."""
    places = {int(item): place for place, item in enumerate(chosen)}
    for item in range(n_items):
        row = np.zeros(n_items, np.float32)
        if item in places:
            row[chosen] = weights[places[item]]
        yield row
