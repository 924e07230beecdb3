"""Many visitors folded into fixed item vectors, and their standardised scores, in one product.

In:  item vectors, how they are served, the pasts of visitors.
Out: float32 scores, visitors by items, each row of zero mean and unit spread.

One visitor's closed form (`Vectors.visitor`) solves (G + V' W V) u = V' w, with item rows V and
weights w; G is common to all. In coordinates where G is the identity, y = C' u with G = C C' and
rows Z = V C'^-1, it is (I + Z' W Z) y = Z' w, and the scores are the same, V u = Z y. Conjugate
gradients (Hestenes and Stiefel, 1952) need few steps, each two passes over a visitor's rows. No
eigenvalue is below one, so that y is never further from its solution than what is left of the
right side is long: that is what is looked at before it is called solved.

Where items are fewer than columns, Woodbury's identity has a smaller system, y = Z' S c, with

    (E + S Z Z' S) c = s,  E = diag(1 / (1 + w |z|^2)),  S = diag(s),  s = (w E)^1/2

which has ones on its diagonal (Jacobi's preconditioner) and needs fewer steps. With r what is left
of s, y is off by Z' W^1/2 (I + W^1/2 Z Z' W^1/2)^-1 E^-1/2 r, and no singular value of what stands
before E^-1/2 r is above a half. Mean and spread of a row of scores follow from those of the items,
so no score is touched twice.
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
STEPS = 60  # after as many, whoever is not that near is solved in closed form


@dataclass(frozen=True, slots=True)
class FoldedIn:
    """`level`: rows Z, `squares` of their lengths; `centred`: with their biases, less the means.

    `varied`: its covariance is `varied @ varied.T`.
    """

    recency: Recency
    root: Matrix  # C
    level: Matrix
    squares: Vector
    centred: Matrix
    varied: Matrix

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
        squares, directions = np.linalg.eigh(spread)
        varied = (directions * np.sqrt(np.maximum(squares, 0))).astype(np.float32)
        return cls(recency, root, level, _squares(level), centred, varied)

    def __call__(self, pasts: Sequence[Past]) -> Matrix:
        beside = np.hstack([self.tastes(pasts), np.ones((len(pasts), 1), np.float32)])
        variance = _squares(beside @ self.varied)
        varies = variance > FLAT * (beside**2 @ _squares(self.varied))
        scale = np.zeros_like(variance)
        scale[varies] = variance[varies] ** np.float32(-0.5)
        scores: Matrix = (beside * scale[:, None]) @ self.centred.T
        return scores

    def tastes(self, pasts: Sequence[Past]) -> Matrix:
        """A row y a visitor."""
        found = np.zeros((len(pasts), len(self.root)), np.float32)
        for places in _batches(pasts, len(self.root)):
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
        liked = self.level.take(items, axis=0)
        if liked.shape[1] < liked.shape[2]:
            system = System.of_few(liked, weights, self.squares[items])
        else:
            system = System.of_many(liked, weights)
        found, is_near = _descended(system)
        if not is_near.all():
            found[~is_near] = _closed(liked[~is_near], weights[~is_near])
        return found


@dataclass(frozen=True, slots=True)
class System:
    """One of the two above for each visitor: of few items over c, of many over y.

    `right`: its right side; `stretch`: the most that y is off, of what is left, in shares `NEAR`.
    """

    liked: Matrix  # Z
    scale: Matrix  # s, or w
    own: Matrix  # E, or I
    right: Matrix
    stretch: Matrix
    is_of_few: bool

    @classmethod
    def of_few(cls, liked: Matrix, weights: Matrix, squares: Matrix) -> Self:
        own = 1 / (1 + weights * squares)
        scale = np.sqrt(weights * own)
        return cls(liked, scale, own, scale, np.float32(0.5 / NEAR) / np.sqrt(own), True)

    @classmethod
    def of_many(cls, liked: Matrix, weights: Matrix) -> Self:
        right = (weights[:, None] @ liked)[:, 0]
        own = np.ones_like(right)
        return cls(liked, weights, own, right, own / np.float32(NEAR), False)

    def only(self, chosen: Vector) -> Self:
        return type(self)(
            self.liked[chosen],
            self.scale[chosen],
            self.own[chosen],
            self.right[chosen],
            self.stretch[chosen],
            self.is_of_few,
        )

    def applied(self, towards: Matrix) -> tuple[Matrix, Matrix]:
        """To a direction: how y moves, and how the left side does."""
        if self.is_of_few:
            along = ((self.scale * towards)[:, None] @ self.liked)[:, 0]
            seen = (self.liked @ along[..., None])[..., 0] * self.scale
            return along, seen + self.own * towards
        seen = (self.liked @ towards[..., None])[..., 0] * self.scale
        return towards, (seen[:, None] @ self.liked)[:, 0] + towards


def _batches(pasts: Sequence[Past], width: int) -> Iterator[Vector]:
    """Places of pasts that are about as long; those without an item are in none.

    Few items and many, as many as vectors are wide or more, are never in one: their systems differ.
    """
    lengths = np.array([len(past.items) for past in pasts])
    order = np.argsort(-lengths, kind="stable")[: np.count_nonzero(lengths)]
    for places in np.split(order, [np.count_nonzero(lengths >= width)]):
        first = 0
        while first < len(places):
            step = max(1, ROWS // int(lengths[places[first]]))
            yield places[first : first + step]
            first += step


def _filled(columns: Sequence[Vector], held: Matrix) -> Matrix:
    found: Matrix = np.zeros(held.shape, columns[0].dtype)
    found[held] = np.concatenate(columns)
    return found


def _descended(system: System) -> tuple[Matrix, Vector]:
    """y of each visitor, and whether it is as near as promised.

    Who is near takes no step more, so nobody's answer depends on whom they are solved beside; once
    half of them are, the others go on alone.
    """
    rows, is_near = np.arange(len(system.liked)), np.zeros(len(system.liked), bool)
    found = np.zeros((len(rows), system.liked.shape[-1]), np.float32)
    answers, left, towards = found.copy(), system.right.copy(), system.right
    square = _squares(left)
    is_far = square > 0
    for _ in range(STEPS):
        along, pushed = system.applied(towards)
        pace = _ratio(square, np.einsum("nd,nd->n", towards, pushed), is_far)
        found += pace * along
        left -= pace * pushed
        before, square = square, _squares(left)
        towards = left + _ratio(square, before, is_far) * towards
        is_far &= _squares(left * system.stretch) > _squares(found)
        if 2 * np.count_nonzero(is_far) <= len(rows):
            answers[rows[~is_far]], is_near[rows[~is_far]] = found[~is_far], True
            system = system.only(is_far)
            rows, square = rows[is_far], square[is_far]
            found, left, towards = found[is_far], left[is_far], towards[is_far]
            is_far = is_far[is_far]
        if not len(rows):
            break
    answers[rows], is_near[rows] = found, ~is_far
    return answers, is_near


def _closed(liked: Matrix, weights: Matrix) -> Matrix:
    """(I + Z' W Z) y = Z' w."""
    rows = liked.astype(np.float64)
    turned = rows.transpose(0, 2, 1)
    normal = np.eye(rows.shape[-1]) + turned @ (rows * weights[..., None])
    found: Matrix = np.linalg.solve(normal, turned @ weights[..., None])
    return found[..., 0]


def _squares(rows: Matrix) -> Vector:
    found: Vector = np.einsum("nd,nd->n", rows, rows)
    return found


def _ratio(above: Vector, below: Vector, where: Vector) -> Matrix:
    """A column; nothing elsewhere."""
    return np.divide(above, below, out=np.zeros_like(above), where=where)[:, None]
