"""What visitors looked like at an instant, and what they did next: examples to learn from.

In:  deeds, an instant, how many days count as soon after it.
Out: figures of everybody who was around by then, and whether they bought, or were seen, soon after.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from workers.training.deeds import CART, DAY, PURCHASE, VIEW, Deeds
from workers.training.interactions import Column

AROUND: Final = 90  # days; who did nothing for longer is not foretold
WEEK, MONTH = 7, 28


@dataclass(frozen=True, slots=True)
class Outlooks:
    """One row of `figures` a visitor; `visitors` are their numbers."""

    visitors: Column
    figures: Column
    bought: Column
    came: Column

    def rows(self, chosen: Column) -> Self:
        return type(self)(
            self.visitors[chosen], self.figures[chosen], self.bought[chosen], self.came[chosen]
        )


def outlooks(deeds: Deeds, at: float, days: int) -> Outlooks:
    """`at` and what follows it are the future: no figure knows of them."""
    before = deeds.rows((deeds.at < at) & (deeds.at >= at - AROUND * DAY))
    after = deeds.rows((deeds.at >= at) & (deeds.at < at + days * DAY))
    visitors = np.flatnonzero(before.sums())
    return Outlooks(
        visitors,
        np.log1p(_figures(before, at)[visitors]),
        (after.sums((after.kinds == PURCHASE).astype(np.float64)) > 0)[visitors],
        (after.sums() > 0)[visitors],
    )


def _figures(before: Deeds, at: float) -> Column:
    """Counts of the last days, and how long ago the last of each kind was."""
    week = before.rows(before.at >= at - WEEK * DAY)
    month = before.rows(before.at >= at - MONTH * DAY)
    bought = before.rows(before.kinds == PURCHASE)
    cart = before.rows(before.kinds == CART)
    since_bought, since_cart = _days_since(bought, at), _days_since(cart, at)
    columns = [
        _days_since(before, at),
        since_bought,
        since_cart,
        (since_cart < since_bought).astype(np.float64),  # something waits in the basket
        *(each.visits() for each in (week, month, before)),
        *(_of_kind(each, kind) for each in (week, month) for kind in (VIEW, CART, PURCHASE)),
        bought.sums(),
        bought.sums(bought.paid),
    ]
    return np.stack(columns, axis=1)


def _days_since(rows: Deeds, at: float) -> Column:
    return np.minimum((at - rows.last()) / DAY, AROUND)


def _of_kind(rows: Deeds, kind: int) -> Column:
    return rows.sums((rows.kinds == kind).astype(np.float64))
