"""A training run on Spark: consent, pseudonyms, the same model again, and pages that use it."""

import pyarrow.parquet as pq
import pytest

from personalization.clock import now
from personalization.collect.models import Event
from personalization.govern.purposes import ALL_BITS, TRAINING
from personalization.learn import artefacts, live
from personalization.profiles.models import Profile
from rules.types import Signal
from tests.workers.shop import shop_of_camps
from tests.workers.tastes import camp_of
from workers.learning import spark_training
from workers.learning.events import read_items
from workers.learning.spark_export import Pseudonyms, write
from workers.learning.spark_training import Export
from workers.learning.training import enter

pytestmark = pytest.mark.django_db


def quiet(_sentence):
    pass


@pytest.fixture
def shop(site):
    return shop_of_camps(site)


@pytest.fixture
def learnt(spark, shop, tmp_path):
    """Learn from the shop as it stands, under new pseudonyms."""

    def learn(name="events"):
        export = Export(read_items(shop), Pseudonyms(), tmp_path / f"{name}.parquet")
        write(shop, export.items, export.pseudonyms, export.file)
        return spark_training.learn(spark, shop, export, seed=1, say=quiet)

    return learn


def exported(site, file, key):
    write(site, read_items(site), Pseudonyms(key), file)
    return pq.read_table(file)


def test_a_run_ends_with_a_model_that_pages_use_and_gives_the_same_bytes_again(shop, learnt):
    shop.audited = ["visits"]
    shop.save()
    trained = learnt()
    report = enter(shop, trained)

    model = report.model
    assert report.is_promoted
    assert model.family == model.parameters["engine"] == "spark"
    assert model.parameters["trainers"]["factors"]["rounds"] == 12
    assert model.metrics["model"]["ndcg"] > model.metrics["popularity"]["ndcg"]
    assert model.counts == {"events": 420, "visitors": 60, "items": 24, "items_with_events": 24}
    assert "visits" in model.metrics["audit"]["attributes"]
    assert sum(model.metrics["mix"].values()) == pytest.approx(1, abs=1e-5)

    shop.refresh_from_db()
    ranker = live.learned(shop.pk, shop.live_learned).ranker
    clicks = [Signal(f"i{n:02}", "view", now()) for n in (8, 9, 10)]
    best = ranker.for_visitor(clicks, now(), 3, frozenset())
    assert {camp_of(int(one.item[1:])) for one in best} == {1}
    assert camp_of(int(ranker.similar("i00", 1, frozenset())[0].item[1:])) == 0
    assert ranker.bought_together("i00", 1, frozenset())

    again = learnt("again")
    assert artefacts.digest_of(again.content) == model.sha256
    assert again.fingerprint == model.fingerprint


def test_who_took_training_back_leaves_the_export_as_if_they_had_never_come(shop, tmp_path):
    key = b"k" * 32
    whole = exported(shop, tmp_path / "whole", key)
    Event.objects.filter(profile__key="p0").update(purposes=ALL_BITS - TRAINING)
    Profile.objects.filter(key="p1").update(purposes=ALL_BITS - TRAINING)
    withdrawn = exported(shop, tmp_path / "withdrawn", key)
    Event.objects.filter(profile__key__in=["p0", "p1"]).delete()
    exported(shop, tmp_path / "never", key)

    assert whole.num_rows - withdrawn.num_rows == 14
    assert (tmp_path / "withdrawn").read_bytes() == (tmp_path / "never").read_bytes()


def test_the_export_names_no_visitor_and_the_next_one_names_them_differently(shop, tmp_path):
    first, second = (
        set(exported(shop, tmp_path / name, name.ljust(32).encode())["visitor"].to_pylist())
        for name in ("first", "second")
    )
    ids = set(Profile.objects.values_list("pk", flat=True))

    assert len(first) == len(second) == 60
    assert first.isdisjoint(second)
    assert ids.isdisjoint(first | second)


def test_too_little_is_told_before_spark_starts(site):
    report = spark_training.train(site, seed=1, say=quiet)

    assert report.model is None
    assert "Popularity serves" in report.sentence
