"""How new items are ordered is learnt on items that were hidden, and on all of them."""

from dataclasses import dataclass, field, replace

import numpy as np

from personalization.learn.describing import ItemText
from personalization.learn.ranker import CONTENT, DESCRIBED, NEW, VECTORS
from tests.workers.tastes import N_ITEMS, camp_of, camps
from workers.learning import cold
from workers.learning.cold import learn_cold
from workers.learning.describing import describe_items
from workers.training.content import Content
from workers.training.interactions import Interactions
from workers.training.lightfm_hybrid import LightFMHybrid
from workers.training.trainer import Trainer

FEATURES = describe_items([ItemText(f"thing {n}", f"camp {camp_of(n)}") for n in range(N_ITEMS)])
TRAINERS = {VECTORS: LightFMHybrid(FEATURES, size=8, epochs=3), CONTENT: Content(FEATURES)}


@dataclass(frozen=True)
class Watched:
    """Trains as another, and remembers what it was given."""

    inner: Trainer
    given: list[Interactions] = field(default_factory=list)
    name: str = VECTORS

    def fit(self, interactions, *, seed):
        self.given.append(interactions)
        return self.inner.fit(interactions, seed=seed)


@dataclass(frozen=True)
class Lottery:
    """Vectors and biases that say nothing of any item."""

    name: str = VECTORS

    def fit(self, interactions, *, seed):
        chance = np.random.default_rng(seed)
        vectors = chance.normal(size=(interactions.n_items, 8)).astype(np.float32)
        return {VECTORS: vectors, "biases": np.zeros(interactions.n_items, np.float32)}


def test_every_item_with_events_is_hidden_once():
    events = camps().rows(camps().items != 5)
    watched = Watched(TRAINERS[VECTORS])

    learn_cold(events, {**TRAINERS, VECTORS: watched}, seed=1)

    touched = set(events.items.tolist())
    hidden = [touched - set(rest.items.tolist()) for rest in watched.given]
    assert sorted(item for part in hidden for item in part) == sorted(touched)
    assert max(map(len, hidden)) - min(map(len, hidden)) <= 1


def test_the_same_events_and_seed_learn_the_same_order():
    assert learn_cold(camps(), TRAINERS, seed=1) == learn_cold(camps(), TRAINERS, seed=1)


def test_vectors_that_say_nothing_are_not_asked_about_new_items():
    found = learn_cold(camps(likes=7), {**TRAINERS, VECTORS: Lottery()}, seed=1)

    assert found.weights.get(DESCRIBED, 0) > found.weights.get(NEW, 0)


def test_without_vectors_the_descriptions_order_new_items():
    assert learn_cold(camps(), {CONTENT: TRAINERS[CONTENT]}, seed=1).weights == {DESCRIBED: 1.0}


def test_too_few_judges_leave_both_alike():
    found = learn_cold(camps(visitors=6), TRAINERS, seed=1)

    assert found.weights == {NEW: 1.0, DESCRIBED: 1.0}


def test_of_many_events_those_of_some_visitors_are_looked_at(monkeypatch):
    monkeypatch.setattr(cold, "MOST_EVENTS", 150)
    watched = Watched(TRAINERS[VECTORS])

    learn_cold(camps(visitors=60), {**TRAINERS, VECTORS: watched}, seed=1)

    assert all(len(rest) <= 150 for rest in watched.given)


def test_whom_only_hidden_items_are_known_of_judges_nothing():
    """Here everybody has one item: where it is hidden, nothing else is known of them."""
    events = camps()
    alone = replace(events, visitors=np.arange(len(events)), n_visitors=len(events))

    assert learn_cold(alone, TRAINERS, seed=1).weights == {NEW: 1.0, DESCRIBED: 1.0}
