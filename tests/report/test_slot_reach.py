"""The reach of a slot as drafted, over visitors of the database; kept for a minute."""

import pytest
from django.core.cache import cache

from personalization.exceptions import Malformed
from personalization.profiles.models import Profile
from personalization.report.slot_reach import slot_reach
from personalization.targeting import documents
from personalization.targeting.models import Content
from tests.summaries import summarized
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures


def often(times):
    rule = {"field": "visits", "operator": ">=", "value": times}
    return {"combinator": "and", "rules": [rule]}


@pytest.fixture
def visitors(site):
    """Eighty visitors who came once, and eighty who came nine times."""
    cache.clear()
    rows = [
        Profile(
            site=site,
            key=f"v{n}",
            key_id="k",
            sealed_id=b"",
            purposes=15,
            first_seen=1,
            last_seen=n + 1,
            visits=9 if n % 2 else 1,
        )
        for n in range(160)
    ]
    summarized(Profile.objects.bulk_create(rows))


def save(site, key, **more):
    rule = {"key": key, "slot": "home.hero", "content": "plain", **more}
    return documents.save_rule(site, rule, by="test")


def test_drafts_are_asked_without_being_published(site, hero, visitors):  # noqa: F811
    save(site, "regulars", condition=often(5))
    save(site, "everyone")
    save(site, "last")

    found = slot_reach(site, "home.hero")

    shares = {key: each.share for key, each in found.reach.rules.items()}
    assert shares == {"regulars": "50 %", "everyone": "50 %", "last": "0 %"}
    assert found.hidden == {"last": "everyone"}


def test_the_same_drafts_are_asked_once_a_minute(
    site,
    hero,  # noqa: F811
    visitors,
    django_assert_max_num_queries,
):
    save(site, "everyone")
    first = slot_reach(site, "home.hero")
    Profile.objects.all().delete()

    with django_assert_max_num_queries(15):
        assert slot_reach(site, "home.hero") == first
    save(site, "more", cap=3)
    assert slot_reach(site, "home.hero").reach.sample == "0"


def test_rules_of_a_campaign_that_is_off_are_left_out(site, hero, visitors):  # noqa: F811
    documents.save_campaign(site, {"key": "xmas", "enabled": False}, by="test")
    save(site, "gift", campaign="xmas")
    save(site, "rest")

    found = slot_reach(site, "home.hero").reach.rules

    assert {key: each.share for key, each in found.items()} == {"rest": "100 %"}


def test_what_only_a_page_view_knows_is_named(site, hero, visitors):  # noqa: F811
    german = {"field": "country", "operator": "=", "value": "DE"}
    save(site, "germany", condition={"combinator": "and", "rules": [german]})

    assert slot_reach(site, "home.hero").of_the_page == {"germany": ("country",)}


def test_a_broken_draft_elsewhere_does_not_stand_in_the_way(site, hero, note, visitors):  # noqa: F811
    documents.save_slot(site, {"key": "side", "default": note("other").key}, by="test")
    Content.objects.filter(key="other").update(block="gone")

    assert slot_reach(site, "home.hero").reach.default == "100 %"
    with pytest.raises(Malformed):
        slot_reach(site, "side")
