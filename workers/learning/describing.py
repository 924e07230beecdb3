"""The catalogue's words as the matrices that trainers read."""

from collections.abc import Sequence

from scipy import sparse

from personalization.learn.describing import ItemText, Vocabulary
from workers.training.item_features import ItemFeatures


def describe_items(items: Sequence[ItemText], vocabulary: Vocabulary | None = None) -> ItemFeatures:
    """By the words that tell these items apart, unless others are given."""
    words = vocabulary or Vocabulary.of(items)
    found = words.entries(items)
    shape = (len(items), len(words.names))
    at = (found.rows, found.columns)
    return ItemFeatures(
        words.names,
        sparse.csr_matrix((found.shares, at), shape=shape),
        sparse.csr_matrix((found.unit, at), shape=shape),
    )
