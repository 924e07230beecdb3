"""Items that come after other items: directed co-visitation, fading with distance."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from workers.training.interactions import Column, Interactions, distinct
from workers.training.tables import Sparse, dense_rows, table

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Following:
    """`follows`: how often j came within `window` places after i.

    A step counts 2^-((distance - 1) / fade); `damping` divides by a power of j's popularity, so
    that what follows everything does not lead every list.
    """

    window: int = 20
    fade: float = 5.0
    damping: float = 0.5
    half_life: float | None = None
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
        visitors, items, at = once.visitors[order], once.items[order], once.at[order]
        fresh = np.ones(len(items))
        if self.half_life:
            fresh = np.exp2(-(at.max() - at) / DAY / self.half_life)
        total: Sparse = sparse.csr_matrix((once.n_items, once.n_items))
        for distance in range(1, min(self.window, len(items) - 1) + 1):
            same = visitors[:-distance] == visitors[distance:]
            weights = fresh[distance:][same] * 2 ** -((distance - 1) / self.fade)
            pairs = (items[:-distance][same], items[distance:][same])
            total = total + sparse.csr_matrix((weights, pairs), shape=total.shape)
        return total
