"""Many visitors folded into fixed item vectors, and their standardised scores, in one product.

In:  item vectors, how they are served, the pasts of visitors.
Out: float32 scores, visitors by items, each row of zero mean and unit spread.

One visitor's closed form (`Vectors.visitor`) solves (G + V' W V) u = V' w, with item rows V and
weights w; G is common to all. In coordinates where G is the identity, y = C' u with G = C C' and
rows Z = V C'^-1, the scores are the same, V u = Z y, and conjugate gradients (Hestenes and
Stiefel, 1952) need a few steps, each two passes over a visitor's rows. No eigenvalue of
I + Z' W Z is below one, so that y is never further from its solution than its residual is long:
that is what is looked at before it is called solved. Mean and spread of a row follow from those
of the items, so no score is touched twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from personalization.learn.history import Past, faded
from personalization.learn.members import Matrix, Vector, Vectors
from personalization.learn.serving import Recency

FLAT = 1e-9  # of what its columns would add up to apart; a row that varies less is but rounding
ROWS = 10_000  # items of pasts solved at once: few enough that those of one batch are alike
NEAR = 1e-5  # how far a taste may lie from its solution, as a share of its length
STEPS = 30  # after as many, whoever is not that near is solved alone


@dataclass(frozen=True, slots=True)
class FoldedIn:
    """`level`: rows Z; `centred`: with their biases, less the means; `spread`: its covariance."""

    member: Vectors
    recency: Recency
    root: Matrix  # C
    level: Matrix
    centred: Matrix
    spread: Matrix

    @classmethod
    def of(cls, member: Vectors, recency: Recency) -> Self:
        size = member.vectors.shape[1]
        fold_in = member.fold_in
        shared = fold_in.unseen * member.gram.astype(np.float64) + fold_in.ridge * np.eye(size)
        root = np.linalg.cholesky(shared)
        level = member.vectors @ np.linalg.inv(root).astype(np.float32).T
        biases = np.float32(fold_in.bias) * member.biases
        centred = np.hstack([level, biases[:, None]])
        centred -= centred.mean(axis=0, dtype=np.float64).astype(np.float32)
        spread = (centred.T @ centred).astype(np.float64) / max(1, len(centred))
        return cls(member, recency, root, level, centred, spread)

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
        """A row y a visitor."""
        found = np.zeros((len(pasts), len(self.root)), np.float32)
        for places in _batches(pasts):
            found[places] = self._solved([pasts[place] for place in places])
        return found

    def _solved(self, pasts: Sequence[Past]) -> Matrix:
        """Shorter pasts are filled up with an item that weighs nothing."""
        lengths = np.array([len(past.items) for past in pasts])
        held = np.arange(lengths.max()) < lengths[:, None]
        items = _filled([past.items for past in pasts], held)
        strengths = _filled([past.strengths for past in pasts], held)
        ages = _filled([past.ages for past in pasts], held)
        weights = faded(strengths, ages, self.recency)
        found, is_near = _descended(self.level.take(items, axis=0), weights)
        for row in np.flatnonzero(~is_near):
            found[row] = self.member.visitor(items[row], weights[row]) @ self.root
        return found


def _batches(pasts: Sequence[Past]) -> Iterator[Vector]:
    """Places of pasts that are about as long; those without an item are in none."""
    lengths = np.array([len(past.items) for past in pasts])
    order = np.argsort(-lengths, kind="stable")[: np.count_nonzero(lengths)]
    first = 0
    while first < len(order):
        step = max(1, ROWS // int(lengths[order[first]]))
        yield order[first : first + step]
        first += step


def _filled(columns: Sequence[Vector], held: Matrix) -> Matrix:
    found: Matrix = np.zeros(held.shape, columns[0].dtype)
    found[held] = np.concatenate(columns)
    return found


def _descended(liked: Matrix, weights: Matrix) -> tuple[Matrix, Vector]:
    """(I + Z' W Z) y = Z' w for each visitor's rows Z, and whether y is as near as promised.

    Who is near takes no step more, so nobody's answer depends on whom they are solved beside.
    """
    towards = (weights[:, None] @ liked)[:, 0]
    left = towards.copy()
    found = np.zeros_like(towards)
    square = _squares(left)
    is_far = square > 0
    for _ in range(STEPS):
        if not is_far.any():
            break
        seen = (liked @ towards[..., None])[..., 0] * weights
        pushed = towards + (seen[:, None] @ liked)[:, 0]
        pace = _ratio(square, np.einsum("nd,nd->n", towards, pushed), is_far)
        found += pace * towards
        left -= pace * pushed
        before, square = square, _squares(left)
        towards = left + _ratio(square, before, is_far) * towards
        is_far &= square > NEAR**2 * _squares(found)
    return found, ~is_far


def _squares(rows: Matrix) -> Vector:
    found: Vector = np.einsum("nd,nd->n", rows, rows)
    return found


def _ratio(above: Vector, below: Vector, where: Vector) -> Matrix:
    """A column; nothing elsewhere."""
    return np.divide(above, below, out=np.zeros_like(above), where=where)[:, None]
