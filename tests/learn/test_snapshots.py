"""A snapshot is what pages use: numbered, checked, replaced at once."""

from datetime import timedelta

import pytest

from personalization import conf
from personalization.catalog.models import Item
from personalization.clock import now
from personalization.learn import artefacts, live, registry
from personalization.learn.arrays import pack
from personalization.learn.artefacts import Tampered
from personalization.learn.models import LearnedSnapshot
from personalization.learn.registry import Trained
from personalization.learn.serving import Serving
from personalization.learn.snapshots import KEPT, refresh


def trained(keys=("lamp", "vase"), ndcg=0.5, popularity=0.1, **more):
    about = {"format": 1, "keys": list(keys), "serving": Serving({"popular": 1.0}).to_document()}
    import numpy as np

    return Trained(
        family="test",
        content=pack({"popular": np.arange(len(keys), dtype=np.float32)}, about),
        parameters={},
        metrics={"model": {"ndcg": ndcg}, "popularity": {"ndcg": popularity}, "k": 10, **more},
        fingerprint="f",
        counts={"events": 100},
        seconds=1.0,
    )


def spoil(path):
    file = conf.data_dir() / path
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_pages_get_the_items_and_what_is_popular(site, catalogue, acts):
    catalogue("lamp", "vase", category="home", price=1999, currency="EUR", tags=["red"])
    acts("a", "vase")

    snapshot = refresh(site)
    found = live.learned(site.pk, snapshot.number)

    assert found.items["lamp"].price == 1999
    assert found.items["lamp"].tags == ("red",)
    assert [one.item for one in found.popular] == ["vase", "lamp"]
    assert found.ranker is None


def test_pages_know_what_is_new_what_is_back_and_what_is_little_known(site, catalogue, acts):
    catalogue("lamp", "vase", "rug")
    acts("a", "vase")
    moment = now()
    Item.objects.filter(key="rug").update(created_at=moment + timedelta(days=1))
    Item.objects.filter(key="lamp").update(restocked_at=moment)

    found = live.learned(site.pk, refresh(site).number)

    assert found.arrived[0].item == "rug"
    assert [(each.item, each.score) for each in found.restocked] == [("lamp", moment.timestamp())]
    assert found.unknown == ("lamp", "rug", "vase")


def test_a_refresh_raises_number_and_revision_and_goes_live(site, catalogue):
    catalogue("lamp")
    first, second = refresh(site), refresh(site)
    before = site.revision
    site.refresh_from_db()

    assert (first.number, second.number, site.live_learned) == (1, 2, 2)
    assert site.revision > before


def test_only_the_last_few_snapshots_are_kept(site, catalogue):
    catalogue("lamp")
    for _ in range(KEPT + 2):
        refresh(site)

    folder = conf.data_dir() / "learned" / site.key
    kept = set(map(str, range(3, KEPT + 3)))
    assert {child.name for child in folder.iterdir()} == kept
    assert set(map(str, LearnedSnapshot.objects.values_list("number", flat=True))) == kept


def test_a_snapshot_is_read_once(site, catalogue, django_assert_num_queries):
    catalogue("lamp")
    number = refresh(site).number
    first = live.learned(site.pk, number)

    with django_assert_num_queries(0):
        assert live.learned(site.pk, number) is first


def test_the_promoted_model_ranks(site, catalogue):
    catalogue("lamp", "vase")
    registry.promote(registry.register(site, trained()), by="anna")

    found = live.learned(site.pk, refresh(site).number)

    assert found.model == "test 1"
    assert found.ranker is not None


def test_a_snapshot_whose_bytes_changed_is_refused_and_the_one_before_stays(site, catalogue):
    catalogue("lamp")
    before = live.learned(site.pk, refresh(site).number)
    catalogue("vase")
    snapshot = refresh(site)
    spoil(f"{snapshot.artefact}/snapshot.json")

    assert live.learned(site.pk, snapshot.number) is before


def test_a_model_whose_bytes_changed_is_refused_and_the_one_before_stays(site, catalogue):
    catalogue("lamp", "vase")
    registry.promote(registry.register(site, trained()), by="anna")
    before = live.learned(site.pk, refresh(site).number)
    worse = registry.promote(registry.register(site, trained()), by="anna")
    snapshot = refresh(site)
    spoil(f"{worse.artefact}/model.npz")

    assert live.learned(site.pk, snapshot.number) is before


def test_with_a_changed_model_and_nothing_before_popularity_serves(site, catalogue):
    catalogue("lamp", "vase")
    model = registry.promote(registry.register(site, trained()), by="anna")
    snapshot = refresh(site)
    spoil(f"{model.artefact}/model.npz")

    found = live.learned(site.pk, snapshot.number)

    assert found.ranker is None
    assert [one.item for one in found.popular] == ["lamp", "vase"]


def test_nothing_is_learnt_before_the_first_snapshot(site):
    assert live.learned(site.pk, None).items == {}


def test_a_changed_model_is_not_promoted(site):
    model = registry.register(site, trained())
    spoil(f"{model.artefact}/model.npz")

    with pytest.raises(Tampered, match="train again"):
        registry.promote(model, by="anna")
    assert registry.promoted(site) is None


def test_a_folder_is_whole_or_absent():
    with pytest.raises(TypeError):
        artefacts.write("half/1", {"good": b"1", "bad": "text"})

    assert not (conf.data_dir() / "half" / "1").exists()
