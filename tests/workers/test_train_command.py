"""`train` waits for its result, whoever does the work."""

import sys
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from personalization.catalog.models import Item
from personalization.collect.bulk import introduce_many
from personalization.collect.ingest import ingest
from personalization.learn import registry
from personalization.outbox import Job, after_commit
from rules.purposes import ALL_PURPOSES
from tests.workers.tastes import N_ITEMS, camp_of, camps
from workers.training.spark import needs

pytestmark = pytest.mark.django_db(transaction=True)


def train(**options):
    out = StringIO()
    call_command("train", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.fixture
def shop(site):
    """Visitors of three camps, through the front door."""
    Item.objects.bulk_create(
        Item(site=site, key=f"i{n}", title=f"thing {n}", category=f"camp {camp_of(n)}")
        for n in range(N_ITEMS)
    )
    events = camps(likes=7)
    everybody = [f"v{who}" for who in range(events.n_visitors)]
    introduce_many(site, everybody, purposes=ALL_PURPOSES, policy="p", source="test")
    rows = zip(events.visitors, events.items, events.at, strict=True)
    ingest(
        site,
        [
            {
                "id": f"e{n}",
                "type": "purchase",
                "visitor": f"v{who}",
                "item": f"i{item}",
                "at": f"2026-01-01T{int(at // 3600):02}:{int(at % 3600 // 60):02}:00Z",
            }
            for n, (who, item, at) in enumerate(rows)
        ],
        trusted=True,
    )
    return site


def test_train_ends_with_figures_and_a_model_in_use(shop):
    said = train()

    assert registry.promoted(shop).number == 1
    assert "NDCG@10" in said.upper()
    assert "popularity" in said
    assert said.strip().endswith("It is in use.")
    assert Job.objects.get(task="learn.train").state == Job.DONE


def test_a_seed_is_part_of_the_model(shop):
    train(seed=7)

    assert registry.promoted(shop).parameters["seed"] == 7


def test_an_attribute_that_nobody_declared_is_refused_with_those_there_are(shop):
    with pytest.raises(CommandError, match=r"no attribute “plan”.*visits, frequency, monetary"):
        train(reweight="plan")
    assert not Job.objects.filter(task="learn.train").exists()


def test_too_little_data_is_an_answer(site):
    assert "Popularity serves" in train()


def test_what_a_worker_did_meanwhile_is_the_result(shop, monkeypatch):
    """The job waits already under this name, and somebody finishes it first."""
    job = after_commit(
        "learn.train", unique=f"learn.train:{shop.pk}:1:None:local", site_id=shop.pk, seed=1
    )
    sentence = {"sentence": "Done elsewhere.", "metrics": {}}

    def finished_elsewhere(waiting, say=None):
        Job.objects.filter(pk=waiting.pk).update(state=Job.DONE, result=sentence)
        return False

    monkeypatch.setattr("workers.jobs.run_now", finished_elsewhere)

    assert train().strip() == "Done elsewhere."
    assert Job.objects.filter(task="learn.train").get() == job


def test_spark_is_refused_with_a_sentence_where_it_is_not_installed(site, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)

    with pytest.raises(CommandError, match="leave out --engine spark"):
        train(engine="spark")
    assert not Job.objects.filter(task="learn.train").exists()


@pytest.mark.parametrize("option", [{"reweight": "visits"}, {"trials": 5}], ids=str)
def test_what_spark_does_not_do_is_refused(site, option, monkeypatch):
    monkeypatch.setattr(needs, "missing", lambda: None)

    with pytest.raises(CommandError, match=f"leave out --{next(iter(option))}"):
        train(engine="spark", **option)


def test_a_failure_is_told(site, monkeypatch):
    def broken(_site, **_options):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("workers.learning.training.train", broken)

    with pytest.raises(CommandError, match="the disk is full"):
        train()
