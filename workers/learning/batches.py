"""Many visitors' scores at once: what one visitor's would be, in a few large products.

In:  members, the pasts of visitors, how they are served.
Out: float32 scores, visitors by items.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from personalization.learn.history import Past
from personalization.learn.members import Matrix, Member, Table, Vectors
from personalization.learn.ranker import ArrayRanker
from personalization.learn.serving import Recency

CELLS = 4_000_000  # scores held at once


def blended(ranker: ArrayRanker, pasts: Sequence[Past]) -> Iterator[Matrix]:
    """The rows of `ArrayRanker.blended`, as many at a time as memory should hold."""
    n_items = len(ranker.keys)
    step = max(1, CELLS // max(1, n_items))
    for first in range(0, len(pasts), step):
        chunk = pasts[first : first + step]
        total = np.zeros((len(chunk), n_items), np.float32)
        parts: dict[str, Matrix] = {}
        for name in ranker.named():
            recency = ranker.serving.recency.get(name, Recency())
            parts[name] = standardised(ranker.members[name], chunk, recency, n_items)
            total += np.float32(ranker.serving.blend.get(name, 0.0)) * parts[name]
        for row in range(len(chunk)) if len(ranker.cold) else ():
            ranker.order_cold(total[row], {name: part[row] for name, part in parts.items()})
        yield total


def standardised(member: Member, pasts: Sequence[Past], recency: Recency, n_items: int) -> Matrix:
    """Each row of zero mean and unit spread."""
    rows = _scores(member, pasts, recency, n_items)
    rows -= rows.mean(axis=1, keepdims=True)
    spreads = rows.std(axis=1, keepdims=True)
    rows /= np.where(spreads > 0, spreads, 1)
    return rows


def _scores(member: Member, pasts: Sequence[Past], recency: Recency, n_items: int) -> Matrix:
    if isinstance(member, Table):
        near = sparse.csr_matrix(
            (member.values, member.items, member.starts), shape=(n_items, n_items)
        )
        found: Matrix = (_weights(pasts, recency, n_items) @ near).toarray()
        return found.astype(np.float32)
    if isinstance(member, Vectors):
        tastes = np.stack([member.visitor(past.items, past.weights(recency)) for past in pasts])
        biases = np.float32(member.fold_in.bias) * member.biases
        solved: Matrix = tastes @ member.vectors.T + biases
        return solved
    return np.stack([member.scores(past.items, past.weights(recency)) for past in pasts])


def _weights(pasts: Sequence[Past], recency: Recency, n_items: int) -> sparse.csr_matrix:
    starts = np.cumsum([0, *(len(past.items) for past in pasts)])
    weights = np.concatenate([past.weights(recency) for past in pasts])
    items = np.concatenate([past.items for past in pasts])
    return sparse.csr_matrix((weights, items, starts), shape=(len(pasts), n_items))
