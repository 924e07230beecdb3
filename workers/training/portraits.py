"""What visitors are like, in the figures that conditions can ask: the rows that groups are made of.

In:  deeds, now. Out: a table with one row a visitor, named after the fields of conditions.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from workers.training.deeds import DAY, PURCHASE, Deeds
from workers.training.interactions import Column

PLAIN: Final = ("visits", "frequency", "monetary", "recency")
SHARE: Final = "events:"  # and a category: which share of recent behaviour is about it
MOST_CATEGORIES: Final = 12
FEWEST_DEEDS: Final = 3  # who did less is not known well enough
SHARES_WEIGH: Final = 3.0  # a whole share, beside one spread of a plain figure


@dataclass(frozen=True, slots=True)
class Portraits:
    """`visitors`: numbers of this run; `values`: their rows, columns as in `names`."""

    visitors: Column
    names: tuple[str, ...]
    values: Column

    def rows(self, chosen: Column) -> Self:
        return type(self)(self.visitors[chosen], self.names, self.values[chosen])

    def column(self, name: str) -> Column:
        found: Column = self.values[:, self.names.index(name)]
        return found

    def calm(self) -> Column:
        """As distances are measured: orders of magnitude of the plain figures, shares as such."""
        found = self.values.copy()
        plain = [name in PLAIN for name in self.names]
        found[:, plain] = np.log1p(np.maximum(found[:, plain], 0))
        return found


def portraits(deeds: Deeds, *, now: float, recent: int, names: tuple[str, ...]) -> Portraits:
    """`recent`: how many deeds of a visitor conditions see. `names`: as `names_for` chose them."""
    newest = deeds.newest(recent)
    codes = {name: code for code, name in enumerate(deeds.names)}
    asked = [codes.get(name.removeprefix(SHARE), -2) for name in names[len(PLAIN) :]]
    bought = deeds.rows(deeds.kinds == PURCHASE)
    plain = [
        deeds.visits(),
        bought.sums(),
        bought.sums(bought.paid),
        (now - deeds.last()) / DAY,
    ]
    values = np.column_stack([*plain, newest.shares(asked)])
    visitors = np.flatnonzero(deeds.sums() >= FEWEST_DEEDS)
    return Portraits(visitors, names, values[visitors])


def names_for(deeds: Deeds) -> tuple[str, ...]:
    """The columns: plain figures, and the categories in which most is done."""
    has_one = deeds.categories[deeds.categories >= 0]
    counts = np.bincount(has_one, minlength=len(deeds.names))
    order = np.lexsort((np.arange(len(counts)), -counts))[:MOST_CATEGORIES]
    return (*PLAIN, *(f"{SHARE}{deeds.names[code]}" for code in order if counts[code]))


@dataclass(frozen=True, slots=True)
class Scale:
    """How far apart figures are, so that none drowns the others."""

    means: Column
    factors: Column

    @classmethod
    def of(cls, sample: Portraits) -> Self:
        calm = sample.calm()
        spreads = calm.std(axis=0)
        plain = np.asarray([name in PLAIN for name in sample.names])
        factors = np.where(plain, 1 / np.where(spreads > 0, spreads, 1), SHARES_WEIGH)
        return cls(calm.mean(axis=0), factors)

    def apply(self, calm: Column) -> Column:
        found: Column = (calm - self.means) * self.factors
        return found
