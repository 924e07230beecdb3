"""What is chosen on the validation tail: never worse than the best single member, and honest."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from personalization.learn.describing import ItemText
from personalization.learn.ranker import ArrayRanker
from personalization.learn.serving import Serving
from tests.workers.tastes import N_ITEMS, camp_of, camps
from workers.learning.audience import Audience, pasts_by_visitor
from workers.learning.choices import USUAL_BLEND, choose
from workers.learning.describing import describe_items
from workers.training.metrics import measure
from workers.training.split import temporal

FEATURES = describe_items([ItemText(f"thing {n}", f"camp {camp_of(n)}") for n in range(N_ITEMS)])
KEYS = [f"i{n}" for n in range(N_ITEMS)]


def chosen(interactions, memory=None):
    return choose(interactions, FEATURES, seed=1, memory=memory, say=lambda _: None)


def test_the_blend_is_never_worse_than_its_best_member():
    validation = dict(chosen(camps(likes=7)).validation)
    blend = validation.pop("blend")

    assert len(validation) == 7
    assert blend >= max(validation.values())


def test_with_too_few_to_judge_by_the_usual_blend_serves():
    few = chosen(camps(visitors=12, likes=7))

    assert few.validation == {}
    assert few.serving.blend == USUAL_BLEND


def test_without_lightfm_the_other_members_are_chosen(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightfm", None)

    found = chosen(camps(likes=7))

    assert "vectors" not in found.serving.blend
    assert "vectors" not in found.fit(camps(), seed=1)


def test_a_serving_survives_its_document():
    serving = chosen(camps(likes=7)).serving

    assert Serving.from_document(serving.to_document()) == serving


def test_the_audience_scores_lists_as_pages_show_them():
    """Its NDCG over a matrix equals the metric over the ranker's own lists."""
    split = temporal(camps(likes=7), 0.25, seed=1)
    choices = chosen(split.past)
    ranker = ArrayRanker.of(choices.fit(split.past, seed=1), KEYS, choices.serving)
    audience = Audience.of(split, memory=None)
    pasts = pasts_by_visitor(split.past)
    lists, matrix = [], []
    for visitor in audience.visitors:
        scores = ranker.blended(pasts[visitor])
        seen = frozenset(KEYS[item] for item in pasts[visitor].items)
        lists.append([ranker.positions[one.item] for one in ranker.best(scores, 10, seen)])
        matrix.append(scores)

    shown = measure(lists, audience.right, 10)
    assert audience.ndcg(np.array(matrix)) == pytest.approx(shown.mean("ndcg"))


def test_what_was_seen_before_is_never_right():
    events = camps(likes=7)
    again = replace(events, items=np.zeros_like(events.items))

    assert len(Audience.of(temporal(again, 0.25, seed=1), memory=None)) == 0


def test_of_many_visitors_the_latest_judge():
    events = camps(visitors=900, likes=7)
    audience = Audience.of(temporal(events, 0.25, seed=1), memory=None, share=0.5)

    assert len(audience) == 450
    assert min(audience.visitors) == 450  # visitor n of a camp acts n seconds after the first


def test_pages_remember_only_the_newest_events():
    audience = Audience.of(temporal(camps(likes=7), 0.25, seed=1), memory=2)

    assert {len(past.items) for past in audience.pasts} == {2}


@pytest.mark.parametrize("name", ["popular", "alike", "follows", "linear", "vectors"])
def test_a_batch_of_visitors_scores_as_pages_score_each(name):
    split = temporal(camps(likes=7), 0.25, seed=1)
    choices = chosen(split.past)
    alone = replace(choices.serving, blend={name: 1.0})
    ranker = ArrayRanker.of(choices.fit(split.past, seed=1), KEYS, alone)
    audience = Audience.of(split, memory=None)

    batch = audience.scores(ranker.members[name], alone.recency[name])

    for row, past in zip(batch, audience.pasts, strict=True):
        np.testing.assert_allclose(row, ranker.blended(past), atol=1e-4)
