"""Items that come after other items: directed co-visitation, fading with distance."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from workers.training.interactions import Column, Interactions, distinct
from workers.training.tables import Sparse, dense_rows, table


@dataclass(frozen=True, slots=True)
class Following:
    """`follows`: how often j came within `window` places after i.

    A step counts 2^-((distance - 1) / fade); `damping` divides by a power of j's popularity, so
    that what follows everything does not lead every list.
    """

    window: int = 50
    fade: float = 15.0
    damping: float = 0.5
    longest: int = 200
    name: str = "follows"

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        interactions.require(2)
        once = distinct(interactions)
        counts = np.maximum(np.bincount(once.items, minlength=once.n_items), 1)
        steps = self._steps(once)
        scaled = sparse.diags(counts**-0.5) @ steps @ sparse.diags(counts**-self.damping)
        return table(self.name, dense_rows(scaled), self.longest)

    def _steps(self, once: Interactions) -> Sparse:
        order = np.argsort(once.visitors, kind="stable")
        visitors, items = once.visitors[order], once.items[order]
        total: Sparse = sparse.csr_matrix((once.n_items, once.n_items))
        for distance in range(1, min(self.window, len(items) - 1) + 1):
            same = visitors[:-distance] == visitors[distance:]
            weights = np.full(same.sum(), 2 ** -((distance - 1) / self.fade))
            pairs = (items[:-distance][same], items[distance:][same])
            total = total + sparse.csr_matrix((weights, pairs), shape=total.shape)
        return total
