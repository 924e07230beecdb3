"""The members of a blend: each scores all items from what a visitor did.

In:  item positions with weights (newest counts most), one visitor at a time.
Out: a float32 score for every item; higher is better, the scale is the member's own.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from personalization.learn.serving import FoldIn

Vector = np.ndarray[Any, Any]  # one dimension
Matrix = np.ndarray[Any, Any]  # two


class Member(Protocol):
    def scores(self, items: Vector, weights: Vector) -> Vector: ...


@dataclass(frozen=True, slots=True)
class Popular:
    """What most visitors liked lately; the same for everybody."""

    values: Vector

    def scores(self, items: Vector, weights: Vector) -> Vector:
        return self.values


@dataclass(frozen=True, slots=True)
class Table:
    """For each item its nearest items: row i is `items[starts[i]:starts[i + 1]]`."""

    starts: Vector
    items: Vector
    values: Vector

    def row(self, item: int) -> tuple[Vector, Vector]:
        span = slice(self.starts[item], self.starts[item + 1])
        return self.items[span], self.values[span]

    def scores(self, items: Vector, weights: Vector) -> Vector:
        rows = [self.row(int(item)) for item in items]
        near = np.concatenate([found for found, _ in rows])
        values = np.concatenate(
            [value * weight for (_, value), weight in zip(rows, weights, strict=True)]
        )
        return np.bincount(near, values, minlength=len(self.starts) - 1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Vectors:
    """Item vectors and biases; the visitor's vector is solved when it is needed."""

    vectors: Matrix
    biases: Vector
    gram: Matrix
    lengths: Vector
    fold_in: FoldIn

    @classmethod
    def of(cls, vectors: Matrix, biases: Vector, fold_in: FoldIn) -> "Vectors":
        lengths = np.maximum(np.linalg.norm(vectors, axis=1), np.float32(1e-9))
        return cls(vectors, biases, vectors.T @ vectors, lengths, fold_in)

    def near(self, item: int) -> Vector:
        """The cosine of every item with this one, zero where they point apart."""
        cosines: Vector = self.vectors @ (self.vectors[item] / self.lengths[item]) / self.lengths
        return np.maximum(cosines, 0)

    def scores(self, items: Vector, weights: Vector) -> Vector:
        found: Vector = self.vectors @ self.visitor(items, weights)
        return found + np.float32(self.fold_in.bias) * self.biases

    def visitor(self, items: Vector, weights: Vector) -> Vector:
        """The closed-form solution that `FoldIn` states."""
        liked = self.vectors[items]
        weighted = liked * weights[:, None]
        ridge = self.fold_in.ridge * np.eye(self.vectors.shape[1], dtype=np.float32)
        normal = weighted.T @ liked + self.fold_in.unseen * self.gram + ridge
        solved: Vector = np.linalg.solve(normal, weighted.sum(axis=0))
        return solved.astype(np.float32)


def standardise(scores: Vector) -> Vector:
    """Zero mean and unit spread, so that members of different scales can be added."""
    spread = float(scores.std())
    if spread == 0.0:
        return np.zeros_like(scores)
    standard: Vector = (scores - scores.mean()) / np.float32(spread)
    return standard
