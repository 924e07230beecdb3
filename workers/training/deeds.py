"""What visitors did, as columns: the rows from which scores and groups of visitors are worked out.

Unlike `Interactions`, a row needs no item: what counts is who came, when, and to do what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from workers.training.interactions import Column

OTHER, VIEW, CART, PURCHASE = range(4)
KINDS: Final = {"view": VIEW, "click": VIEW, "add_to_cart": CART, "purchase": PURCHASE}
DAY: Final = 86_400.0
VISIT_GAP: Final = 1800.0  # seconds without anything that end a visit


@dataclass(frozen=True, slots=True)
class Deeds:
    """Rows in the order of (visitor, time); `visitors` are numbers of this run.

    `kinds`: as above. `categories`: positions in `names`, -1 without one. `paid`: money in major
    units, 0 for what is no purchase. `at`: seconds.
    """

    visitors: Column
    at: Column
    kinds: Column
    categories: Column
    paid: Column
    strengths: Column
    n_visitors: int
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.at)

    def rows(self, chosen: Column) -> Self:
        """The rows of a mask or of positions, in their order."""
        return type(self)(
            self.visitors[chosen],
            self.at[chosen],
            self.kinds[chosen],
            self.categories[chosen],
            self.paid[chosen],
            self.strengths[chosen],
            self.n_visitors,
            self.names,
        )

    def newest(self, most: int) -> Self:
        """At most so many rows of each visitor, the newest: what conditions call recent."""
        counts = np.bincount(self.visitors, minlength=self.n_visitors)
        ends = np.cumsum(counts)[self.visitors]
        return self.rows(ends - np.arange(len(self)) <= most)

    def sums(self, values: Column | None = None) -> Column:
        """For each visitor the sum of `values`; without them, how many rows."""
        return np.bincount(self.visitors, values, minlength=self.n_visitors).astype(np.float64)

    def last(self) -> Column:
        """For each visitor the time of the newest row; minus infinity without any."""
        newest = np.full(self.n_visitors, -np.inf)
        np.maximum.at(newest, self.visitors, self.at)
        return newest

    def visits(self) -> Column:
        """For each visitor how many rows have none in the half hour before them."""
        if not len(self):
            return np.zeros(self.n_visitors)
        is_same = np.diff(self.visitors, prepend=-1) == 0
        is_near = np.diff(self.at, prepend=-np.inf) <= VISIT_GAP
        return self.sums((~(is_same & is_near)).astype(np.float64))

    def shares(self, categories: Sequence[int]) -> Column:
        """Visitors by these categories: the share of rows that is about each."""
        wholes = np.maximum(self.sums(), 1)
        found = [self.sums((self.categories == each).astype(np.float64)) for each in categories]
        shares: Column = (
            np.stack(found, axis=1) / wholes[:, None] if found else np.zeros((self.n_visitors, 0))
        )
        return shares
