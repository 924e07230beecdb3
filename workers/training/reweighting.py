"""Small groups of visitors heard as loudly as the largest.

In:  interactions in the order of time, visitors in groups.
Out: interactions in which visitors of smaller groups stand several times, as visitors of their own.

So every family of trainers learns with the weights and none has to know of them. Sampling as in
Kamiran and Calders, "Data preprocessing techniques for classification without discrimination",
KAIS 2012; for recommenders, Ekstrand et al., FAT* 2018.
"""

from typing import Final

import numpy as np

from workers.training.groups import Groups
from workers.training.interactions import Column, Interactions

MOST: Final = 4.0  # times that one visitor counts: nobody's influence is unbounded
FEWEST: Final = 50  # visitors of a group; of fewer, a copy would be of somebody


def balanced(interactions: Interactions, groups: Groups, *, seed: int) -> Interactions:
    """Nobody counts less than before. Chance rounds a weight of 1.5 to one copy or two."""
    weights = weights_of(interactions, groups)
    chance = np.random.default_rng(seed).random(interactions.n_visitors)
    times = np.floor(weights + chance).astype(np.int64)
    return _repeated(interactions, times)


def weights_of(interactions: Interactions, groups: Groups) -> Column:
    """For each visitor: how many visitors of the largest group come to one of theirs."""
    present = np.zeros(interactions.n_visitors, bool)
    present[interactions.visitors] = True
    weights: Column = np.ones(interactions.n_visitors)
    known = present & (groups.of >= 0)
    counts = np.bincount(groups.of[known], minlength=len(groups.labels))
    for place, count in enumerate(counts.tolist()):
        if count >= FEWEST:
            weights[groups.of == place] = min(MOST, float(counts.max()) / count)
    return weights


def _repeated(interactions: Interactions, times: Column) -> Interactions:
    """Copies stand beside their row, in the order of time; they get the numbers at the end."""
    rows = np.repeat(np.arange(len(interactions)), times[interactions.visitors])
    first = np.searchsorted(rows, rows, side="left")
    copy = np.arange(len(rows)) - first  # 0 is the visitor
    visitors = interactions.visitors[rows]
    extra = np.cumsum(times - 1) - (times - 1) + interactions.n_visitors
    return Interactions(
        np.where(copy == 0, visitors, extra[visitors] + copy - 1),
        interactions.items[rows],
        interactions.at[rows],
        interactions.strengths[rows],
        interactions.n_visitors + int((times - 1).sum()),
        interactions.n_items,
    )
