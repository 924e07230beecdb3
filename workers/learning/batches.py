"""Many visitors' scores at once: what `Member.scores` says of each, in a few large products.

In:  a member, the pasts of visitors, a recency.
Out: float32 scores, visitors by items, each row of zero mean and unit spread.
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from personalization.learn.history import Past
from personalization.learn.members import Matrix, Member, Table, Vectors
from personalization.learn.serving import Recency


def standardised(member: Member, pasts: Sequence[Past], recency: Recency, n_items: int) -> Matrix:
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
