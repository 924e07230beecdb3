"""What is known of items besides events: the metadata that serves items nobody touched yet.

In:  `ItemText` rows: title, category, tags, price.
Out: a sparse matrix, items by (their own id, then metadata); the metadata of a row adds to one.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from workers.training.interactions import Column
from workers.training.tables import Sparse

WORD = re.compile(r"\w{2,}")
FEWEST, LARGEST_SHARE = 2, 0.5  # a word of one item, or of most, tells nothing
PRICE_BANDS = 10
MOST_WORDS = 5000


@dataclass(frozen=True, slots=True)
class ItemText:
    """The metadata of one item; `price` in any one unit."""

    title: str
    category: str = ""
    tags: tuple[str, ...] = ()
    price: float | None = None


@dataclass(frozen=True, slots=True)
class ItemFeatures:
    """`metadata`: items by words, categories, tags and price bands; zero or one."""

    names: tuple[str, ...]
    metadata: Sparse

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
        return sparse.hstack([ids, _rows_add_to_one(self.metadata)]).astype(np.float32).tocsr()


def describe_items(items: Sequence[ItemText]) -> ItemFeatures:
    bands = _price_bands([item.price for item in items])
    words = [set(_words(item, band)) for item, band in zip(items, bands, strict=True)]
    counts = Counter(word for found in words for word in found)
    most = max(FEWEST, LARGEST_SHARE * len(items))
    useful = [word for word, count in counts.items() if FEWEST <= count <= most]
    useful.sort(key=lambda word: (-counts[word], word))
    columns = {word: column for column, word in enumerate(sorted(useful[:MOST_WORDS]))}
    pairs = [
        (row, columns[word]) for row, found in enumerate(words) for word in found if word in columns
    ]
    pairs.sort()
    rows, cols = np.asarray(pairs, np.int64).reshape(-1, 2).T
    shape = (len(items), len(columns))
    return ItemFeatures(
        tuple(columns), sparse.csr_matrix((np.ones(len(pairs)), (rows, cols)), shape=shape)
    )


def _words(item: ItemText, band: str) -> Iterator[str]:
    text = unicodedata.normalize("NFKC", item.title).casefold()
    yield from (f"word:{word}" for word in WORD.findall(text))
    if item.category:
        yield f"category:{item.category}"
    yield from (f"tag:{tag}" for tag in item.tags)
    if band:
        yield f"price:{band}"


def _price_bands(prices: Sequence[float | None]) -> list[str]:
    """Tenths of the catalogue by price; no band where there is no price."""
    known = np.asarray([price for price in prices if price is not None], np.float64)
    if not len(known):
        return [""] * len(prices)
    edges = np.unique(np.quantile(known, np.linspace(0, 1, PRICE_BANDS + 1)[1:-1]))
    return ["" if p is None else str(int(np.searchsorted(edges, p, side="right"))) for p in prices]


def _rows_add_to_one(matrix: Sparse) -> Sparse:
    totals = np.asarray(matrix.sum(axis=1)).ravel()
    scaled: Sparse = sparse.diags(1 / np.maximum(totals, 1e-12)) @ matrix
    return scaled
