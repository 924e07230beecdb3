"""What is known of items besides events: the metadata that serves items nobody touched yet."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from workers.training.interactions import Column
from workers.training.tables import Sparse


@dataclass(frozen=True, slots=True)
class ItemFeatures:
    """Items by words, as `personalization.learn.describing` finds them.

    A row of `shares` adds to one; a row of `unit` is TF-IDF of length one; rows of items without
    metadata are empty.
    """

    names: tuple[str, ...]
    shares: Sparse
    unit: Sparse

    def of_seen(self, seen: Column) -> Sparse:
        """The rows of the seen items alone, which is all that training looks at."""
        return self.of_all(seen)[seen]

    def of_all(self, seen: Column) -> Sparse:
        """Ids of the seen items first, metadata after them.

        The id counts as much as all metadata together: an item with many words would else be
        little more than they say. An unseen item is its metadata alone, since its id was never
        trained; without metadata its row is empty: nothing can be said of it.
        """
        ids = sparse.diags(np.where(seen, 1.0, 0.0)).tocsc()[:, seen]
        return sparse.hstack([ids, self.shares]).astype(np.float32).tocsr()
