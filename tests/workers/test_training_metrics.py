"""The figures, against lists computed by hand."""

from math import log2

import pytest

from workers.training.metrics import NOBODY, measure


def test_a_perfect_list_scores_one_everywhere():
    found = measure([[1, 2]], [frozenset({1, 2})], at=2)

    assert found.to_document() == dict.fromkeys(["precision", "recall", "f1", "map", "ndcg"], 1.0)


def test_one_hit_at_the_second_of_three_places_of_four_right_items():
    found = measure([[9, 1, 8]], [frozenset({1, 2, 3, 4})], at=3)

    ideal = 1 + 1 / log2(3) + 1 / 2
    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(1 / 4)
    assert found.f1 == pytest.approx(2 / 7)
    assert found.average_precision == pytest.approx((1 / 2) / 3)
    assert found.ndcg == pytest.approx((1 / log2(3)) / ideal)


def test_visitors_without_anything_right_are_left_out():
    assert measure([[1], [2]], [frozenset({1}), frozenset()], at=1).visitors == 1
    assert measure([[1]], [frozenset()], at=1) == NOBODY


def test_a_list_shorter_than_asked_is_not_rewarded():
    assert measure([[1]], [frozenset({1, 2})], at=10).precision == pytest.approx(0.1)
