"""The figures, against lists computed by hand."""

from math import log2

import numpy as np
import pytest

from workers.training.metrics import NAMES, Metrics, coverage, interval, measure, novelty


def test_a_perfect_list_scores_one_everywhere():
    found = measure([[1, 2]], [frozenset({1, 2})], at=2)

    document = found.to_document()
    assert {name: document[name] for name in (*NAMES, "f1")} == dict.fromkeys((*NAMES, "f1"), 1.0)


def test_one_hit_at_the_second_of_three_places_of_four_right_items():
    found = measure([[9, 1, 8]], [frozenset({1, 2, 3, 4})], at=3)

    ideal = 1 + 1 / log2(3) + 1 / 2
    assert found.mean("precision") == pytest.approx(1 / 3)
    assert found.mean("recall") == pytest.approx(1 / 4)
    assert found.f1 == pytest.approx(2 / 7)
    assert found.mean("map") == pytest.approx((1 / 2) / 3)
    assert found.mean("ndcg") == pytest.approx((1 / log2(3)) / ideal)


def test_visitors_without_anything_right_are_left_out():
    assert measure([[1], [2]], [frozenset({1}), frozenset()], at=1).visitors == 1
    assert measure([[1]], [frozenset()], at=1).to_document()["ndcg"] == 0.0


def test_a_list_shorter_than_asked_is_not_rewarded():
    assert measure([[1]], [frozenset({1, 2})], at=10).mean("precision") == pytest.approx(0.1)


def test_the_first_hit_counts_by_its_place():
    found = measure([[9, 1], [2, 3]], [frozenset({1}), frozenset({2})], at=2)

    assert found.mean("mrr") == pytest.approx((1 / 2 + 1) / 2)


def test_an_interval_holds_the_true_mean_about_19_times_in_20():
    chance = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        low, high = interval(chance.normal(0.3, 0.2, 60))
        held += low <= 0.3 <= high

    assert 0.91 <= held / 400 <= 0.98
    assert interval(np.array([1.0])) == (-np.inf, np.inf)


def test_the_interval_of_f1_is_as_wide_as_if_visitors_had_been_drawn_anew():
    chance = np.random.default_rng(1)
    right = [frozenset(range(int(chance.integers(1, 9)))) for _ in range(300)]
    lists = [chance.permutation(20)[:5].tolist() for _ in right]
    found = measure(lists, right, at=5)

    low, high = found.f1_interval

    drawn = [Metrics(found.rows[chance.integers(0, 300, 300)]).f1 for _ in range(2000)]
    assert (low, high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), rel=0.03)
    assert found.to_document()["intervals"]["f1"] == pytest.approx([low, high], abs=1e-6)


def test_where_nothing_was_right_f1_is_surely_nothing():
    assert measure([[1], [1]], [frozenset({2}), frozenset({3})], at=1).f1_interval == (0.0, 0.0)


def test_coverage_and_novelty():
    lists = [[0, 1], [1, 0]]

    assert coverage(lists, items=4) == 0.5
    assert novelty(lists, np.array([8, 4, 0, 0]), visitors=8) == pytest.approx((0 + 1) / 2)
    assert novelty([[2]], np.array([8, 4, 0, 0]), visitors=8) == 3.0
