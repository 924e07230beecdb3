"""Many visitors at once are folded in as each alone would be."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from personalization.learn.history import Past
from personalization.learn.members import Vectors, standardise
from personalization.learn.serving import FoldIn, Recency
from workers.learning.folding import FoldedIn

ITEMS, SIZE = 60, 8


def member(fold_in, seed=3):
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(ITEMS, SIZE)).astype(np.float32)
    return Vectors.of(vectors, chance.normal(size=ITEMS).astype(np.float32), fold_in)


def past(length, seed):
    chance = np.random.default_rng(seed)
    items = chance.choice(ITEMS, length, replace=False)
    ages = np.sort(chance.random(length) * 90).astype(np.float32)
    return Past(items, (1 + chance.integers(0, 4, length)).astype(np.float32) / 4, ages)


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


def test_of_whom_nothing_is_known_nothing_is_said():
    nobody = Past(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))

    scores = FoldedIn.of(member(FoldIn(10.0)), Recency())([nobody, past(3, 1)])

    assert not scores[0].any()
    assert scores[1].any()
