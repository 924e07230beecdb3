"""Events whose right answer is known by construction: camps that like their own items only."""

import numpy as np

from workers.training.interactions import Interactions

CAMPS, ITEMS_OF_A_CAMP = 3, 8
N_ITEMS = CAMPS * ITEMS_OF_A_CAMP


def camps(visitors: int = 60, likes: int = 5, seed: int = 0) -> Interactions:
    """Visitor v belongs to camp v % CAMPS and likes some of its items, an hour apart."""
    chance = np.random.default_rng(seed)
    rows = []
    for visitor in range(visitors):
        own = (visitor % CAMPS) * ITEMS_OF_A_CAMP
        for step, item in enumerate(chance.permutation(ITEMS_OF_A_CAMP)[:likes]):
            rows.append((step * 3600.0 + visitor, visitor, own + int(item)))
    at, who, what = (np.array(column) for column in zip(*sorted(rows), strict=True))
    return Interactions(who, what, at, np.ones(len(rows), np.float32), visitors, N_ITEMS)


def camp_of(item: int) -> int:
    return item // ITEMS_OF_A_CAMP
