"""A linear model from items to items: EASE (Steck, WWW 2019), in closed form or a sparse one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from workers.training.interactions import Column, Interactions, distinct
from workers.training.nearest import cosines
from workers.training.tables import Sparse, by_item, dense_rows, table

LARGEST_CLOSED = 8000  # items: their inverse is half a gigabyte, and a minute
SHARED = 8  # more columns would be cheaper, and further from their own neighbourhoods


@dataclass(frozen=True, slots=True)
class Linear:
    """`linear`: the weights B, zero on the diagonal, that minimise |X - XB|^2 + ridge |B|^2.

    In closed form for up to `closed` items with events. Of more, an item's column of B has weights
    for items near it alone, at most `nearest` of them by cosine, and is the optimum under that
    restriction (Steck, NeurIPS 2019: sparse Markov random fields; so does fsSLIM, Ning and Karypis,
    ICDM 2011). Time grows with the items, memory not with their square, and every item has a row.
    """

    ridge: float = 300.0
    longest: int = 300
    closed: int = LARGEST_CLOSED
    nearest: int = 150
    name: str = "linear"

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        interactions.require(2)
        once = distinct(interactions)
        matrix = by_item(once.visitors, once.items, np.ones(len(once)), once.n_items)
        touched = np.unique(once.items)
        if len(touched) <= self.closed:
            rows = _rows(_closed(matrix[:, touched], self.ridge), touched, once.n_items)
        else:
            rows = dense_rows(_restricted(matrix, touched, self.ridge, self.nearest))
        return table(self.name, rows, self.longest)


def _closed(matrix: Sparse, ridge: float) -> Column:
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


def _rows(weights: Column, touched: Column, n_items: int) -> Iterator[Column]:
    """The rows over the whole catalogue, one dense row at a time."""
    places = {int(item): place for place, item in enumerate(touched)}
    for item in range(n_items):
        row = np.zeros(n_items, np.float32)
        if item in places:
            row[touched] = weights[places[item]]
        yield row


def _restricted(matrix: Sparse, touched: Column, ridge: float, nearest: int) -> Sparse:
    """B from inverses over neighbourhoods: an item's column from its own, then its row too.

    The row fills what no other item's neighbourhood reached: an item of the long tail is near to
    few. The inverse over an item's neighbourhood also serves the `SHARED` items nearest to it.
    """
    near = table("near", cosines(matrix), nearest)
    visitors = matrix.T.tocsr()
    is_open = np.zeros(matrix.shape[1], bool)
    is_open[touched] = True
    columns, rows = [], []
    for item in touched[np.argsort(-np.diff(visitors.indptr)[touched], kind="stable")]:
        if is_open[item]:
            row = slice(near["near_starts"][item], near["near_starts"][item + 1])
            order = np.argsort(-near["near_values"][row], kind="stable")
            block = np.append(item, near["near_items"][row][order])
            served = np.flatnonzero(is_open[block[: SHARED + 1]])
            is_open[block[served]] = False
            weights = _of_block(visitors[block], ridge)
            columns.append(_triplets(block, block[served], weights[:, served]))
            rows.append(_triplets(block[served], block, weights[served]))
    by_column, by_row = (_gathered(parts, matrix.shape[1]) for parts in (columns, rows))
    return by_column + by_row - by_row.multiply(by_column != 0)


def _of_block(liked: Sparse, ridge: float) -> Column:
    """B of these items alone, from the visitors who have any of them."""
    _, local = np.unique(liked.indices, return_inverse=True)
    packed = sparse.csr_matrix((liked.data, local, liked.indptr))
    gram = (packed @ packed.T).toarray().astype(np.float64)
    gram[np.diag_indices_from(gram)] += ridge
    inverse = np.linalg.inv(gram)
    weights: Column = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def _triplets(sources: Column, targets: Column, weights: Column) -> tuple[Column, ...]:
    across = np.broadcast_arrays(sources[:, None], targets)
    return (*(each.ravel() for each in across), weights.astype(np.float32).ravel())


def _gathered(parts: list[tuple[Column, ...]], n_items: int) -> Sparse:
    sources, targets, weights = (np.concatenate(each) for each in zip(*parts, strict=True))
    return sparse.csr_matrix((weights, (sources, targets)), shape=(n_items, n_items))
