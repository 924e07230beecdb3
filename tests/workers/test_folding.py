"""Many visitors at once are folded in as each alone would be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalization.learn.history import Past
from personalization.learn.members import Vectors, standardise
from personalization.learn.serving import FoldIn, Recency
from workers.learning import folding
from workers.learning.folding import NEAR, FoldedIn
from workers.learning.search import OF_FOLD_IN

ITEMS, SIZE = 60, 8


def member(fold_in, items=ITEMS, size=SIZE, turn=1.0):
    """`turn`: how long the vectors are in each direction."""
    chance = np.random.default_rng(3)
    vectors = (chance.normal(size=(items, size)) * turn).astype(np.float32)
    return Vectors.of(vectors, chance.normal(size=items).astype(np.float32), fold_in)


def past(length, seed, items=ITEMS):
    chance = np.random.default_rng(seed)
    touched = chance.choice(items, length, replace=False)
    ages = np.sort(chance.random(length) * 90).astype(np.float32)
    return Past(touched, (1 + chance.integers(0, 4, length)).astype(np.float32) / 4, ages - ages[0])


def exact(known, one, recency):
    """The closed form of one visitor, in double precision."""
    fold_in, vectors = known.fold_in, known.vectors.astype(np.float64)
    liked, weights = vectors[one.items], one.weights(recency).astype(np.float64)
    shared = fold_in.unseen * vectors.T @ vectors + fold_in.ridge * np.eye(vectors.shape[1])
    return np.linalg.solve(shared + liked.T @ (weights[:, None] * liked), weights @ liked)


@settings(max_examples=60)
@given(
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=8),
    fold_in=st.builds(
        FoldIn,
        st.sampled_from([1.0, 10.0, 300.0]),
        st.sampled_from([0.0, 0.01, 1.0]),
        st.sampled_from([0.0, 0.3]),
    ),
    recency=st.sampled_from([Recency(), Recency(days=14, places=20), Recency(places=5)]),
)
def test_everybody_gets_the_scores_that_they_would_get_alone(lengths, fold_in, recency):
    known = member(fold_in)
    pasts = [past(length, seed) for seed, length in enumerate(lengths)]

    together = FoldedIn.of(known, recency)(pasts)

    for row, one in zip(together, pasts, strict=True):
        alone = standardise(known.scores(one.items, one.weights(recency)))
        np.testing.assert_allclose(row, alone, atol=2e-3)


def test_a_faint_taste_counts_as_much_as_a_strong_one():
    known, one = member(FoldIn(3000.0)), past(4, 2)
    faint = Past(one.items, one.strengths * np.float32(1e-4), one.ages)

    strong, weak = FoldedIn.of(known, Recency())([one, faint])

    np.testing.assert_allclose(strong, weak, atol=2e-3)


def far_off(folded, known, pasts):
    """How far each taste lies from its closed form, in its lengths."""
    for row, one in zip(folded.tastes(pasts), pasts, strict=True):
        solution = exact(known, one, folded.recency) @ folded.root
        yield np.linalg.norm(row - solution) / np.linalg.norm(solution)


LEAST, MOST = (
    FoldIn(OF_FOLD_IN["ridge"][end], OF_FOLD_IN["unseen"][end]) for end in (0, 1)
)  # that the search may try


@pytest.mark.parametrize("fold_in", [FoldIn(100.0, 0.0), FoldIn(1.0, 0.1), LEAST, MOST])
@pytest.mark.parametrize("recency", [Recency(), Recency(days=14, places=20)])
def test_a_taste_lies_as_near_to_its_solution_as_is_promised(fold_in, recency):
    known = member(fold_in, items=2000, size=64)
    pasts = [past(length, length, items=2000) for length in (1, 10, 50, 63, 64, 65, 300)]

    assert max(far_off(FoldedIn.of(known, recency), known, pasts)) < 1.1 * NEAR


@settings(max_examples=60)
@given(
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=8),
    fold_in=st.builds(FoldIn, st.floats(*OF_FOLD_IN["ridge"]), st.floats(*OF_FOLD_IN["unseen"])),
    recency=st.builds(Recency, st.floats(0.5, 3650), st.floats(1, 3650)),
    flat=st.floats(0.01, 1),
)
def test_so_it_does_whatever_the_search_may_choose(lengths, fold_in, recency, flat):
    """Vectors that are `flat` in half of the directions: some items are much alike."""
    known = member(fold_in, turn=np.where(np.arange(SIZE) < SIZE / 2, 1, flat))
    pasts = [past(length, seed) for seed, length in enumerate(lengths)]

    assert max(far_off(FoldedIn.of(known, recency), known, pasts)) < 1.1 * NEAR


def test_whom_few_steps_do_not_bring_near_is_solved_alone(monkeypatch):
    monkeypatch.setattr(folding, "STEPS", 2)
    known, recency = member(FoldIn(0.3, 0.001), items=2000, size=64), Recency()
    hard = past(300, 4, items=2000)

    scores = FoldedIn.of(known, recency)([hard, past(1, 5, items=2000)])[0]

    alone = standardise(known.vectors @ exact(known, hard, recency))
    np.testing.assert_allclose(scores, alone, atol=1e-3)


def test_whoever_is_hard_to_solve_goes_on_when_the_others_are_done():
    """The weights of the others fade so fast that one item is all they have."""
    known, recency = member(LEAST, items=2000, size=64), Recency(days=0.5)
    now = np.zeros(50, np.float32)
    hard = Past(past(50, 4, items=2000).items, np.ones(50, np.float32), now)
    pasts = [*(past(50, seed, items=2000) for seed in range(9)), hard]

    assert max(far_off(FoldedIn.of(known, recency), known, pasts)) < 1.1 * NEAR


def test_nobody_is_solved_otherwise_beside_somebody_who_had_more_items_than_vectors_are_wide():
    folded = FoldedIn.of(member(LEAST, items=2000, size=64), Recency())
    one, longer = past(60, 1, items=2000), past(70, 2, items=2000)

    np.testing.assert_array_equal(folded.tastes([one, longer])[0], folded.tastes([one])[0])


def test_it_does_not_matter_beside_whom_somebody_is_solved():
    folded = FoldedIn.of(member(FoldIn(1.0, 0.01)), Recency(days=14))
    one, others = past(5, 1), [past(length, length) for length in (30, 3, 12)]

    beside = folded([others[0], one, *others[1:]])[1]

    np.testing.assert_allclose(beside, folded([one])[0], atol=1e-5)


def test_of_whom_nothing_is_known_nothing_is_said():
    nobody = Past(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))

    scores = FoldedIn.of(member(FoldIn(10.0)), Recency())([nobody, past(3, 1)])

    assert not scores[0].any()
    assert scores[1].any()
