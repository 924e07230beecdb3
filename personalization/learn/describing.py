"""Items in words: what is known of them besides events, so that new ones find their place.

In:  `ItemText` rows: title, category, tags, price, text.
Out: a `Vocabulary` of words that tell items apart, and what each word weighs for an item.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from rules.types import Item

Column = np.ndarray[Any, Any]
WORD = re.compile(r"\w{2,}")
FEWEST, LARGEST_SHARE = 2, 0.5  # a word of one item, or of most, tells nothing
PRICE_BANDS = 10
MOST_WORDS = 5000  # of titles, categories, tags and bands; as many again of texts
WORDS_OF_TEXT = 16  # of one item
LONGEST_VALUE = 60  # characters
LONGEST_TEXT = 5000  # characters; what matters stands first
TEXT, TEXT_SHARE = "text:", 0.25  # however long, a text says a third of what all else says


@dataclass(frozen=True, slots=True)
class ItemText:
    """The metadata of one item; `price` in any one unit."""

    title: str
    category: str = ""
    tags: tuple[str, ...] = ()
    price: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Entries:
    """The words of items: item `rows[n]` has word `columns[n]`, sorted by both.

    `shares` of an item add to one; `unit` is its row of TF-IDF (Salton and Buckley, 1988) at
    length one.
    """

    rows: Column
    columns: Column
    shares: Column
    unit: Column


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`names` of the words; `rarity` (IDF) of each; `edges` between the bands of prices."""

    names: tuple[str, ...]
    rarity: tuple[float, ...]
    edges: tuple[float, ...]

    @classmethod
    def of(cls, items: Sequence[ItemText]) -> Self:
        edges = _edges([item.price for item in items])
        counts = Counter(word for item in items for word in _words(item, edges))
        most = max(FEWEST, LARGEST_SHARE * len(items))
        useful = [word for word, count in counts.items() if FEWEST <= count <= most]
        useful.sort(key=lambda word: (-counts[word], word))
        prose = [word for word in useful if word.startswith(TEXT)][:MOST_WORDS]
        others = [word for word in useful if not word.startswith(TEXT)][:MOST_WORDS]
        names = (*sorted(others), *sorted(prose))
        found = np.array([counts[name] for name in names], np.float64)
        rarity = np.log((1 + len(items)) / (1 + found)) + 1
        return cls(names, tuple(rarity.tolist()), edges)

    def entries(self, items: Sequence[ItemText]) -> Entries:
        places = {name: column for column, name in enumerate(self.names)}
        pairs = [
            (row, places[word])
            for row, item in enumerate(items)
            for word in self._telling(_words(item, self.edges) & places.keys(), places)
        ]
        pairs.sort()
        rows, columns = np.asarray(pairs, np.int64).reshape(-1, 2).T
        is_text = np.array([name.startswith(TEXT) for name in self.names], bool)[columns]
        part = _part_of_text(rows, is_text)
        groups = 2 * rows + is_text
        counts = np.bincount(groups)[groups] if len(groups) else groups
        rare = np.asarray(self.rarity, np.float64)[columns]
        lengths = np.sqrt(np.bincount(groups, rare**2))[groups] if len(groups) else rare
        return Entries(rows, columns, part / counts, np.sqrt(part) * rare / lengths)

    def _telling(self, words: set[str], places: Mapping[str, int]) -> list[str]:
        """Of a text its rarest words alone: each costs every training as much as a title's."""
        prose = [word for word in words if word.startswith(TEXT)]
        prose.sort(key=lambda word: (-self.rarity[places[word]], word))
        return [*words.difference(prose), *prose[:WORDS_OF_TEXT]]

    def to_document(self) -> dict[str, Any]:  # JSON values
        return {"names": self.names, "rarity": self.rarity, "edges": self.edges}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        return cls(*(tuple(document[name]) for name in ("names", "rarity", "edges")))


def described(item: Item) -> ItemText:
    """A row of the catalogue as training reads it; short attributes count as tags."""
    price = None if item.price is None else float(item.price)
    tags = (*map(str, item.tags), *properties(item.attributes))
    return ItemText(item.title, item.category, tags, price, item.text)


def properties(named: Mapping[str, Any]) -> Iterator[str]:
    """A longer value is prose, not a property."""
    for name, value in named.items():
        if isinstance(value, str | int | float) and 0 < len(str(value)) <= LONGEST_VALUE:
            yield f"{name}={value}"


def _part_of_text(rows: Column, is_text: Column) -> Column:
    """Of each word, the part that its kind has of its item; all where there is one kind only."""
    if not len(rows):
        return np.zeros(0)
    n_items = int(rows.max()) + 1
    texts, others = (np.bincount(rows[which], minlength=n_items) for which in (is_text, ~is_text))
    has_both = ((texts > 0) & (others > 0))[rows]
    found: Column = np.where(has_both, np.where(is_text, TEXT_SHARE, 1 - TEXT_SHARE), 1.0)
    return found


def _words(item: ItemText, edges: tuple[float, ...]) -> set[str]:
    found = {f"word:{word}" for word in _plain(item.title)}
    found |= {f"tag:{tag}" for tag in item.tags}
    found |= {f"{TEXT}{word}" for word in _plain(item.text[:LONGEST_TEXT])}
    if item.category:
        found.add(f"category:{item.category}")
    if item.price is not None:
        found.add(f"price:{int(np.searchsorted(edges, item.price, side='right'))}")
    return found


def _plain(text: str) -> Iterator[str]:
    return iter(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _edges(prices: Sequence[float | None]) -> tuple[float, ...]:
    """Tenths of the catalogue by price."""
    known = np.asarray([price for price in prices if price is not None], np.float64)
    if not len(known):
        return ()
    quantiles = np.quantile(known, np.linspace(0, 1, PRICE_BANDS + 1)[1:-1])
    return tuple(np.unique(quantiles).tolist())
