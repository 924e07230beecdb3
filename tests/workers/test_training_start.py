"""A training that goes on from an earlier one: known items stand where they stood."""

from dataclasses import replace

import numpy as np
import pytest

from tests.workers.tastes import camps
from tests.workers.test_training_contract import FACTORS, KEYS, VECTORS
from workers.training.start import Start

WORDS = VECTORS.features.names
NAMES = ["vectors", "factors"]


def start_of(arrays, keys=KEYS, words=WORDS):
    return Start.of(arrays, (keys, words), (KEYS, WORDS))


def cosines(one, other):
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return (one * other).sum(axis=1) / lengths


@pytest.mark.parametrize("name", NAMES)
def test_little_training_keeps_items_near_where_they_were(name):
    trainer = {"vectors": replace(VECTORS, epochs=1), "factors": replace(FACTORS, rounds=1)}[name]
    long = {"vectors": VECTORS, "factors": FACTORS}[name].fit(camps(), seed=1)
    started = replace(trainer, start=start_of(long)).fit(camps(), seed=2)[name]
    fresh = trainer.fit(camps(), seed=2)[name]

    assert cosines(started, long[name]).min() > 0.9
    assert cosines(fresh, long[name]).mean() < 0.9


def test_lightfm_begins_exactly_where_it_ended():
    ended = VECTORS.fit(camps(), seed=1)
    begun = replace(VECTORS, epochs=0, start=start_of(ended)).fit(camps(), seed=9)

    for name, array in ended.items():
        np.testing.assert_allclose(begun[name], array, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_items_that_the_earlier_model_did_not_know_begin_by_chance(name):
    trainer = {"vectors": VECTORS, "factors": FACTORS}[name]
    arrays = trainer.fit(camps(), seed=1)
    known = start_of({**arrays, name: arrays[name][5:], "biases": np.zeros(19)}, KEYS[5:])

    found = replace(trainer, start=known).fit(camps(), seed=1)[name]

    assert np.isfinite(found).all()
    assert np.linalg.norm(found, axis=1).all()


@pytest.mark.parametrize("name", NAMES)
def test_vectors_of_another_length_are_no_start(name):
    trainer = {"vectors": VECTORS, "factors": FACTORS}[name]
    other = start_of(replace(trainer, size=4).fit(camps(), seed=1))

    started = replace(trainer, start=other).fit(camps(), seed=1)

    assert np.array_equal(started[name], trainer.fit(camps(), seed=1)[name])
