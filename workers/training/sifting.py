"""Rows that say nothing of a taste: those of programs, and of crowds that were sent to one item.

In:  interactions in the order of time.
Out: masks over their rows. What is told here is told of the pattern alone; programs that name
     themselves never come this far (`govern.crawlers`).
"""

from typing import Final

import numpy as np

from workers.training.interactions import Column, Interactions

SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3600.0, 86_400.0
IN_A_MINUTE: Final = 40  # different seconds; nobody looks at a new page every 1.5 s for a minute
IN_AN_HOUR: Final = 600  # different seconds; or every 6 s for an hour
AWAKE: Final = 20  # different hours of any 24 in a row; nobody shops through a night and a day
NEW: Final = DAY  # since their first row: a newcomer
CROWD: Final = 20  # newcomers on one item within an hour
TIMES: Final = 10.0  # as many as others' taste lets expect
FEWEST: Final = 1000  # rows of others, to know what they like


def by_programs(interactions: Interactions) -> Column:
    """Rows of visitors who are quicker, or longer awake, than people.

    What comes within one second, a basket say, is one moment. The pace that a visitor keeps up, and
    the hours of their day, are what tells crawlers best of what they do (Stassopoulou and
    Dikaiakos, Computer Networks 2009).
    """
    found = np.zeros(interactions.n_visitors, bool)
    for unit, most, span in (
        (SECOND, IN_A_MINUTE, MINUTE),
        (SECOND, IN_AN_HOUR, HOUR),
        (HOUR, AWAKE - 1, DAY),
    ):
        found[_crowded(interactions, unit, most, span)] = True
    rows: Column = found[interactions.visitors]
    return rows


def by_bursts(interactions: Interactions) -> Column:
    """Rows by which newcomers come to one item, many at once.

    At least `CROWD` within one hour, and `TIMES` as many as there would be if the newcomers of that
    hour liked what all others like. Such a crowd says who sent it, be it an attack or an
    advertisement; what else the same visitors do still counts.
    """
    is_new = _is_new(interactions)
    likes = np.bincount(interactions.items[~is_new], minlength=interactions.n_items)
    rows: Column = np.zeros(len(interactions), bool)
    if likes.sum() < FEWEST:
        return rows
    shares = (likes + 1) / (likes.sum() + interactions.n_items)
    hours = _since_first(interactions.at[is_new], HOUR)
    items, visitors = interactions.items[is_new], interactions.visitors[is_new]
    cells, cell_of = np.unique(hours * interactions.n_items + items, return_inverse=True)
    visits = np.unique(cell_of.astype(np.int64) * interactions.n_visitors + visitors)
    counts = np.bincount(visits // interactions.n_visitors, minlength=len(cells))
    in_hour = np.bincount(cells // interactions.n_items, weights=counts)
    expected = in_hour[cells // interactions.n_items] * shares[cells % interactions.n_items]
    crowded = (counts >= CROWD) & (counts > TIMES * expected)
    rows[np.flatnonzero(is_new)] = crowded[cell_of]
    return rows


def _crowded(interactions: Interactions, unit: float, most: int, span: float) -> Column:
    """Visitors who were there at more than `most` different `unit`s within `span` seconds."""
    moments = _since_first(interactions.at, unit)
    order = np.lexsort((moments, interactions.visitors))
    visitors, moments = interactions.visitors[order], moments[order]
    is_other = np.ones(len(order), bool)
    is_other[1:] = (np.diff(visitors) != 0) | (np.diff(moments) != 0)
    visitors, moments = visitors[is_other], moments[is_other]
    same = visitors[most:] == visitors[: max(0, len(visitors) - most)]
    close = moments[most:] - moments[: max(0, len(moments) - most)] < span / unit
    found: Column = np.unique(visitors[most:][same & close])
    return found


def _is_new(interactions: Interactions) -> Column:
    first = np.full(interactions.n_visitors, np.inf)
    np.minimum.at(first, interactions.visitors, interactions.at)
    is_new: Column = interactions.at - first[interactions.visitors] < NEW
    return is_new


def _since_first(at: Column, unit: float) -> Column:
    first = at.min() if len(at) else 0.0
    moments: Column = np.floor((at - np.floor(first / unit) * unit) / unit).astype(np.int64)
    return moments
