"""Many visitors' scores at once: what one visitor's would be, in a few large products.

In:  members, the pasts of visitors, how they are served.
Out: float32 scores, visitors by items.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set

import numpy as np
from scipy import sparse

from personalization.learn.history import Past
from personalization.learn.members import Matrix, Member, Popular, Table, Vectors
from personalization.learn.ranker import ArrayRanker
from personalization.learn.serving import Recency
from workers.learning.folding import FoldedIn

CELLS = 4_000_000  # scores held at once
Scorer = Callable[[Sequence[Past]], Matrix]  # each row of zero mean and unit spread


def blended(ranker: ArrayRanker, pasts: Sequence[Past]) -> Iterator[Matrix]:
    """The rows of `ArrayRanker.blended`, as many at a time as memory should hold."""
    n_items = len(ranker.keys)
    step = max(1, CELLS // max(1, n_items))
    named = {name: ranker.members[name] for name in ranker.named()}
    alike = _alike(named, ranker.serving.blend, n_items)
    score = {
        name: _scorer(member, ranker.serving.recency.get(name, Recency()), n_items)
        for name, member in named.items()
        if not isinstance(member, Popular)
    }
    kept = set(ranker.serving.cold) if len(ranker.cold) else set()
    for first in range(0, len(pasts), step):
        chunk = pasts[first : first + step]
        parts = {name: scores(chunk) for name, scores in score.items()}
        total = _added(parts, ranker.serving.blend, kept)
        if total is None:
            total = np.zeros((len(chunk), n_items), np.float32)
        if alike.any():
            total += alike
        for row in range(len(chunk)) if len(ranker.cold) else ():
            ranker.order_cold(total[row], {name: parts[name][row] for name in kept & parts.keys()})
        yield total


def _alike(named: Mapping[str, Member], blend: Mapping[str, float], n_items: int) -> Matrix:
    """One row: what is added for everybody."""
    total = np.zeros((1, n_items), np.float32)
    for name, member in named.items():
        if isinstance(member, Popular):
            row = _standardised(member.values[None].astype(np.float32))
            total += np.float32(blend.get(name, 0.0)) * row
    return total


def _added(
    parts: Mapping[str, Matrix], blend: Mapping[str, float], kept: Set[str]
) -> Matrix | None:
    """The weighted sum; parts that are not to be kept are used up. None where none counts."""
    total: Matrix | None = None
    for name, part in parts.items():
        weight = np.float32(blend.get(name, 0.0))
        if not weight:
            continue
        weighed = part.copy() if name in kept else part
        if weight != 1:
            weighed *= weight
        total = weighed if total is None else np.add(total, weighed, out=total)
    return total


def standardised(member: Member, pasts: Sequence[Past], recency: Recency, n_items: int) -> Matrix:
    """Each row of zero mean and unit spread."""
    return _scorer(member, recency, n_items)(pasts)


def _scorer(member: Member, recency: Recency, n_items: int) -> Scorer:
    """What is the same for all visitors is worked out once."""
    if isinstance(member, Vectors):
        return FoldedIn.of(member, recency)
    if isinstance(member, Table):
        shape = (n_items, n_items)
        near = sparse.csr_matrix((member.values, member.items, member.starts), shape=shape)

        def from_table(pasts: Sequence[Past]) -> Matrix:
            found: Matrix = (_weights(pasts, recency, n_items) @ near).toarray()
            return _standardised(found.astype(np.float32))

        return from_table

    def one_by_one(pasts: Sequence[Past]) -> Matrix:
        rows = [member.scores(past.items, past.weights(recency)) for past in pasts]
        return _standardised(np.stack(rows))

    return one_by_one


def _standardised(rows: Matrix) -> Matrix:
    rows -= rows.mean(axis=1, keepdims=True)
    spreads = rows.std(axis=1, keepdims=True)
    rows /= np.where(spreads > 0, spreads, 1)
    return rows


def _weights(pasts: Sequence[Past], recency: Recency, n_items: int) -> sparse.csr_matrix:
    starts = np.cumsum([0, *(len(past.items) for past in pasts)])
    weights = np.concatenate([past.weights(recency) for past in pasts])
    items = np.concatenate([past.items for past in pasts])
    return sparse.csr_matrix((weights, items, starts), shape=(len(pasts), n_items))
