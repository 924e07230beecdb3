"""The form of a carousel: its filter, what is done by hand, and the list that it makes."""

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from personalization.catalog.models import Item
from personalization.learn.snapshots import refresh
from personalization.publish.freeze import freeze
from personalization.targeting import documents
from personalization.targeting.models import Content
from tests.studio.sent_forms import sent_by

CHEAP = {"combinator": "and", "rules": [{"field": "price", "operator": "<", "value": 20}]}
FIRST, SECOND = "2026-12-01T00:00", "2026-12-02T00:00"
OAK = {"combinator": "and", "rules": [{"field": "brand", "operator": "=", "value": "oak"}]}


@pytest.fixture
def shop(site):
    site.zone = "Europe/Berlin"
    site.save()
    for n, brand in enumerate(["oak", "elm", "oak", "ash"]):
        Item.objects.create(
            site=site,
            key=f"i{n}",
            title=f"Thing {n}",
            category="boots" if n % 2 else "hats",
            price=1000 * (n + 1),
            currency="EUR",
            attributes={"brand": brand, "depth": 3},
            tags=["sale"],
        )
    refresh(site)
    site.refresh_from_db()
    return site


@pytest.fixture
def content(shop):
    document = {
        "key": "row",
        "block": "product_carousel",
        "fields": {"en": {"heading": "For you", "strategy": "popular", "limit": 3}},
    }
    return documents.save_content(shop, document, by="test")


@pytest.fixture
def edit(colleague, content):
    """Open the form, change what is named, send it."""
    client = colleague("editor")
    where = reverse("admin:personalization_content_change", args=(content.pk,))

    def send(**changes):
        page = client.get(where).content.decode()
        sent = {**sent_by(page, "content_form"), **changes}
        answer = client.post(where, sent)
        content.refresh_from_db()
        return answer

    return send


def by_hand(number, do, value, of="item", place="1", strength="0.5", start="", end=""):
    parts = {"do": do, "of": of, "value": value, "place": place, "strength": strength}
    return {
        f"promotion-{number}-{name}": text
        for name, text in {**parts, "start": start, "end": end}.items()
    }


def test_a_form_that_is_sent_back_as_it_came_changes_nothing(edit, content):
    pin = {"do": "pin", "item": "i1", "place": 2, "start": "2026-11-30T08:00:00+01:00"}
    shelf = {"keep": OAK, "fields": {"brand": "string"}, "promotions": [pin], "one_per": "brand"}
    document = {**documents.to_document(content), "shelf": {**shelf, "explore": 0.07}}
    documents.save_content(content.site, document, by="test")
    content.refresh_from_db()
    before = content.shelf

    assert edit().status_code == 302
    assert content.shelf == before
    assert before["explore"] == 0.07


def test_what_is_done_by_hand_is_stored_on_the_clock_of_the_site(edit, content):
    rows = {**by_hand(0, "pin", "i2", place="2", start="2026-12-01T08:00"),
            **by_hand(3, "boost", "hats", of="category", strength="1")}  # fmt: skip

    edit(promotion=["0", "3"], shelf_diversity="40", shelf_hide_bought="on", **rows)

    pin, boost = content.shelf["promotions"]
    assert (pin["item"], pin["place"]) == ("i2", 2)
    assert datetime.fromisoformat(pin["start"]) == datetime(2026, 12, 1, 7, tzinfo=UTC)
    assert boost == {"do": "boost", "category": "hats", "strength": 1.0}
    assert (content.shelf["diversity"], content.shelf["hide_bought"]) == (0.4, True)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (by_hand(0, "pin", ""), "Say what it is about"),
        (by_hand(0, "pin", "i1", place="first"), "is no number"),
        (by_hand(0, "pin", "i1", place="99"), "whole number from 1"),
        (by_hand(0, "boost", "i1", strength="7"), "above 0, up to 1"),
        (by_hand(0, "pin", "i1", start="soon"), "no date and time"),
        (
            by_hand(0, "pin", "i1", start="2026-12-02T00:00", end="2026-12-01T00:00"),
            "after the start",
        ),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(edit, content, rows, sentence):
    answer = edit(promotion="0", **rows)

    page = answer.content.decode()
    assert sentence in page
    assert 'data-pz-row="0"' in page
    assert content.shelf == {}


