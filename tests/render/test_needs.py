"""What a page view reads of its visitor: only what its slots, and the release's conditions, ask."""

import pytest

from personalization import clock
from personalization.blocks.files import shipped_blocks
from personalization.collect.consent import choose
from personalization.collect.ingest import ingest
from personalization.profiles.reading import read_visitor
from personalization.publish.freeze import freeze
from personalization.render.needs import needs_of
from personalization.targeting import documents
from rules.purposes import ALL_PURPOSES
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

VIEWED = {"field": "type", "operator": "=", "value": "view"}
BROWSER = {
    "field": "events",
    "operator": "=",
    "match": {"mode": "some"},
    "value": {"combinator": "and", "rules": [VIEWED]},
}


@pytest.fixture
def needed(site, hero):  # noqa: F811
    """What a page with this slot needs, as the drafts stand."""
    return lambda *slots: needs_of(freeze(site, 1), slots or ("home.hero",))


def test_plain_words_need_no_behaviour_and_no_personal_trait(needed):
    assert not needed().behaviour
    assert not needed().personal


def test_a_condition_over_events_needs_them_on_every_page(site, needed):
    rule = {"key": "r", "slot": "home.hero", "content": "plain"}
    condition = {"combinator": "and", "rules": [BROWSER]}
    documents.save_rule(site, {**rule, "condition": condition}, by="test")

    assert needed().behaviour
    assert needed("somewhere.else").behaviour


def test_what_workers_found_is_read_where_a_condition_or_a_text_asks_for_it(site, needed):
    assert not needed().scores

    likely = {"field": "propensity_buy", "operator": ">=", "value": 0.5}
    rule = {"key": "r", "slot": "home.hero", "content": "plain"}
    condition = {"combinator": "and", "rules": [likely]}
    documents.save_rule(site, {**rule, "condition": condition}, by="test")

    assert needed().scores
    assert needed("somewhere.else").scores
    assert not needed().behaviour


def test_a_carousel_needs_behaviour_where_it_stands(site, needed):
    fields = {"en": dict(shipped_blocks()["product_carousel"].example)}
    carousel = {"key": "for-you", "block": "product_carousel", "fields": fields}
    documents.save_content(site, carousel, by="test")
    documents.save_slot(site, {"key": "home.carousel", "default": "for-you"}, by="test")

    assert needed("home.carousel").behaviour
    assert not needed("home.hero").behaviour


def test_what_is_not_needed_is_unknown_rather_than_empty(site, needed):
    choose(site, "v1", purposes=ALL_PURPOSES, policy="p", source="test")
    event = {"id": "e1", "type": "view", "visitor": "v1", "item": "boot"}
    ingest(site, [{**event, "at": clock.now().isoformat()}], trusted=True)

    seen = read_visitor(site, "v1", now=clock.now(), needs=needed())

    assert seen.facts["visits"] == 1
    assert "events" not in seen.facts
    assert seen.signals == ()
