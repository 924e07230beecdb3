"""What every family promises, asked of every family we ship."""

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from personalization.learn.arrays import pack
from personalization.learn.describing import ItemText
from personalization.learn.history import columns
from personalization.learn.ranker import ArrayRanker
from personalization.learn.serving import FoldIn, Recency, Serving
from tests.workers.tastes import CAMPS, ITEMS_OF_A_CAMP, N_ITEMS, camp_of, camps
from workers.learning.describing import describe_items
from workers.training.content import Content
from workers.training.factors import Factors
from workers.training.following import Following
from workers.training.interactions import Interactions, NotEnoughData
from workers.training.lightfm_hybrid import LightFMHybrid
from workers.training.linear import Linear
from workers.training.nearest import Nearest, Together
from workers.training.popularity import Popularity

KEYS = [f"i{n}" for n in range(N_ITEMS)]
TEXTS = [ItemText(f"thing {n}", category=f"camp {camp_of(n)}") for n in range(N_ITEMS)]
VECTORS = LightFMHybrid(describe_items(TEXTS), size=8, epochs=15)
FACTORS = Factors(size=8, confidence=5.0, ridge=1.0)
CONTENT = Content(describe_items(TEXTS))
FOLD_INS = {"vectors": FoldIn(10.0, 0.0, 0.0), "factors": FoldIn(1.0, 0.1)}
ITEM_TO_ITEM = [Nearest(), Nearest(half_life=30), Following(), Linear(10), Linear(10, closed=5)]
TASTED = [*ITEM_TO_ITEM, Together(), FACTORS, CONTENT, VECTORS]
ALL = [Popularity(), *TASTED]
NOTHING = Interactions(*(np.zeros(0, kind) for kind in (int, int, float, np.float32)), 0, 0)


def ranker_of(trainer, interactions=None):
    arrays = trainer.fit(camps() if interactions is None else interactions, seed=1)
    name = "popular" if trainer.name == "popularity" else trainer.name
    serving = Serving({name: 1.0}, {name: Recency(places=20)}, FOLD_INS)
    return ArrayRanker.of(arrays, KEYS, serving)


def suggested(ranker, items, exclude=()):
    past = columns(items, [1.0] * len(items), [float(n) for n in range(len(items), 0, -1)])
    best = ranker.best(ranker.blended(past), 3, frozenset(KEYS[item] for item in exclude))
    return [ranker.positions[one.item] for one in best]


def named(trainer):
    return f"{trainer.name}-{getattr(trainer, 'half_life', '')}"


@pytest.mark.parametrize("trainer", ALL, ids=named)
def test_the_same_events_and_seed_give_the_same_bytes(trainer):
    first, second = (sha256(pack(trainer.fit(camps(), seed=3), {})).digest() for _ in range(2))

    assert first == second


@pytest.mark.parametrize("trainer", ALL, ids=named)
def test_nothing_to_learn_from_is_refused(trainer):
    with pytest.raises(NotEnoughData, match="needed"):
        trainer.fit(NOTHING, seed=1)


@pytest.mark.parametrize("trainer", ALL, ids=named)
def test_excluded_items_never_come_back(trainer):
    assert 0 not in suggested(ranker_of(trainer), [1, 2], exclude=[0])


@pytest.mark.parametrize("camp", range(CAMPS))
@pytest.mark.parametrize("trainer", TASTED, ids=named)
def test_a_visitor_gets_the_items_of_their_camp(trainer, camp):
    first = camp * ITEMS_OF_A_CAMP
    liked = [first, first + 1, first + 2]

    assert {camp_of(item) for item in suggested(ranker_of(trainer), liked, liked)} == {camp}


@pytest.mark.parametrize("trainer", ALL, ids=named)
def test_no_array_is_as_long_as_there_are_visitors(trainer):
    """No visitor's vector leaves the trainer; 61 visitors, 24 items."""
    arrays = trainer.fit(camps(visitors=61), seed=1)

    assert all(61 not in array.shape for array in arrays.values())


@pytest.mark.parametrize("trainer", ALL, ids=named)
def test_who_bought_an_item_often_counts_once(trainer):
    """Ten identical rows more of one visitor change nothing but the order of time."""
    once = camps()
    again = once.rows(np.sort(np.concatenate([np.arange(len(once)), np.zeros(10, int)])))

    for name, array in trainer.fit(once, seed=1).items():
        np.testing.assert_allclose(trainer.fit(again, seed=1)[name], array, rtol=1e-5)


def test_popularity_prefers_what_is_liked_now():
    once = camps(visitors=2, likes=2)
    old = replace(
        once,
        items=np.array([0, 0, 0, 1]),
        visitors=np.array([0, 1, 2, 3]),
        at=np.array([0.0, 0.0, 0.0, 365 * 86_400.0]),
        n_visitors=4,
    )

    assert Popularity(half_life=30).fit(old, seed=1)["popular"].argmax() == 1
    assert Popularity(half_life=3650).fit(old, seed=1)["popular"].argmax() == 0


def test_following_knows_the_direction():
    """Everybody takes 0, then 1, then 2."""
    rows = [(float(step), visitor, step) for visitor in range(10) for step in range(3)]
    at, who, what = (np.array(column) for column in zip(*sorted(rows), strict=True))
    seen = Interactions(who, what, at, np.ones(30, np.float32), 10, 3)
    arrays = Following().fit(seen, seed=1)

    row = slice(arrays["follows_starts"][1], arrays["follows_starts"][2])
    assert arrays["follows_items"][row].tolist() == [2]


def test_beyond_the_closed_form_every_item_with_events_has_weights():
    arrays = Linear(10, closed=5, nearest=6).fit(camps(), seed=1)

    lengths = np.diff(arrays["linear_starts"])
    assert len(lengths) == N_ITEMS
    assert lengths.all()


def test_a_neighbourhood_that_holds_all_items_gives_the_closed_form():
    closed = Linear(10).fit(camps(), seed=1)
    sparse = Linear(10, closed=5, nearest=N_ITEMS).fit(camps(), seed=1)

    for name, array in closed.items():
        np.testing.assert_allclose(sparse[name], array, atol=1e-5)


def test_an_item_that_nobody_touched_is_served_through_its_metadata():
    """Item 0 has no event; its category is that of camp 0."""
    events = camps(visitors=90)
    ranker = ranker_of(VECTORS, events.rows(events.items != 0))

    near = [ranker.positions[one.item] for one in ranker.similar("i0", 3, frozenset())]
    assert {camp_of(item) for item in near} == {0}


def test_an_untouched_item_without_metadata_has_an_empty_row():
    """Its id was never trained: what is left of a random start says nothing."""
    texts = [ItemText(f"word{n}") for n in range(N_ITEMS)]
    events = camps()
    arrays = LightFMHybrid(describe_items(texts), size=8, epochs=3).fit(
        events.rows(events.items != 0), seed=1
    )

    assert not arrays["vectors"][0].any()
    assert arrays["vectors"][1].any()


def test_early_stopping_keeps_the_best_look():
    scores = iter([0.3, 0.5, 0.4, 0.2, 0.9])
    trainer = replace(VECTORS, epochs=50, stride=2, patience=2)

    watched = trainer.watched(camps(), seed=1, judge=lambda _: next(scores))

    assert (watched.epochs, watched.score) == (4, 0.5)