def test_a_filter_may_ask_for_attributes_of_this_site(edit, content):
    deep = {"combinator": "and", "rules": [{"field": "depth", "operator": ">", "value": 2}]}

    edit(shelf_keep=json.dumps(deep))

    assert content.shelf["fields"] == {"depth": "number"}


def test_a_block_that_suggests_nothing_has_no_shelf(shop, colleague):
    document = {"key": "hi", "block": "promotion_bar", "fields": {"en": {"message": "Hi"}}}
    plain = documents.save_content(shop, document, by="test")

    page = colleague("editor").get(
        reverse("admin:personalization_content_change", args=(plain.pk,))
    )
    assert "pzc-shelf" not in page.content.decode()


def test_the_list_is_shown_with_a_reason_for_each_item(shop, colleague):
    where = reverse("admin:personalization_content_preview", args=("product_carousel",))
    sent = {
        "site": shop.pk,
        "as": "stranger",
        "locale": "en",
        "shown": "en",
        "field__en__heading": "For you",
        "field__en__strategy": "popular",
        "field__en__limit": "3",
        "promotion": ["0", "1"],
        **by_hand(0, "pin", "i3"),
        **by_hand(1, "boost", "hats", of="category", strength="1"),
    }

    answer = colleague("editor").post(where, sent).json()

    assert [(row["title"], row["why"]) for row in answer["items"]["rows"]] == [
        ("Thing 3", "Pinned by hand"),
        ("Thing 0", "Liked by many, moved to the front by hand"),
        ("Thing 2", "Liked by many, moved to the front by hand"),
    ]


def test_a_shelf_that_cannot_be_read_leaves_the_picture_and_says_so(shop, colleague):
    where = reverse("admin:personalization_content_preview", args=("product_carousel",))
    broken = '{"combinator": "and", "rules": [{"field": "gone", "operator": "=", "value": 1}]}'
    sent = {"site": shop.pk, "locale": "en", "shown": "en", "field__en__heading": "For you",
            "field__en__strategy": "popular", "shelf_keep": broken}  # fmt: skip

    answer = colleague("editor").post(where, sent).json()

    assert "For you" in answer["frames"]["en"]["page"]
    assert [error["code"] for error in answer["errors"]] == ["shelf"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [(CHEAP, "1 of 4 items fit."), (OAK, "2 of 4 items fit.")],
)
def test_the_builder_counts_the_items_that_fit(shop, colleague, condition, said):
    where = reverse("admin:personalization_content_item_reading")
    sent = {"site": shop.pk, "condition": json.dumps(condition)}

    assert colleague("editor").post(where, sent).json()["audience"]["text"] == said


@pytest.mark.parametrize(
    ("field", "typed", "values"),
    [("brand", "o", ["oak"]), ("category", "boo", ["boots"]), ("tag", "", ["sale"]),
     ("item", "thing 2", ["i2"])],
)  # fmt: skip
def test_values_of_items_are_suggested(shop, colleague, field, typed, values):
    where = reverse("admin:personalization_content_item_values")

    found = colleague("editor").get(where, {"site": shop.pk, "field": field, "q": typed}).json()

    assert [value for value, _label in found["values"]] == values


def test_what_is_published_shows_the_shelf(edit, content):
    edit(promotion="0", **by_hand(0, "pin", "i3"))
    documents.save_slot(content.site, {"key": "home.row", "default": "row"}, by="test")

    frozen = freeze(content.site, 1).contents["row"].suggestions

    assert [each.value for each in frozen.shelf.promotions] == ["i3"]
    assert Content.objects.get().shelf == {"promotions": [{"do": "pin", "item": "i3", "place": 1}]}
