"""LightFM with the WARP loss on ids and metadata: item vectors that serve new items too."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from scipy import sparse

from workers.training.interactions import Column, Interactions, distinct
from workers.training.item_features import ItemFeatures
from workers.training.start import Start
from workers.training.tables import Sparse

Judge = Callable[[dict[str, Column]], float]  # how good these vectors are, when served
MISSING = "LightFM is not installed: install the extra `train` to learn item vectors too"


@dataclass(frozen=True, slots=True)
class LightFMHybrid:
    """Vectors of all items, and of the words by which items to come find their place.

    Visitors' vectors and gradients are thrown away.

    `learn` watches a judge after every `stride` epochs and stops when `patience` looks in a row
    brought nothing better; the same number of epochs then fits the final model.
    """

    features: ItemFeatures
    size: int = 64
    epochs: int = 18
    stride: int = 3
    patience: int = 2
    rate: float = 0.05
    start: Start | None = None
    name: str = "vectors"

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        run = _Run.start(self, interactions, seed)
        run.advance(self.epochs)
        return run.arrays()

    def watched(self, interactions: Interactions, *, seed: int, judge: Judge) -> "Watched":
        """The best of the looks on the judge's scale."""
        run = _Run.start(self, interactions, seed)
        best: Watched | None = None
        idle = 0
        for epoch in range(self.stride, self.epochs + 1, self.stride):
            run.advance(self.stride)
            look = Watched(run.arrays(), epoch, judge(run.arrays()))
            idle = 0 if best is None or look.score > best.score else idle + 1
            best = look if idle == 0 else best
            if idle >= self.patience:
                break
        if best is None:
            raise ValueError("epochs must be at least the stride")
        return best


@dataclass(frozen=True, slots=True)
class Watched:
    """Vectors as they stood after `epochs`, and how good the judge found them."""

    arrays: dict[str, Column]
    epochs: int
    score: float


@dataclass(frozen=True, slots=True)
class _Run:
    model: Any  # lightfm has no types
    pairs: Sparse
    weights: Sparse
    features: Sparse
    served: Sparse

    @classmethod
    def start(cls, trainer: LightFMHybrid, interactions: Interactions, seed: int) -> "_Run":
        """Items that nobody touched stay out: as sampled negatives they would learn to be bad."""
        interactions.require(2)
        once = distinct(interactions)
        seen = np.bincount(once.items, minlength=once.n_items) > 0
        where = (once.visitors, (np.cumsum(seen) - 1)[once.items])
        shape = (once.n_visitors, int(seen.sum()))
        strengths = (once.strengths / once.strengths.max()).astype(np.float32)
        run = cls(
            import_module("lightfm").LightFM(
                no_components=trainer.size,
                loss="warp",
                learning_rate=trainer.rate,
                random_state=seed,
            ),
            sparse.coo_matrix((np.ones(len(once), np.float32), where), shape=shape),
            sparse.coo_matrix((strengths, where), shape=shape),
            trainer.features.of_seen(seen),
            trainer.features.of_all(seen),
        )
        if trainer.start is not None and trainer.start.fits("vectors", trainer.size):
            run.begin_at(trainer.start, seen)
        return run

    def begin_at(self, start: Start, seen: Column) -> None:
        """Items and words stand where they stood; an id is what its words leave to be said."""
        self.advance(0)  # draws what is not known
        model, ids = self.model, int(seen.sum())
        words = start.over("word_vectors", start.words, model.item_embeddings[ids:])
        word_biases = start.over("word_biases", start.words, model.item_biases[ids:])
        shares = self.features[:, ids:]
        drawn = (model.item_embeddings[:ids], model.item_biases[:ids])
        items = start.items[seen]
        places = start.over("vectors", items, drawn[0] + shares @ words)
        biases = start.over("biases", items, drawn[1] + shares @ word_biases)
        model.item_embeddings[:] = np.concatenate([places - shares @ words, words])
        model.item_biases[:] = np.concatenate([biases - shares @ word_biases, word_biases])

    def advance(self, epochs: int) -> None:
        """One thread: two give another model every time, and are no faster."""
        self.model.fit_partial(
            self.pairs,
            sample_weight=self.weights,
            item_features=self.features,
            epochs=epochs,
            num_threads=1,
        )

    def arrays(self) -> dict[str, Column]:
        biases, vectors = self.model.get_item_representations(self.served)
        ids = self.pairs.shape[1]
        found = {
            "vectors": vectors,
            "biases": biases,
            "word_vectors": self.model.item_embeddings[ids:],
            "word_biases": self.model.item_biases[ids:],
        }
        return {name: np.ascontiguousarray(each, np.float32) for name, each in found.items()}


def is_installed() -> bool:
    """Whether it imports: a wheel for another C library is there and does not."""
    try:
        import_module("lightfm")
    except ImportError:
        return False
    return True
