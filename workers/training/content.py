"""Items that are described alike: cosine of TF-IDF over their words (Salton and Buckley, 1988)."""

from dataclasses import dataclass

import numpy as np

from workers.training.interactions import Column, Interactions
from workers.training.item_features import ItemFeatures
from workers.training.tables import products, table


@dataclass(frozen=True, slots=True)
class Content:
    """`content`: cosine of the items' words, categories, tags and price bands, rare ones first.

    It asks for no events: a shop that opened today and an item that joined today are served too.
    """

    features: ItemFeatures
    longest: int = 100
    name: str = "content"

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        interactions.require(2)
        by_word = self.features.unit.astype(np.float32).T.tocsr()
        return table(self.name, products(by_word, by_word), self.longest)
