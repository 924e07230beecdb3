"""Item factors by alternating least squares on implicit feedback (Hu et al., ICDM 2008)."""

from dataclasses import dataclass
from importlib import import_module

import numpy as np
from scipy import sparse

from workers.training.interactions import Column, Interactions, distinct
from workers.training.start import Start

MISSING = "implicit is not installed: install the extra `train` to learn item factors too"


@dataclass(frozen=True, slots=True)
class Factors:
    """`factors`: float32, items by `size`; visitors' factors are thrown away.

    An event of the greatest strength counts `1 + confidence` times as much as none. Pages solve the
    visitor's side anew from the same objective (`learn.serving.FoldIn`), so that it may be recent.
    """

    size: int = 64
    confidence: float = 20.0
    ridge: float = 10.0
    rounds: int = 12
    start: Start | None = None
    name: str = "factors"

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        interactions.require(2)
        once = distinct(interactions)
        strengths = (once.strengths / once.strengths.max()).astype(np.float32)
        model = import_module("implicit.als").AlternatingLeastSquares(
            factors=self.size,
            regularization=self.ridge,
            alpha=self.confidence,
            iterations=self.rounds,
            use_native=True,
            use_cg=True,
            num_threads=1,
            random_state=seed,
        )
        if self.start is not None and self.start.fits(self.name, self.size):
            cold = np.random.default_rng(seed).random((once.n_items, self.size), np.float32) * 0.01
            model.item_factors = self.start.over(self.name, self.start.items, cold)
        shape = (once.n_visitors, once.n_items)
        matrix = sparse.csr_matrix((strengths, (once.visitors, once.items)), shape=shape)
        model.fit(matrix, show_progress=False)
        seen = np.bincount(once.items, minlength=once.n_items) > 0
        factors = np.where(seen[:, None], np.asarray(model.item_factors), 0)
        return {self.name: np.ascontiguousarray(factors, np.float32)}


def is_installed() -> bool:
    try:
        import_module("implicit.als")
    except ImportError:
        return False
    return True
