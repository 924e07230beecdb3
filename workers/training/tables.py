"""Item-item tables: for each item the items nearest to it.

In:  a sparse matrix of events by items on both sides, and how long a row may be.
Out: three arrays, `<name>_starts`, `<name>_items`, `<name>_values`, as `learn.members.Table` reads.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from scipy import sparse

from workers.training.interactions import Column

Sparse = Any  # scipy has no types
CELLS = 8_000_000  # made dense at a time: bounded memory at any size of catalogue


def table(name: str, rows: Iterable[Column], longest: int) -> dict[str, Column]:
    """Keep the `longest` values of each dense row that weigh most."""
    starts, items, values = [0], [], []
    for row in rows:
        kept = _largest(row, longest)
        items.append(kept.astype(np.int32))
        values.append(row[kept].astype(np.float32))
        starts.append(starts[-1] + len(kept))
    return {
        f"{name}_starts": np.asarray(starts, np.int64),
        f"{name}_items": np.concatenate(items or [np.zeros(0, np.int32)]),
        f"{name}_values": np.concatenate(values or [np.zeros(0, np.float32)]),
    }


def products(left: Sparse, right: Sparse) -> Iterator[Column]:
    """The dense rows of left' @ right without their diagonal, a block at a time."""
    turned = left.T.tocsr()
    step = _step(right)
    for first in range(0, turned.shape[0], step):
        block = (turned[first : first + step] @ right).toarray()
        for offset, row in enumerate(block):
            row[first + offset] = 0
            yield row


def dense_rows(matrix: Sparse) -> Iterator[Column]:
    """The dense rows of a square sparse matrix without their diagonal."""
    rows = matrix.tocsr()
    step = _step(rows)
    for first in range(0, rows.shape[0], step):
        for offset, row in enumerate(rows[first : first + step].toarray()):
            row[first + offset] = 0
            yield row


def by_item(groups: Column, items: Column, weights: Column, n_items: int) -> Sparse:
    """Groups (visitors, baskets) by items; float32, sorted, so that sums have one order."""
    matrix = sparse.csr_matrix(
        (weights.astype(np.float32), (groups, items)), shape=(int(groups.max()) + 1, n_items)
    )
    matrix.sum_duplicates()
    return matrix


def _step(matrix: Sparse) -> int:
    """How many dense rows of this width at a time."""
    return max(1, CELLS // int(matrix.shape[1]))


def _largest(row: Column, longest: int) -> Column:
    found = np.flatnonzero(row)
    if len(found) <= longest:
        return found
    order = np.argsort(-np.abs(row[found]), kind="stable")[:longest]
    return np.sort(found[order])
