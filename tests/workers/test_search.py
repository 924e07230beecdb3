"""Searching beyond the grid: never worse than it, repeatable, and absent where Optuna is."""

import sys
from dataclasses import replace

import pytest

from personalization.learn.ranker import ALIKE, CONTENT, FACTORS, FOLLOWS, LINEAR, POPULAR, VECTORS
from tests.workers.test_training_choices import FEATURES, camps
from workers.learning import search
from workers.learning.audience import Audience
from workers.learning.choices import Budget, choose
from workers.learning.forms import candidates
from workers.learning.search import searched
from workers.training.split import temporal

SPLIT = temporal(camps(likes=7), 0.25, seed=1)
AUDIENCE = Audience.of(SPLIT, memory=None)
NAMES = [POPULAR, ALIKE, FOLLOWS, LINEAR, CONTENT, FACTORS, VECTORS]


@pytest.fixture(scope="module")
def grid():
    return {one.name: one for one in candidates(SPLIT.past, AUDIENCE, FEATURES, 1)}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_found_is_never_worse_than_the_grid(grid, name):
    found = searched(grid[name], SPLIT.past, AUDIENCE, seed=1, trials=4)

    assert found.ndcg >= grid[name].ndcg
    assert AUDIENCE.ndcg(found.scores) == found.ndcg
    assert found.chosen_by == ("search" if found.ndcg > grid[name].ndcg else "grid")


def test_the_same_seed_finds_the_same_form(grid):
    first, second = (
        searched(grid[FOLLOWS], SPLIT.past, AUDIENCE, seed=5, trials=8) for _ in range(2)
    )

    assert first.trainer == second.trainer
    assert (first.recency, first.ndcg) == (second.recency, second.ndcg)


def test_a_poor_form_of_the_grid_is_improved(grid):
    """A ridge this large leaves nothing of a factor."""
    trainer = replace(grid[FACTORS].trainer, ridge=1e6)
    poor = replace(grid[FACTORS], trainer=trainer, ndcg=0.2)

    assert searched(poor, SPLIT.past, AUDIENCE, seed=1, trials=6).ndcg > poor.ndcg


def test_without_optuna_the_grid_chooses_and_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    said = []

    found = choose(camps(likes=7), FEATURES, seed=1, memory=None, say=said.append, budget=Budget(3))

    assert search.MISSING in said
    assert set(found.chosen_by.values()) == {"grid"}


def test_the_model_says_who_chose_each_form():
    quiet = {"seed": 1, "memory": None, "say": lambda _: None}

    assert set(choose(camps(likes=7), FEATURES, **quiet).chosen_by) == set(NAMES)
    assert (
        "search" in choose(camps(likes=7), FEATURES, **quiet, budget=Budget(6)).chosen_by.values()
    )
