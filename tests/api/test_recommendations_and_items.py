"""Feeding items, and asking for suggestions."""

import pytest

from personalization.catalog.models import Item
from personalization.learn import snapshots
from personalization.publish import live

TENT = {
    "item": "tent-1",
    "title": "Tent",
    "category": "tents",
    "price": 199.9,
    "currency": "EUR",
    "tags": ["light"],
    "url": "/p/tent-1",
    "image": "/m/tent-1.svg",
    "text": "Stands.",
    "available": True,
    "attributes": {"persons": 2},
}


@pytest.fixture
def shelf(call, site):
    """Three items that suggestions may name."""
    items = [{**TENT, "item": f"tent-{number}"} for number in range(3)]
    call("POST", "catalog/items", {"items": items})
    snapshots.refresh(site)
    live.expire(site.pk)


def test_items_are_made_changed_and_left_as_they_are(call):
    first = call("POST", "catalog/items", {"items": [TENT]}).document
    again = call("POST", "catalog/items", {"items": [TENT]}).document
    changed = call("POST", "catalog/items", {"items": [{**TENT, "price": 99}]}).document

    assert (first["created"], again["unchanged"], changed["updated"]) == (1, 1, 1)
    assert Item.objects.get().price == 9900


def test_a_bad_item_is_rejected_by_its_index_and_the_others_are_taken(call):
    bad = {**TENT, "item": "tent-2", "price": -1}

    answer = call("POST", "catalog/items", {"items": [bad, TENT]})

    assert answer.status_code == 200
    assert [each["index"] for each in answer.document["rejected"]] == [0]
    assert Item.objects.get().key == "tent-1"


def test_a_publishable_key_feeds_nothing(call):
    assert call("POST", "catalog/items", {"items": [TENT]}, key="pk").status_code == 403


@pytest.mark.parametrize("strategy", ["for_you", "popular", "trending", "recent"])
def test_a_stranger_is_told_what_is_popular(call, shelf, strategy):
    answer = call("GET", f"recommendations?strategy={strategy}&limit=2", key="pk")

    assert answer.status_code == 200
    assert set(answer.document) == {"strategy", "model", "items"}
    assert answer.document["strategy"] == strategy
    assert len(answer.document["items"]) == 2
    assert set(answer.document["items"][0]) == {"item", "title", "url", "reason"}


def test_scores_are_for_servers_only(call, shelf):
    assert "score" in call("GET", "recommendations").document["items"][0]


def test_the_item_of_the_page_is_not_suggested(call, shelf):
    found = call("GET", "recommendations?strategy=similar&item=tent-1", key="pk").document["items"]

    assert "tent-1" not in {each["item"] for each in found}


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("strategy=magic", "strategy"),
        ("limit=0", "limit"),
        ("limit=49", "limit"),
        ("limit=%D9%A3", "limit"),
        ("colour=red", "colour"),
        ("item=%00", "item"),
        ("visitor=", "visitor"),
    ],
)
def test_a_wrong_parameter_is_named(call, query, path):
    answer = call("GET", f"recommendations?{query}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.document["errors"][0]["path"] == path
