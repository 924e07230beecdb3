"""A training run on a site: consent, determinism, honest figures, and a sentence at the end."""

import sys

import numpy as np
import pytest

from personalization import conf
from personalization.clock import now
from personalization.collect.models import Event
from personalization.govern.purposes import ALL_BITS, TRAINING
from personalization.learn import live, registry
from personalization.learn.arrays import unpack
from personalization.learn.models import ModelVersion
from personalization.profiles.models import Profile
from rules.types import Signal
from tests.workers.shop import shop_of_camps
from tests.workers.tastes import N_ITEMS, camp_of
from workers.learning.events import read_study
from workers.learning.training import train
from workers.training import lightfm_hybrid


def quiet(_sentence):
    pass


@pytest.fixture
def shop(site):
    return shop_of_camps(site)


def test_a_run_ends_with_a_model_in_use_that_beats_popularity(shop):
    report = train(shop, seed=1, say=quiet)

    metrics = report.model.metrics
    assert report.is_promoted
    assert metrics["model"]["ndcg"] > metrics["popularity"]["ndcg"]
    named = {"precision", "recall", "f1", "map", "ndcg", "mrr", "coverage", "novelty"}
    assert set(metrics["model"]) == named | {"visitors", "intervals"}
    low, high = metrics["model"]["intervals"]["ndcg"]
    assert low < metrics["model"]["ndcg"] < high
    assert metrics["against"] is None  # there was no model before it
    assert report.model.counts["visitors"] == 60


def test_pages_rank_by_the_new_model(shop):
    train(shop, seed=1, say=quiet)
    shop.refresh_from_db()
    found = live.learned(shop.pk, shop.live_learned)
    clicks = [Signal(f"i{n:02}", "view", now()) for n in (8, 9, 10)]
    best = found.ranker.for_visitor(clicks, now(), 3, frozenset())

    assert {camp_of(int(one.item[1:])) for one in best} == {1}


def test_the_same_events_and_seed_give_the_same_sha256(shop):
    first, second = (train(shop, seed=5, say=quiet).model for _ in range(2))

    assert first.sha256 == second.sha256
    assert first.fingerprint == second.fingerprint
    assert first.artefact != second.artefact


def test_another_seed_gives_another_model(shop):
    assert (
        train(shop, seed=1, say=quiet).model.sha256 != train(shop, seed=2, say=quiet).model.sha256
    )


def test_only_events_with_training_then_and_now_are_read(shop):
    before = len(read_study(shop).interactions)
    Event.objects.filter(profile__key="p0").update(purposes=ALL_BITS - TRAINING)
    Profile.objects.filter(key="p1").update(purposes=ALL_BITS - TRAINING)

    study = read_study(shop)

    gone = Event.objects.filter(profile__key__in=["p0", "p1"]).count()
    assert len(study.interactions) == before - gone
    assert study.counts()["visitors"] == 58


def test_rows_are_in_the_order_of_time_and_then_id_before_visitors_get_numbers(shop):
    Event.objects.update(at=0)

    study = read_study(shop)

    first_seen = list(dict.fromkeys(study.interactions.visitors.tolist()))
    assert first_seen == sorted(first_seen)
    assert list(study.names) == list(
        dict.fromkeys(Event.objects.order_by("id").values_list("profile_id", flat=True))
    )


def test_too_little_data_is_told_and_popularity_serves(site):
    report = train(site, seed=1, say=quiet)
    site.refresh_from_db()

    assert report.model is None
    assert "Popularity serves" in report.sentence
    assert site.live_learned == 1
    assert not ModelVersion.objects.exists()


def test_without_lightfm_the_others_train_and_it_says_what_is_missing(shop, monkeypatch):
    monkeypatch.setitem(sys.modules, "lightfm", None)
    said = []

    report = train(shop, seed=1, say=said.append)

    assert lightfm_hybrid.MISSING in said
    assert report.model.family == "co-visitation"
    assert report.is_promoted


def test_the_next_model_is_judged_beside_the_live_one_by_what_came_since(shop):
    """The live model knew nothing of what everybody turned to after it was trained."""
    live = train(shop, seed=1, say=quiet).model
    newest = Event.objects.filter(site=shop).order_by("-at").first().at
    Event.objects.bulk_create(
        Event(
            site=shop,
            event=f"later{profile.pk}-{n}",
            profile=profile,
            type="view",
            item=f"i{(int(profile.key[1:]) * 7 + n) % N_ITEMS:02}",
            at=newest + (n + 1) * 1_000_000,
            received=newest,
            purposes=ALL_BITS,
        )
        for profile in Profile.objects.filter(site=shop)
        for n in range(4)
    )

    against = train(shop, seed=1, say=quiet).model.metrics["against"]

    assert against["model"] == live.number
    found = against["groups"]["everyone"]
    assert found["visitors"] >= 50
    assert found["low"] <= found["ndcg"] <= found["high"]


def test_the_same_events_again_bring_no_new_model_to_pages(shop):
    live = train(shop, seed=1, say=quiet).model

    report = train(shop, seed=1, say=quiet)

    assert not report.is_promoted
    assert registry.promoted(shop) == live


def test_the_artefact_holds_items_and_no_visitor(shop):
    model = train(shop, seed=1, say=quiet).model
    content = (conf.data_dir() / model.artefact / registry.FILE).read_bytes()
    arrays, about = unpack(content)

    assert about["keys"] == [f"i{n:02}" for n in range(N_ITEMS)]
    assert all(60 not in array.shape for array in arrays.values())
    assert arrays["vectors"].dtype == np.float32
    assert not [name for name in arrays if "user" in name or "grad" in name]
    assert "p59" not in repr(about)
