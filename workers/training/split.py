"""The past to learn from and the future to be judged by, visitor by visitor."""

from dataclasses import dataclass

import numpy as np

from workers.training.interactions import Column, Interactions


@dataclass(frozen=True, slots=True)
class Split:
    past: Interactions
    future: Interactions


def temporal(interactions: Interactions, share: float, *, seed: int, least: int = 4) -> Split:
    """The newest `share` of each visitor's rows is the future.

    Rows of one instant, a basket's, have no order: chance says which of them come last, since the
    order of a file (by item number, say) would be learnt as if it were behaviour. Visitors with
    fewer than `least` rows are past only: nothing could be told from the rest.
    """
    counts = np.bincount(interactions.visitors, minlength=interactions.n_visitors)
    tails: Column = np.where(counts >= least, np.ceil(counts * share), 0).astype(np.int64)
    chance = np.random.default_rng(seed).random(len(interactions))
    order = np.lexsort((chance, interactions.at, interactions.visitors))
    places = np.empty(len(interactions), np.int64)
    places[order] = np.repeat(np.cumsum(counts), counts) - 1 - np.arange(len(interactions))
    is_future = places < tails[interactions.visitors]
    return Split(interactions.rows(~is_future), interactions.rows(is_future))
