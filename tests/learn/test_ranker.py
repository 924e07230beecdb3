"""A ranker answers from arrays alone: who liked what lately decides, nothing excluded returns."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.learn.history import columns, past
from personalization.learn.members import Vectors
from personalization.learn.ranker import ArrayRanker
from personalization.learn.serving import FoldIn, Recency, Serving
from rules.types import Signal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHOES, HATS = range(10), range(10, 20)
KEYS = [f"shoe{n}" for n in range(10)] + [f"hat{n}" for n in range(10)]
SERVING = Serving(
    {"vectors": 1.0, "popular": 0.1},
    {"vectors": Recency(days=14, places=20)},
    {"vectors": FoldIn(10.0)},
)


def vectors(seed=0):
    """Shoes point one way, hats another, each a little off."""
    found = np.random.default_rng(seed).normal(0, 0.2, (20, 4)).astype(np.float32)
    found[list(SHOES), 0] += 1
    found[list(HATS), 1] += 1
    return found


def ranker(serving=SERVING, available=None, **arrays):
    standing = {
        "vectors": vectors(),
        "biases": np.zeros(20, np.float32),
        "popular": np.arange(20, dtype=np.float32),
    }
    return ArrayRanker.of({**standing, **arrays}, KEYS, serving, available)


def did(*items, kind="view", hours_ago=0.0):
    return [
        Signal(item, kind, NOW - timedelta(hours=hours_ago, minutes=n))
        for n, item in enumerate(items)
    ]


def keys(found):
    return [one.item for one in found]


def table(name, rows):
    starts = np.cumsum([0, *(len(rows.get(n, ())) for n in range(20))])
    pairs = [pair for n in range(20) for pair in rows.get(n, ())]
    return {
        f"{name}_starts": starts,
        f"{name}_items": np.array([item for item, _ in pairs], np.int32),
        f"{name}_values": np.array([value for _, value in pairs], np.float32),
    }


def test_three_clicks_on_one_category_show_it():
    found = ranker().for_visitor(did("hat0", "hat1", "hat2"), NOW, 4, frozenset())

    assert all(key.startswith("hat") for key in keys(found))


def test_three_clicks_now_are_seen_beside_last_months_taste():
    month = did(*(f"shoe{n}" for n in range(6)), hours_ago=24 * 30)

    found = ranker().for_visitor(did("hat0", "hat1", "hat2") + month, NOW, 4, frozenset())

    assert any(key.startswith("hat") for key in keys(found))


def test_a_purchase_says_more_than_a_view():
    mixed = did("hat0", kind="purchase") + did("shoe0", hours_ago=0)

    assert keys(ranker().for_visitor(mixed, NOW, 1, frozenset()))[0].startswith("hat")


def test_what_the_visitor_had_and_what_is_excluded_stay_away():
    found = ranker().for_visitor(did("hat0", "hat1"), NOW, 20, frozenset({"hat2"}))

    assert {"hat0", "hat1", "hat2"}.isdisjoint(keys(found))
    assert len(found) == 17


def test_items_that_are_not_available_are_never_suggested():
    some = ranker(available=frozenset(KEYS) - {"hat3"})

    assert "hat3" not in keys(some.for_visitor(did("hat0"), NOW, 20, frozenset()))
    assert "hat3" not in keys(some.similar("hat0", 20, frozenset()))


@pytest.mark.parametrize("signals", [[], did("unknown")])
def test_nothing_known_says_nothing(signals):
    assert ranker().for_visitor(signals, NOW, 5, frozenset()) == ()


def test_an_unknown_item_has_nothing_similar():
    assert ranker().similar("unknown", 5, frozenset()) == ()
    assert ranker().bought_together("unknown", 5, frozenset()) == ()


def test_similar_items_are_near_in_the_vectors_and_seen_by_the_same_people():
    """Shoes lie near shoe0; people who saw shoe0 also saw hat9."""
    found = ranker(**table("alike", {0: [(19, 1.0)]})).similar("shoe0", 5, frozenset())

    assert "shoe0" not in keys(found)
    assert "hat9" in keys(found)
    assert sum(key.startswith("shoe") for key in keys(found)) == 4


def test_bought_together_lists_only_what_was():
    found = ranker(**table("together", {0: [(11, 0.5), (12, 0.9)]}))

    assert keys(found.bought_together("shoe0", 5, frozenset())) == ["hat2", "hat1"]
    assert found.bought_together("shoe1", 5, frozenset()) == ()


def test_equal_scores_keep_the_order_of_the_catalogue():
    flat = ranker(Serving({"popular": 1.0}), popular=np.zeros(20, np.float32))

    assert keys(flat.for_visitor(did("hat9"), NOW, 3, frozenset())) == ["shoe0", "shoe1", "shoe2"]


@given(st.lists(st.sampled_from(KEYS), min_size=1, max_size=30), st.integers(0, 25))
def test_lists_are_sorted_distinct_and_never_longer_than_asked(items, limit):
    found = ranker().for_visitor(did(*items), NOW, limit, frozenset())

    assert len(found) <= limit
    assert len(set(keys(found))) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@given(st.lists(st.integers(0, 19), min_size=1, max_size=8, unique=True), st.floats(0.1, 50))
def test_the_fold_in_is_the_minimum_of_its_stated_cost(items, ridge):
    member = Vectors.of(vectors(), np.zeros(20, np.float32), FoldIn(ridge, 0.1))
    chosen, weights = np.array(items), np.linspace(1, 0.1, len(items)).astype(np.float32)

    def cost(u):
        seen = (weights * (1 - member.vectors[chosen] @ u) ** 2).sum()
        return seen + 0.1 * ((member.vectors @ u) ** 2).sum() + ridge * (u @ u)

    solved = member.visitor(chosen, weights)
    moved = [solved + step for step in 0.01 * np.eye(4, dtype=np.float32)]
    assert all(cost(solved) <= cost(other) for other in moved)


def test_a_signal_halves_with_every_half_life_of_age_and_place():
    known = columns([3, 4], [1.0, 1.0], [14 * 86_400.0, 0.0])

    assert known.weights(Recency(days=14)).tolist() == [1.0, 0.5]
    assert known.weights(Recency(places=1)).tolist() == [1.0, 0.5]
    assert known.weights(Recency(days=14, places=1)).tolist() == [1.0, 0.25]
    assert known.weights(Recency()).tolist() == [1.0, 1.0]


def test_an_item_counts_once_at_its_newest_with_its_strongest_type():
    signals = did("hat0") + did("hat0", kind="purchase", hours_ago=48) + did("hat1", hours_ago=72)

    known = past(signals, {key: n for n, key in enumerate(KEYS)})

    assert known.items.tolist() == [10, 11]
    assert known.strengths.tolist() == [1.0, 0.25]
    assert known.ages[0] == 0


def test_new_items_are_ordered_by_what_knows_their_metadata():
    """Nobody touched the hats: the blend cannot tell them apart, the vectors can."""
    touched = np.array([1.0] * 10 + [0.0] * 10, np.float32)
    serving = Serving(
        {"popular": 1.0}, {"vectors": Recency()}, {"vectors": FoldIn(10.0)}, {"vectors": 1.0}
    )
    near = vectors()
    near[15] = near[0] * 3  # a hat that is described like the shoe that was seen

    found = ranker(serving, popular=touched, vectors=near)
    ranked = keys(found.for_visitor(did("shoe0"), NOW, 20, frozenset()))

    assert [key[:4] for key in ranked[:9]] == ["shoe"] * 9
    assert ranked[9] == "hat5"
    assert len(set(ranked)) == 19


def test_new_items_that_are_described_alike_stay_in_the_order_of_the_catalogue():
    """Nobody touched hat5 to hat9; all of them are like hat0, and hat9 a little more."""
    like = {10: [(n, 1.0) for n in range(15, 19)] + [(19, 2.0)]}
    touched = np.where(np.arange(20) < 15, np.float32(1), np.float32(0))
    serving = Serving({"vectors": 1.0}, cold={"described": 1.0})

    some = ranker(serving, popular=touched, **table("content", like))

    found = keys(some.for_visitor(did("hat0"), NOW, 20, frozenset(KEYS[:15])))
    assert found == ["hat9", "hat5", "hat6", "hat7", "hat8"]


def test_for_new_items_the_whole_past_counts_however_fast_the_blend_forgets():
    """Two are new: hat8 is like what was bought last month, hat9 like what was just looked at."""
    like = {0: [(18, 1.0)], 10: [(19, 1.0)]}
    touched = np.where(np.arange(20) < 18, np.float32(1), np.float32(0))
    fading = {"content": Recency(days=1)}
    serving = Serving({"content": 1.0}, fading, cold={"described": 1.0})
    signals = did("hat0") + did("shoe0", kind="purchase", hours_ago=24 * 30)

    some = ranker(serving, popular=touched, **table("content", like))

    found = keys(some.for_visitor(signals, NOW, 20, frozenset(KEYS[:18])))
    assert found == ["hat8", "hat9"]
