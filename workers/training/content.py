"""Items that are described alike: TF-IDF over their metadata (Salton and Buckley, 1988)."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

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
        metadata = self.features.metadata.tocsr()
        n_items = metadata.shape[0]
        items_with = np.asarray((metadata > 0).sum(axis=0)).ravel()
        weights = np.log((1 + n_items) / (1 + items_with)) + 1
        weighted = metadata @ sparse.diags(weights)
        lengths = np.sqrt(np.asarray(weighted.power(2).sum(axis=1)).ravel())
        unit = (sparse.diags(1 / np.maximum(lengths, 1e-12)) @ weighted).astype(np.float32)
        by_word = unit.T.tocsr()
        return table(self.name, products(by_word, by_word), self.longest)
