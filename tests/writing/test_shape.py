"""What of a block a model may write, and what stands there before it writes."""

import pytest
from jsonschema import Draft202012Validator

from personalization.blocks.files import shipped_blocks
from personalization.catalog.feed import upsert_items
from personalization.catalog.models import Item
from personalization.drafts.shape import asked_texts, picture_fields, reply_schema, written_schema
from personalization.drafts.standing import standing_fields
from personalization.targeting import documents
from rules.types import Block
from tests.writing.orders import TENT

BLOCKS = {name: files.block for name, files in shipped_blocks().items()}
STEPS = Block(
    "steps",
    "",
    {
        "type": "object",
        "required": ["steps"],
        "properties": {
            "steps": {
                "type": "array",
                "maxItems": 4,
                "items": {
                    "type": "object",
                    "required": ["title"],
                    "properties": {
                        "title": {"type": "string", "maxLength": 40},
                        "link": {"type": "string", "format": "uri-reference"},
                    },
                },
            },
            "size": {"type": "string", "enum": ["s", "l"]},
            "columns": {"type": "integer"},
        },
    },
)


def names(block, standing=None, limits=None):
    return [text.path for text in asked_texts(block, limits or {}, standing or {})]


@pytest.mark.parametrize("name", BLOCKS)
def test_a_model_writes_no_address_no_choice_and_no_number(name):
    for path, rules in written_schema(BLOCKS[name], {})["properties"].items():
        assert rules["type"] == "string", path
        assert rules.get("format", "") in ("", "html")
        assert "enum" not in rules


def test_a_model_invents_neither_codes_nor_what_somebody_said():
    assert "code" not in names(BLOCKS["coupon"])
    assert {"quote", "name", "role"}.isdisjoint(names(BLOCKS["testimonial"]))


def test_a_label_is_asked_for_only_where_its_address_stands():
    hero = BLOCKS["hero_banner"]
    assert "button_label" not in names(hero)
    assert "button_label" in names(hero, {"button_url": "/p/1"})


def test_a_model_does_not_say_what_a_picture_shows_that_it_has_not_seen():
    assert "image_alt" not in names(BLOCKS["hero_banner"], {"image": "/p/1.jpg"})


def test_a_brief_may_be_stricter_than_the_block_but_not_laxer():
    hero = BLOCKS["hero_banner"]
    longest = {
        text.path: text.most for text in asked_texts(hero, {"headline": 40, "text": 999}, {})
    }
    assert (longest["headline"], longest["text"]) == (40, 400)


def test_texts_in_lists_are_asked_for_and_their_addresses_are_not():
    assert names(STEPS) == ["steps[].title"]
    schema = reply_schema(STEPS, {})
    item = schema["properties"]["variants"]["items"]["properties"]["steps"]["items"]
    assert item["required"] == ["title"]
    assert item["additionalProperties"] is False


@pytest.mark.parametrize("block", [*BLOCKS.values(), STEPS], ids=lambda block: block.name)
def test_every_answer_schema_is_a_schema(block):
    Draft202012Validator.check_schema(reply_schema(block, {}))


# ---------------------------------------------------------------- what stands there


@pytest.fixture
def slot(site):
    documents.save_content(
        site,
        {
            "key": "opening",
            "block": "hero_banner",
            "fields": {
                "en": {
                    "headline": "By a person",
                    "button_label": "Go",
                    "button_url": "/new",
                    "layout": "below",
                },
                "de": {"headline": "Von Hand", "button_label": "Los", "button_url": "/neu"},
            },
        },
        by="test",
    )
    documents.save_slot(site, {"key": "home.hero", "default": "opening"}, by="test")


@pytest.mark.django_db
@pytest.mark.parametrize(("locale", "address"), [("en", "/new"), ("de-CH", "/neu"), ("fr", "/new")])
def test_addresses_and_choices_stand_as_the_default_has_them(site, slot, locale, address):
    hero = BLOCKS["hero_banner"]
    found = standing_fields(site, hero, slot="home.hero", item=None, locale=locale)
    assert found["button_url"] == address
    assert "headline" not in found and "button_label" not in found


@pytest.mark.django_db
def test_an_item_brings_its_own_page_and_picture(site, slot):
    upsert_items(site, [{**TENT, "image": "/p/t1.jpg"}], by="test")
    found = standing_fields(
        site,
        BLOCKS["hero_banner"],
        slot="home.hero",
        item=Item.objects.get(),
        locale="en",
    )
    assert (found["button_url"], found["image"], found["layout"]) == ("/p/t1", "/p/t1.jpg", "below")
    assert found["image_alt"] == TENT["title"]


@pytest.mark.django_db
def test_of_a_default_in_another_block_nothing_is_taken(site, slot):
    bar = BLOCKS["promotion_bar"]
    assert standing_fields(site, bar, slot="home.hero", item=None, locale="en") == {}


@pytest.mark.django_db
def test_where_a_picture_is_drawn_the_words_stay(site, slot):
    hero = BLOCKS["hero_banner"]
    found = standing_fields(site, hero, slot="home.hero", item=None, locale="en", is_picture=True)
    assert found["headline"] == "By a person"
    assert picture_fields(hero.schema)[0] == "image"
