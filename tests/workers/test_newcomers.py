"""An item that joins after a training finds its place by its metadata; nothing is trained."""

import numpy as np
import pytest
from django.core.management import call_command

from personalization import conf
from personalization.catalog.models import Item
from personalization.clock import now
from personalization.learn import live, newcomers, registry
from personalization.learn.arrays import unpack
from personalization.learn.newcomers import extended
from personalization.learn.snapshots import refresh
from rules.types import Item as Shown
from rules.types import Signal
from tests.workers.shop import shop_of_camps
from tests.workers.tastes import CAMPS, camp_of
from workers.learning.training import train


@pytest.fixture
def shop(site):
    shop_of_camps(site)
    train(site, seed=1, say=lambda _: None)
    return site


def joins(site, key, camp, **more):
    return Item.objects.create(site=site, key=key, title="thing", category=f"camp {camp}", **more)


def ranker_now(site):
    refresh(site)
    site.refresh_from_db()
    return live.learned(site.pk, site.live_learned).ranker


def clicks(*keys):
    return [Signal(key, "view", now()) for key in keys]


@pytest.mark.parametrize("camp", range(CAMPS))
def test_it_is_similar_to_its_like_and_its_like_to_it(shop, camp):
    joins(shop, "new", camp)

    ranker = ranker_now(shop)

    near = ranker.similar("new", 3, frozenset())
    assert {camp_of(int(one.item[1:])) for one in near} == {camp}
    like = f"i{camp * 8:02}"
    assert "new" in {one.item for one in ranker.similar(like, 8, frozenset())}


def test_it_is_suggested_to_whom_its_metadata_suits_before_others(shop):
    for camp in range(CAMPS):
        joins(shop, f"new{camp}", camp)

    found = ranker_now(shop).for_visitor(clicks("i08", "i09", "i10"), now(), 30, frozenset())

    new = [one.item for one in found if one.item.startswith("new")]
    assert (new[0], len(new)) == ("new1", CAMPS)


def test_without_lightfm_it_is_placed_by_its_words_alone(site, monkeypatch):
    monkeypatch.setattr("workers.training.lightfm_hybrid.is_installed", lambda: False)
    shop_of_camps(site)
    train(site, seed=1, say=lambda _: None)
    joins(site, "new", 2)

    near = ranker_now(site).similar("new", 3, frozenset())

    assert {camp_of(int(one.item[1:])) for one in near} == {2}


def test_it_gets_the_vector_that_training_gives_an_item_without_events(site):
    """One item has no event: trained among the others, or joined later, it stands alike."""
    shop_of_camps(site)
    joins(site, "twin", 1)
    model = train(site, seed=1, say=lambda _: None).model
    content = (conf.data_dir() / model.artefact / registry.FILE).read_bytes()
    arrays, about = unpack(content)

    placed = newcomers.place(content, {"new": Shown("new", "thing", category="camp 1")}, ["new"])
    after, keys = extended(arrays, about["keys"], placed)

    assert keys[-1] == "new"
    for name in ("vectors", "biases"):
        np.testing.assert_allclose(after[name][-1], after[name][keys.index("twin")], atol=1e-6)
    assert not after["popular"][-1]


def test_nothing_joined_and_nothing_is_written_beside_the_snapshot(shop):
    assert not (conf.data_dir() / refresh(shop).artefact / "newcomers.npz").exists()


def test_of_very_many_newcomers_the_newest_find_a_place(shop, monkeypatch):
    monkeypatch.setattr(newcomers, "MOST", 1)
    joins(shop, "older", 0)
    joins(shop, "newer", 0)

    ranker = ranker_now(shop)

    assert ranker.similar("newer", 3, frozenset())
    assert not ranker.similar("older", 3, frozenset())


def test_changed_places_are_refused_and_the_snapshot_before_stays(shop):
    before = live.learned(shop.pk, refresh(shop).number)
    joins(shop, "new", 0)
    snapshot = refresh(shop)
    (conf.data_dir() / snapshot.artefact / "newcomers.npz").write_bytes(b"changed")

    assert live.learned(shop.pk, snapshot.number) is before


@pytest.mark.django_db(transaction=True)
def test_an_import_is_enough(site, tmp_path):
    shop_of_camps(site)
    train(site, seed=1, say=lambda _: None)
    (tmp_path / "items.csv").write_text("item,title,category\nnew,thing,camp 1\n", encoding="utf-8")

    call_command("import_items", tmp_path / "items.csv")
    assert "new" in {one.item for one in ranker_now(site).similar("i08", 8, frozenset())}
