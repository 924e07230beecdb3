"""Groups, their gaps, who is shown, and weights: against answers known by construction."""

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.tastes import N_ITEMS, camp_of, camps
from workers.training.fairness import by_providers, by_visitors, exposures, gini
from workers.training.groups import UNKNOWN, Groups
from workers.training.nearest import Nearest
from workers.training.popularity import Popularity
from workers.training.reweighting import MOST, balanced, weights_of


def halves(one, other):
    """Two groups of visitors, with these figures."""
    values = np.concatenate([one, other])
    of = np.repeat([0, 1], [len(one), len(other)])
    masks = Groups(("free", "paid"), of).masks(range(len(of)))
    return by_visitors(masks, {"ndcg": values})


def test_a_gap_that_is_there_is_found_with_an_interval_that_holds_it():
    chance = np.random.default_rng(1)
    document = halves(chance.normal(0.1, 0.1, 400), chance.normal(0.2, 0.1, 300))

    (gap,) = document["gaps"]
    assert (gap["label"], gap["to"]) == ("free", "paid")
    assert gap["low"] <= 0.1 <= gap["high"]
    assert gap["low"] > 0
    assert gap["ratio"] == pytest.approx(0.5, abs=0.1)
    assert [group["visitors"] for group in document["groups"]] == [400, 300]


def test_where_there_is_no_gap_the_best_of_many_groups_is_seldom_called_better():
    """The best is chosen by the same figures: without care, one in three would look behind."""
    wrong = 0
    for seed in range(200):
        values = np.random.default_rng(seed).normal(0.2, 0.1, 600)
        masks = Groups(tuple("abcdef"), np.arange(600) % 6).masks(range(600))
        gaps = by_visitors(masks, {"ndcg": values})["gaps"]
        wrong += any(gap["low"] > 0 for gap in gaps)

    assert wrong / 200 <= 0.07


def test_groups_of_fewer_than_fifty_are_counted_and_not_told():
    document = halves(np.full(49, 0.1), np.full(80, 0.9))

    assert [group["label"] for group in document["groups"]] == ["paid"]
    assert document["gaps"] == []
    assert (document["visitors"], document["elsewhere"]) == (129, 49)


def test_what_is_shown_by_whom_counts_the_places_as_they_are_seen():
    providers = Groups(("a", "b"), np.array([0, 0, 1, UNKNOWN]))
    document = by_providers([[0, 2], [3, 1]], providers, np.array([6, 0, 2, 2]))

    first, second = 1, 1 / log2(3)
    a, b = document["rows"]
    assert a["shown"]["mean"] == pytest.approx(0.5, abs=1e-6)  # a first and a second place
    assert b["shown"]["mean"] == pytest.approx(second / (first + second) / 2, abs=1e-6)
    assert (a["items"], a["catalogue"], a["asked"]) == (2, 0.5, 0.6)
    assert (b["items"], b["catalogue"], b["asked"]) == (1, 0.25, 0.2)
    assert exposures([[0, 2], [3, 1]], 4) == pytest.approx([first, second, second, first])


def test_the_gini_index_of_equal_shares_is_zero_and_of_one_taker_nearly_one():
    assert gini(np.full(10, 3.0)) == pytest.approx(0)
    assert gini(np.array([0.0] * 99 + [5])) == pytest.approx(0.99)
    assert gini(np.array([1.0, 3.0])) == pytest.approx(0.25)  # by hand
    assert gini(np.zeros(4)) == 0


def test_the_twelve_largest_groups_are_kept():
    words = {n: f"g{n % 20:02}" for n in range(200)}
    words |= dict.fromkeys(range(200, 260), "g19")

    groups = Groups.by_words(words, 300)

    assert len(groups.labels) == 12
    assert groups.labels[0] == "g19"
    assert groups.of[299] == UNKNOWN


@given(st.dictionaries(st.integers(0, 99), st.floats(-1e6, 1e6), min_size=1))
def test_quarters_are_in_order_and_everybody_with_a_number_is_in_one(numbers):
    groups = Groups.by_quarters(numbers, 100)

    assert 2 <= len(groups.labels) <= 4
    for one, number in numbers.items():
        assert 0 <= groups.of[one] < len(groups.labels)
        for other, more in numbers.items():
            assert number > more or groups.of[one] <= groups.of[other]
    assert (groups.of >= 0).sum() == len(numbers)


def test_bounds_have_two_figures():
    groups = Groups.by_quarters({n: 1234.0 + n for n in range(100)}, 100)

    assert groups.labels == ("≤ 1300", "> 1300")


def unequal(few=60, many=300):
    """One camp of many visitors, two of few each."""
    events = camps(visitors=3 * many, likes=7)
    camp = events.visitors % 3
    return events.rows((camp == 0) | (events.visitors < 3 * few))


def by_camp(events):
    words = {visitor: f"camp {visitor % 3}" for visitor in set(events.visitors.tolist())}
    return Groups.by_words(words, events.n_visitors)


def test_small_groups_count_as_the_largest_up_to_a_bound():
    events = unequal()
    groups = by_camp(events)

    weights = weights_of(events, groups)

    assert weights[0] == 1.0  # of the largest
    assert weights[1] == MOST  # five times fewer: bounded
    assert weights_of(unequal(few=150), by_camp(unequal(few=150)))[1] == 2.0


def test_weights_bring_small_groups_to_the_front_of_every_family():
    """What few like is liked by more, once they count more."""
    events = unequal()
    weighed = balanced(events, by_camp(events), seed=1)

    plain, changed = (Popularity().fit(rows, seed=1)["popular"] for rows in (events, weighed))
    small = np.array([camp_of(item) != 0 for item in range(N_ITEMS)])
    assert changed[small].sum() == pytest.approx(MOST * plain[small].sum(), rel=0.01)
    assert changed[~small].sum() == pytest.approx(plain[~small].sum())
    assert Nearest().fit(weighed, seed=1)


def test_copies_are_visitors_of_their_own_beside_their_row_in_time():
    events = unequal()
    weighed = balanced(events, by_camp(events), seed=1)

    assert (np.diff(weighed.at) >= 0).all()
    assert weighed.visitors.max() < weighed.n_visitors
    counts = np.bincount(weighed.visitors)
    assert set(counts[counts > 0]) == {7}  # each has seven likes, as whom they copy
    assert len(np.unique(weighed.visitors)) == 300 + 2 * 60 * MOST


@pytest.mark.parametrize("few", [20, 49])
def test_nobody_of_a_group_below_fifty_is_copied(few):
    events = unequal(few=few)

    assert len(balanced(events, by_camp(events), seed=1)) == len(events)


def test_the_same_seed_copies_the_same_visitors():
    events = unequal(few=200)  # a weight of 1.5

    first, second, third = (
        balanced(events, by_camp(events), seed=seed).visitors.tolist() for seed in (1, 1, 2)
    )
    assert first == second
    assert first != third
