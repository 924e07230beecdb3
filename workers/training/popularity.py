"""The baseline: what most visitors liked lately. Every other model must beat it."""

from dataclasses import dataclass

import numpy as np

from workers.training.interactions import Column, Interactions, distinct

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Popularity:
    """A visitor counts once for an item, half as much for every `half_life` days of age."""

    half_life: float = 30.0
    name: str = "popularity"

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        interactions.require(1)
        once = distinct(interactions)
        ages = (once.at.max() - once.at) / DAY
        return {
            "popular": np.bincount(
                once.items,
                weights=once.strengths * np.exp2(-ages / self.half_life),
                minlength=once.n_items,
            ).astype(np.float32)
        }
