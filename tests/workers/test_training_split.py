"""The future is the newest share of every visitor, and chance breaks ties alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workers.training.interactions import Interactions, capped, distinct
from workers.training.split import temporal

ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 6), st.integers(0, 9)), min_size=1, max_size=60
)


def events(rows):
    ordered = sorted(rows, key=lambda row: row[2])
    who, what, at = (np.array(column) for column in zip(*ordered, strict=True))
    return Interactions(who, what, at.astype(float), np.ones(len(rows), np.float32), 6, 7)


@given(ROWS)
def test_nothing_of_the_past_is_newer_than_the_future(rows):
    split = temporal(events(rows), 0.25, seed=1)

    for visitor in range(6):
        past = split.past.at[split.past.visitors == visitor]
        future = split.future.at[split.future.visitors == visitor]
        assert not len(future) or not len(past) or past.max() <= future.min()


@given(ROWS)
def test_past_and_future_are_all_rows_and_short_histories_are_past(rows):
    found = events(rows)
    split = temporal(found, 0.25, seed=1, least=4)
    counts = np.bincount(found.visitors, minlength=6)
    ahead = np.bincount(split.future.visitors, minlength=6)

    assert len(split.past) + len(split.future) == len(found)
    assert ahead.tolist() == [int(np.ceil(n * 0.25)) if n >= 4 else 0 for n in counts]


def test_rows_of_one_instant_are_split_by_chance_not_by_item_number():
    basket = events([(0, item % 7, 5) for item in range(28)])
    chosen = {tuple(temporal(basket, 0.25, seed=seed).future.items) for seed in range(5)}

    assert len(chosen) > 1


@given(ROWS)
def test_distinct_keeps_the_newest_row_of_each_pair(rows):
    found = distinct(events(rows))
    newest = {}
    for who, what, at in rows:
        newest[who, what] = max(at, newest.get((who, what), 0))

    kept = zip(found.visitors.tolist(), found.items.tolist(), found.at.tolist(), strict=True)
    assert {(who, what): at for who, what, at in kept} == newest
    assert len(found) == len(newest)


@given(ROWS, st.integers(1, 5))
def test_nobody_has_more_rows_than_the_cap(rows, most):
    found = events(rows)
    counts = np.bincount(found.visitors, minlength=6)

    assert np.bincount(capped(found, most).visitors, minlength=6).tolist() == [
        min(n, most) for n in counts
    ]
