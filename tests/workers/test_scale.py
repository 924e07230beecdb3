"""What a large shop gets: bounded work by rules, here with the bounds set low."""

import numpy as np
import pytest

from personalization.learn.models import ModelVersion
from personalization.report.model_words import who_gets_what
from tests.workers.shop import shop_of_camps
from tests.workers.tastes import camps
from workers.learning import choices, study
from workers.learning.events import read_study
from workers.learning.training import train
from workers.training.interactions import sampled
from workers.training.linear import Linear

EVENTS = camps(likes=7)


def test_of_too_many_events_the_newest_are_read(site, monkeypatch):
    shop_of_camps(site)
    monkeypatch.setattr(study, "MOST_EVENTS", 100)

    rows = read_study(site).interactions

    assert rows.at.tolist() == EVENTS.at[-100:].tolist()


def test_a_sample_holds_whole_visitors_and_no_more_than_it_may():
    some = sampled(EVENTS, 200, seed=1)

    assert 150 < len(some) <= 200
    assert set(np.bincount(some.visitors)) == {0, 7}
    assert (np.diff(some.at) >= 0).all()
    assert sampled(EVENTS, 200, seed=1).visitors.tolist() == some.visitors.tolist()
    assert sampled(EVENTS, len(EVENTS), seed=1) is EVENTS


def test_a_large_shop_chooses_by_a_sample_and_learns_from_all(site, monkeypatch):
    shop_of_camps(site)
    monkeypatch.setattr(choices, "MOST_EVENTS", 250)
    model = train(site, seed=1, say=lambda _: None).model

    assert model.parameters["sampled"]
    assert model.counts["events"] == len(EVENTS)
    assert "Its weights were chosen by a sample of visitors" in " ".join(who_gets_what(model))


def test_the_page_of_a_small_shop_does_not_speak_of_size(site):
    shop_of_camps(site)
    said = " ".join(who_gets_what(train(site, seed=1, say=lambda _: None).model))

    assert "placed by how they are described" in said
    assert "sample" not in said
    assert "nearest to it" not in said


@pytest.mark.parametrize(("items", "is_said"), [(8000, False), (8001, True)])
def test_the_page_says_by_which_form_all_items_are_weighed(site, items, is_said):
    linear = {"closed": Linear().closed, "nearest": Linear().nearest}
    model = ModelVersion(
        site=site,
        number=1,
        parameters={"trainers": {"linear": linear}, "validation": {"linear": 0.1}},
        counts={"items_with_events": items},
    )

    assert ("nearest to it" in " ".join(who_gets_what(model))) is is_said
