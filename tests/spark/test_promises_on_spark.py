"""Spark's families keep what every family promises: the suite of the local trainers, asked anew."""

import inspect
from dataclasses import dataclass, field

import pytest

from tests.workers import test_training_contract as contract
from tests.workers.tastes import CAMPS
from workers.training.factors import Factors
from workers.training.following import Following
from workers.training.nearest import Nearest, Together
from workers.training.popularity import Popularity
from workers.training.spark.families import OnSpark

TASTED = [Nearest(), Following(), Together(), Factors(size=8, confidence=5.0, ridge=1.0, rounds=5)]
ALL = [Popularity(), *TASTED]
SAME_BYTES = contract.test_the_same_events_and_seed_give_the_same_bytes


@dataclass(frozen=True)
class ByLog:
    """A family that is given interactions, and learns from them as a log."""

    form: object
    log_of: object

    @property
    def name(self):
        return self.form.name

    def fit(self, interactions, *, seed):
        return OnSpark(self.form).fit(self.log_of(interactions), seed=seed)


@dataclass(frozen=True)
class Remembering(ByLog):
    """Asked twice for the same, it answers what it learnt the first time."""

    known: dict = field(default_factory=dict)

    def fit(self, interactions, *, seed):
        columns = (interactions.visitors, interactions.items, interactions.at)
        asked = (*(column.tobytes() for column in columns), seed)
        if asked not in self.known:
            self.known[asked] = super().fit(interactions, seed=seed)
        return self.known[asked]


@pytest.fixture(scope="module")
def remembering(log_of):
    trainers = {form.name: Remembering(form, log_of) for form in ALL}
    return lambda form: trainers[form.name]


def promises(*asked):
    """The tests of the contract that ask for these arguments and no others."""
    tests = [value for name, value in vars(contract).items() if name.startswith("test_")]
    found = [test for test in tests if (*inspect.signature(test).parameters,) == asked]
    return [pytest.param(test, id=test.__name__) for test in found if test is not SAME_BYTES]


@pytest.mark.parametrize("form", ALL, ids=lambda form: form.name)
def test_the_same_events_and_seed_give_the_same_bytes(form, log_of):
    SAME_BYTES(ByLog(form, log_of))


@pytest.mark.parametrize("promise", promises("trainer"))
@pytest.mark.parametrize("form", ALL, ids=lambda form: form.name)
def test_on_spark(promise, form, remembering):
    promise(remembering(form))


@pytest.mark.parametrize("camp", range(CAMPS))
@pytest.mark.parametrize("promise", promises("trainer", "camp"))
@pytest.mark.parametrize("form", TASTED, ids=lambda form: form.name)
def test_of_tastes_on_spark(promise, form, camp, remembering):
    promise(remembering(form), camp)
