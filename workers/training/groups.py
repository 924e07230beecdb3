"""Visitors or items in groups: by a word, by yes or no, or by the quarter of a number."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

import numpy as np

from workers.training.interactions import Column

MOST: Final = 12  # groups; of more, the largest
UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class Groups:
    """`of`: for each position its place in `labels`; `UNKNOWN` where it is in none of them."""

    labels: tuple[str, ...]
    of: Column

    @classmethod
    def by_words(cls, words: Mapping[int, str], positions: int) -> Self:
        """The groups with most positions first."""
        counts = Counter(words.values())
        order = sorted(counts, key=lambda word: (-counts[word], word))[:MOST]
        places = {word: place for place, word in enumerate(order)}
        of = np.full(positions, UNKNOWN, np.int64)
        for position, word in words.items():
            of[position] = places.get(word, UNKNOWN)
        return cls(tuple(order), of)

    @classmethod
    def by_quarters(cls, numbers: Mapping[int, float], positions: int) -> Self:
        """From the least to the most. Bounds have two figures: none is one visitor's own number."""
        of = np.full(positions, UNKNOWN, np.int64)
        values = np.asarray(list(numbers.values()), np.float64)
        if not len(values):
            return cls((), of)
        quarters = np.quantile(values, [0.25, 0.5, 0.75], method="lower").tolist()
        bounds = sorted({float(f"{quarter:.2g}") for quarter in quarters})
        of[list(numbers)] = np.searchsorted(bounds, values, side="left")
        return cls(_spans(bounds), of)

    def masks(self, positions: Sequence[int]) -> dict[str, Column]:
        """For each group, which of these positions are in it."""
        chosen = self.of[list(positions)]
        return {label: chosen == place for place, label in enumerate(self.labels)}


def _spans(bounds: Sequence[float]) -> tuple[str, ...]:
    """Words of no language: "≤ 2", "> 7", and between them both bounds."""
    words = [f"{bound:g}" for bound in bounds]
    inner = [f"{low} – {high}" for low, high in pairwise(words)]
    return (f"≤ {words[0]}", *inner, f"> {words[-1]}")
