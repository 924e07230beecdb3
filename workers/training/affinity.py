"""Which categories a visitor leans to: the shares of what they did lately, strong deeds first.

In:  deeds. Out: for each visitor their strongest categories with their shares.
"""

from collections.abc import Iterator

import numpy as np

from workers.training.deeds import DAY, Deeds

HALF_LIFE = 30.0  # days, counted from the visitor's newest deed
LEAST_SHARE = 0.05
MOST_CATEGORIES = 10

Leanings = tuple[tuple[str, float], ...]


def leanings(deeds: Deeds) -> Iterator[tuple[int, Leanings]]:
    """Who did anything in a category, with the shares in hundredths, the strongest first.

    A deed counts by its strength (a purchase more than a look), half as much for every 30 days.
    """
    ages = (deeds.last()[deeds.visitors] - deeds.at) / DAY
    weights = deeds.strengths * np.exp2(-ages / HALF_LIFE)
    starts = np.searchsorted(deeds.visitors, np.arange(deeds.n_visitors + 1))
    for visitor in range(deeds.n_visitors):
        rows = slice(starts[visitor], starts[visitor + 1])
        found = _leanings(deeds, rows, weights)
        if found:
            yield visitor, found


def _leanings(deeds: Deeds, rows: slice, weights: np.ndarray) -> Leanings:
    codes = deeds.categories[rows]
    whole = weights[rows].sum()
    if not whole or codes.max(initial=-1) < 0:
        return ()
    sums = np.bincount(codes[codes >= 0], weights[rows][codes >= 0])
    order = np.lexsort((np.arange(len(sums)), -sums))[:MOST_CATEGORIES]
    shares = ((deeds.names[code], round(float(sums[code] / whole), 2)) for code in order)
    return tuple((name, share) for name, share in shares if share >= LEAST_SHARE)
