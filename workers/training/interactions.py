"""Who did what with which item: the columns that every trainer learns from."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

Column = np.ndarray[Any, Any]


class NotEnoughData(Exception):
    """Too little to learn anything; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Interactions:
    """Rows in the order of time, already free of anyone who said no.

    `visitors` are numbers of this run and mean nothing outside it; `at` is in seconds;
    `strengths` say how much one row tells about a taste.
    """

    visitors: Column
    items: Column
    at: Column
    strengths: Column
    n_visitors: int
    n_items: int

    def __len__(self) -> int:
        return len(self.items)

    def rows(self, chosen: Column) -> Self:
        """The rows of a mask or of positions, in their order."""
        return type(self)(
            self.visitors[chosen],
            self.items[chosen],
            self.at[chosen],
            self.strengths[chosen],
            self.n_visitors,
            self.n_items,
        )

    def require(self, pairs: int) -> None:
        """Refuse to learn from fewer rows than `pairs`."""
        if len(self) < pairs:
            raise NotEnoughData(f"{len(self)} usable events; at least {pairs} are needed")


def distinct(interactions: Interactions) -> Interactions:
    """Each visitor and item once, at the newest row, with the strength of the strongest."""
    pairs = interactions.visitors.astype(np.int64) * interactions.n_items + interactions.items
    backwards = pairs[::-1]
    _, last, group = np.unique(backwards, return_index=True, return_inverse=True)
    strongest = np.zeros(len(last), np.float32)
    np.maximum.at(strongest, group, interactions.strengths[::-1])
    positions = len(pairs) - 1 - last
    order = np.argsort(positions)
    kept = interactions.rows(positions[order])
    return Interactions(
        kept.visitors,
        kept.items,
        kept.at,
        strongest[order],
        kept.n_visitors,
        kept.n_items,
    )


def capped(interactions: Interactions, most: int) -> Interactions:
    """At most the newest `most` rows of each visitor: nobody's influence is unbounded."""
    return interactions.rows(places_from_newest(interactions) < most)


def sampled(interactions: Interactions, most: int, *, seed: int) -> Interactions:
    """All rows of visitors drawn by chance, at most `most` rows; everybody where they are fewer."""
    if len(interactions) <= most:
        return interactions
    counts = np.bincount(interactions.visitors, minlength=interactions.n_visitors)
    drawn = np.random.default_rng(seed).permutation(interactions.n_visitors)
    chosen = np.zeros(interactions.n_visitors, bool)
    chosen[drawn[np.cumsum(counts[drawn]) <= most]] = True
    return interactions.rows(chosen[interactions.visitors])


def places_from_newest(interactions: Interactions) -> Column:
    """For each row, how many rows of the same visitor are newer."""
    order = np.argsort(interactions.visitors, kind="stable")
    counts = np.bincount(interactions.visitors, minlength=interactions.n_visitors)
    ends = np.cumsum(counts)
    places = np.empty(len(interactions), np.int64)
    places[order] = np.repeat(ends, counts) - 1 - np.arange(len(interactions))
    return places
