"""`models`, `promote` and `recommend`, as a person types them."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from personalization import conf
from personalization.catalog.models import Item
from personalization.clock import now
from personalization.collect.ingest import ingest
from personalization.govern.models import AuditEntry
from personalization.govern.sites import make_site
from personalization.learn import registry
from personalization.learn.describing import ItemText
from personalization.learn.models import ModelVersion
from personalization.learn.registry import Trained
from personalization.learn.snapshots import refresh
from tests.workers.tastes import N_ITEMS, camp_of, camps
from workers.learning.study import Row, make_study
from workers.learning.training import learn

KEYS = [f"i{n:02}" for n in range(N_ITEMS)]


def said(command, *arguments, **options):
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def shop(site):
    """A catalogue of three camps and a model of sixty visitors' tastes, not yet in use."""
    Item.objects.bulk_create(
        Item(site=site, key=key, title=f"Thing {key}", category=f"camp {camp_of(n)}")
        for n, key in enumerate(KEYS)
    )
    events = camps(likes=7)
    rows = zip(events.visitors.tolist(), events.items.tolist(), events.at.tolist(), strict=True)
    study = make_study(
        {key: ItemText(key, f"camp {camp_of(n)}") for n, key in enumerate(KEYS)},
        [Row(who, KEYS[item], at, 1.0) for who, item, at in rows],
    )
    registry.register(site, learn(study, seed=1, say=lambda _: None))
    refresh(site)
    return site


def views(site, who, *items):
    at = now().isoformat()
    ingest(
        site,
        [
            {"id": f"{who}-{item}", "type": "view", "visitor": who, "at": at, "item": item}
            for item in items
        ],
        trusted=True,
    )


def test_models_shows_what_is_in_use(shop):
    assert "in use" not in said("models")

    said("promote", "1")

    assert "in use, promoted by command" in said("models")
    assert AuditEntry.objects.filter(action="model.promoted", actor="command").exists()


def test_models_of_a_new_site_says_how_to_make_one(site):
    assert "`train` makes one" in said("models")


def test_an_unknown_model_is_refused(shop):
    with pytest.raises(CommandError, match="no model 7"):
        said("promote", "7")


def test_promote_back_puts_the_model_before_in_use_again(shop):
    first = registry.promote(ModelVersion.objects.get(site=shop), by="test")
    content = (conf.data_dir() / first.artefact / registry.FILE).read_bytes()
    second = registry.register(shop, Trained("test", content, {}, {}, "f", {}, 1.0))
    said("promote", str(second.number))

    assert "1 is in use" in said("promote", back=True)
    assert registry.promoted(shop).number == 1
    with pytest.raises(CommandError, match="nothing to go back to"):
        said("promote", back=True)


@pytest.mark.parametrize("options", [{}, {"id": 1, "back": True}])
def test_promote_takes_a_number_or_back(shop, options):
    with pytest.raises(CommandError, match="Say which"):
        said("promote", **options)


def test_recommend_follows_what_the_visitor_looked_at(shop, visitor):
    said("promote", "1")
    visitor("anna")
    views(shop, "anna", "i08", "i09", "i10")

    lines = said("recommend", "anna", count=3).splitlines()

    assert "last 3 events" in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ["1", "2", "3"]
    assert {camp_of(int(line.split()[1][1:])) for line in lines[1:]} == {1}
    assert all(line.endswith("for_you") for line in lines[1:])


@pytest.mark.parametrize("purposes", [("analytics",), ("personalization", "training")])
def test_recommend_without_consent_shows_what_is_popular_and_says_so(shop, visitor, purposes):
    said("promote", "1")
    visitor("anna", *purposes)
    views(shop, "anna", "i08", "i09", "i10")

    lines = said("recommend", "anna", count=3).splitlines()

    assert "did not allow" in lines[0]
    assert all(line.endswith("popular") for line in lines[1:])


def test_recommend_for_an_unknown_visitor_shows_what_is_popular(shop):
    assert "popular" in said("recommend", "nobody").splitlines()[0]


def test_recommend_before_any_model_says_so(shop, visitor):
    visitor("anna")
    views(shop, "anna", "i08")

    assert "No model is in use" in said("recommend", "anna")


def test_with_several_sites_one_must_be_named(shop):
    make_site(name="Other", origins=[], by="test")

    with pytest.raises(CommandError, match="Say which site"):
        said("models")
    assert said("models", site=shop.key)


@pytest.mark.parametrize("count", [0, -1, 49])
def test_recommend_says_how_many_items_it_shows(shop, count):
    with pytest.raises(CommandError, match="-n: ask for 1 to 48 items"):
        said("recommend", "anna", count=count)
