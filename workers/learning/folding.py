"""Many visitors folded into fixed item vectors, and their standardised scores, in one product.

In:  item vectors, how they are served, the pasts of visitors.
Out: float32 scores, visitors by items, each row of zero mean and unit spread.

One visitor's closed form (`Vectors.visitor`) inverts a matrix as wide as the vectors. Here G, what
is common to all of it, is inverted once, and a visitor with L items costs an L x L system: for
item rows V and weights W, u = G^-1 V' S (I + S V G^-1 V' S)^-1 S 1 with S = W^(1/2), by the
identity of Woodbury (Hager, SIAM Review 1989). Mean and spread of a row follow from those of the
items, so no score is touched twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from personalization.learn.history import Past
from personalization.learn.members import Matrix, Vectors
from personalization.learn.serving import Recency

FLAT = 1e-9  # of what its columns would add up to apart; a row that varies less is but rounding
ROWS = 200_000  # items of pasts held at once


@dataclass(frozen=True, slots=True)
class FoldedIn:
    """`centred`: items by their vector and bias, less the means; `spread`: its covariance."""

    member: Vectors
    recency: Recency
    common: Matrix  # the inverse of what all visitors' systems share
    centred: Matrix
    spread: Matrix

    @classmethod
    def of(cls, member: Vectors, recency: Recency) -> Self:
        size = member.vectors.shape[1]
        fold_in = member.fold_in
        shared = fold_in.unseen * member.gram.astype(np.float64) + fold_in.ridge * np.eye(size)
        biases = np.float32(fold_in.bias) * member.biases
        table = np.hstack([member.vectors, biases[:, None]])
        centred = table - table.mean(axis=0, dtype=np.float64).astype(np.float32)
        spread = (centred.T @ centred).astype(np.float64) / max(1, len(centred))
        return cls(member, recency, np.linalg.inv(shared).astype(np.float32), centred, spread)

    def __call__(self, pasts: Sequence[Past]) -> Matrix:
        beside = np.hstack([self.tastes(pasts), np.ones((len(pasts), 1))])
        variance = np.einsum("nd,nd->n", beside @ self.spread, beside)
        apart = beside**2 @ np.diag(self.spread)
        varies = variance > FLAT * apart
        scale = np.zeros(len(pasts))
        scale[varies] = variance[varies] ** -0.5
        scores: Matrix = (beside * scale[:, None]).astype(np.float32) @ self.centred.T
        return scores

    def tastes(self, pasts: Sequence[Past]) -> Matrix:
        """A vector a visitor; those with as many items are solved together."""
        size = self.member.vectors.shape[1]
        found = np.zeros((len(pasts), size), np.float32)
        alike: dict[int, list[int]] = defaultdict(list)
        for place, past in enumerate(pasts):
            alike[len(past.items)].append(place)
        for length, places in alike.items():
            step = max(1, ROWS // max(1, length))
            for first in range(0, len(places) if length else 0, step):
                chosen = places[first : first + step]
                found[chosen] = self._solved([pasts[place] for place in chosen])
        return found

    def _solved(self, pasts: Sequence[Past]) -> Matrix:
        """Of pasts of one length."""
        weights = np.stack([past.weights(self.recency) for past in pasts])
        roots = np.sqrt(weights).astype(np.float32)[..., None]
        liked = self.member.vectors[np.stack([past.items for past in pasts])] * roots
        if liked.shape[1] > liked.shape[2]:
            return self._wide(liked, roots)
        turned = liked @ self.common
        system = turned @ liked.transpose(0, 2, 1) + np.eye(liked.shape[1], dtype=np.float32)
        shares = np.linalg.solve(system, roots)
        solved: Matrix = (turned.transpose(0, 2, 1) @ shares)[..., 0]
        return solved

    def _wide(self, liked: Matrix, roots: Matrix) -> Matrix:
        """More items than the vectors are wide: the system as it stands in `Vectors.visitor`."""
        shared = np.linalg.inv(self.common.astype(np.float64)).astype(np.float32)
        across = liked.transpose(0, 2, 1)
        solved: Matrix = np.linalg.solve(across @ liked + shared, across @ roots)[..., 0]
        return solved
