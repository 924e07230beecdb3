"""Deeds whose right answer is known by construction: regulars who buy, others who drop in."""

import numpy as np

from workers.training.deeds import CART, DAY, PURCHASE, VIEW, Deeds

NOW = 1_700_000_000.0
DAYS = 100


def deeds(rows, n_visitors, names=()):
    """`rows`: (visitor, days before now, kind, category, paid)."""
    ordered = sorted(rows, key=lambda row: (row[0], -row[1]))
    who, ago, kinds, categories, paid = (np.array(column) for column in zip(*ordered, strict=True))
    at = NOW - ago.astype(float) * DAY
    strengths = np.where(kinds == PURCHASE, 4.0, np.where(kinds == CART, 3.0, 1.0))
    return Deeds(who, at, kinds, categories, paid.astype(float), strengths, n_visitors, names)


def shop(visitors=1500, *, signal=True, seed=0):
    """A third come every few days and buy; the others come by chance and seldom buy.

    Without a signal who comes when, and who buys, is chance alone.
    """
    chance = np.random.default_rng(seed)
    rows = []
    for visitor in range(visitors):
        is_regular = signal and visitor % 3 == 0
        for _ in range(chance.poisson(22 if is_regular else 7) + 1):
            ago = chance.random() * DAYS
            rows.append((visitor, ago, VIEW, -1, 0.0))
            if chance.random() < (0.6 if is_regular else 0.12):
                rows.append((visitor, ago - 0.001, CART, -1, 0.0))
                rows.append((visitor, ago - 0.002, PURCHASE, -1, 20.0))
    return deeds([row for row in rows if row[1] > 0], visitors)


def two_tastes(visitors=400, seed=0):
    """Even visitors look at boots and buy, odd ones look at lamps and look on; one in ten errs."""
    chance = np.random.default_rng(seed)
    rows = []
    for visitor in range(visitors):
        own = visitor % 2
        for _ in range(12 - 6 * own):
            category = own if chance.random() < 0.9 else 1 - own
            ago = chance.random() * (10 + 40 * own)
            rows.append((visitor, ago, VIEW, category, 0.0))
            if own == 0 and chance.random() < 0.3:
                rows.append((visitor, ago, PURCHASE, category, 50.0))
    return deeds(rows, visitors, ("boots", "lamps"))
