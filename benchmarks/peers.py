"""Single recommenders as others ship them, tuned as we are: what the product is compared with.

In:  the events of a past, and of whom scores are asked.
Out: scores, visitors by items. Each peer offers its forms; the validation tail chooses one.
"""

from collections.abc import Callable, Iterator

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from lightfm import LightFM
from scipy import sparse

from workers.learning.audience import Audience
from workers.training.interactions import Column, Interactions, distinct
from workers.training.item_features import ItemFeatures

Scores = Callable[[Interactions, Audience], Column]
Form = tuple[str, Scores]


def forms(features: ItemFeatures, seed: int) -> dict[str, list[Form]]:
    """By peer: every form that is tried."""
    return {
        "popularity": [(f"half-life {days} d", _popular(days)) for days in (7, 30, 3650)],
        "item-kNN": [(f"{most} neighbours", _neighbours(most)) for most in (20, 100, 500)],
        "EASE": [(f"ridge {ridge}", _ease(ridge)) for ridge in (50, 150, 500, 1500)],
        "ALS": list(_als(seed)),
        "BPR": list(_bpr(seed)),
        "LightFM": list(_lightfm(features, seed)),
    }


def _matrix(past: Interactions) -> sparse.csr_matrix:
    once = distinct(past)
    shape = (once.n_visitors, once.n_items)
    ones = np.ones(len(once), np.float32)
    return sparse.csr_matrix((ones, (once.visitors, once.items)), shape=shape)


def _popular(days: float) -> Scores:
    def scores(past: Interactions, audience: Audience) -> Column:
        once = distinct(past)
        fading = np.exp2(-(once.at.max() - once.at) / 86_400 / days)
        counts = np.bincount(once.items, weights=fading, minlength=once.n_items)
        return np.tile(counts.astype(np.float32), (len(audience), 1))

    return scores


def _neighbours(most: int) -> Scores:
    def scores(past: Interactions, audience: Audience) -> Column:
        matrix = _matrix(past)
        lengths = np.sqrt(np.asarray(matrix.sum(axis=0)).ravel())
        unit = matrix @ sparse.diags(1 / np.maximum(lengths, 1e-9))
        near = (unit.T @ unit).toarray()
        np.fill_diagonal(near, 0)
        least = np.partition(near, -most, axis=1)[:, [-most]] if most < len(near) else 0
        near[near < least] = 0
        return matrix[list(audience.visitors)] @ near

    return scores


def _ease(ridge: float) -> Scores:
    def scores(past: Interactions, audience: Audience) -> Column:
        matrix = _matrix(past)
        gram = (matrix.T @ matrix).toarray().astype(np.float64)
        gram[np.diag_indices_from(gram)] += ridge
        inverse = np.linalg.inv(gram)
        weights = inverse / -np.diag(inverse)
        np.fill_diagonal(weights, 0)
        return matrix[list(audience.visitors)] @ weights.astype(np.float32)

    return scores


def _als(seed: int) -> Iterator[Form]:
    for size in (64, 128, 256):
        for confidence in (1.0, 5.0, 20.0):
            yield f"{size} factors, confidence {confidence:g}", _als_form(size, confidence, seed)


def _als_form(size: int, confidence: float, seed: int) -> Scores:
    def scores(past: Interactions, audience: Audience) -> Column:
        model = AlternatingLeastSquares(
            factors=size,
            regularization=5.0,
            alpha=confidence,
            iterations=15,
            num_threads=1,
            random_state=seed,
        )
        model.fit(_matrix(past), show_progress=False)
        return model.user_factors[list(audience.visitors)] @ model.item_factors.T

    return scores


def _bpr(seed: int) -> Iterator[Form]:
    for size in (64, 128):
        for rate, rounds in ((0.05, 60), (0.05, 150), (0.01, 150)):
            yield (
                f"{size} factors, rate {rate:g}, {rounds} rounds",
                _bpr_form(size, rate, rounds, seed),
            )


def _bpr_form(size: int, rate: float, rounds: int, seed: int) -> Scores:
    def scores(past: Interactions, audience: Audience) -> Column:
        model = BayesianPersonalizedRanking(
            factors=size,
            learning_rate=rate,
            iterations=rounds,
            num_threads=1,
            random_state=seed,
        )
        model.fit(_matrix(past), show_progress=False)
        return model.user_factors[list(audience.visitors)] @ model.item_factors.T

    return scores


def _lightfm(features: ItemFeatures, seed: int) -> Iterator[Form]:
    for epochs in (10, 20, 40):
        for given in (None, features):
            words = "ids and metadata" if given else "ids"
            yield f"{words}, {epochs} epochs", _lightfm_form(given, epochs, seed)


def _lightfm_form(features: ItemFeatures | None, epochs: int, seed: int) -> Scores:
    """WARP, 64 dimensions; its own visitors' vectors."""

    def scores(past: Interactions, audience: Audience) -> Column:
        matrix = _matrix(past).tocoo()
        described = None if features is None else features.of_all(np.ones(past.n_items, bool))
        model = LightFM(64, loss="warp", learning_rate=0.05, random_state=seed)
        model.fit(matrix, item_features=described, epochs=epochs)
        biases, vectors = model.get_item_representations(described)
        _, visitors = model.get_user_representations()
        return visitors[list(audience.visitors)] @ vectors.T + biases

    return scores
