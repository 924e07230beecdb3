"""Every shipped block: valid, safe to save, renders its example in clean and accessible HTML."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from jsonschema import Draft202012Validator

from personalization.blocks.checking import check_fields, check_template
from personalization.blocks.files import shipped_blocks
from personalization.exceptions import Malformed
from personalization.render import preview as previews
from rules.fields import BUILT_IN

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMES = [
    "coupon",
    "hero_banner",
    "json",
    "newsletter",
    "product_carousel",
    "product_grid",
    "promotion_bar",
    "testimonial",
    "text_image",
]
HTML_NAMES = [name for name in NAMES if name != "json"]
VOID = {"img", "source", "input", "br", "hr"}


class Outline(HTMLParser):
    """Tags and attributes as they came, and whether every tag was closed."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.text = [], [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def preview(name, locale="en", **changes):
    files = shipped_blocks()[name]
    fields = {locale: {**files.example, **changes}}
    shown = previews.preview(files.block, fields, catalogue=BUILT_IN, now=NOW, locale=locale)
    assert not shown.errors
    return shown.text


def test_these_blocks_are_shipped():
    assert sorted(shipped_blocks()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_template_passes_the_check_that_editors_blocks_pass(name):
    block = shipped_blocks()[name].block

    assert check_template(block.template, block.schema, BUILT_IN).reads == frozenset()


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_names_and_explains_what_an_editor_fills(name):
    schema = shipped_blocks()[name].block.schema

    assert schema["title"]
    assert schema["description"]
    assert all(rules.get("title") for rules in schema["properties"].values())
    assert all(
        "maxLength" in rules or "enum" in rules
        for rules in schema["properties"].values()
        if rules["type"] == "string"
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_example_fits_the_schema(name):
    files = shipped_blocks()[name]

    Draft202012Validator(files.block.schema).validate(files.example)
    check_fields(files.block, {"en": files.example}, BUILT_IN)


@pytest.mark.parametrize("name", HTML_NAMES)
def test_the_html_is_well_formed_and_clean_under_a_content_security_policy(name):
    outline = Outline(preview(name))

    assert outline.open == []
    assert not {tag for tag, _ in outline.tags} & {"script", "style", "iframe"}
    assert not [key for _, attrs in outline.tags for key in attrs if key.startswith("on")]
    assert not [key for _, attrs in outline.tags for key in attrs if key in ("style", "id")]


@pytest.mark.parametrize("name", HTML_NAMES)
def test_every_picture_has_an_alternative_and_every_landmark_a_name(name):
    outline = Outline(preview(name))

    assert all("alt" in image for image in outline.all("img"))
    assert all(part.get("aria-label") for part in outline.all("section") + outline.all("aside"))


@pytest.mark.parametrize("name", [n for n in HTML_NAMES if n != "promotion_bar"])
def test_there_is_one_heading_of_the_second_level(name):
    assert len(Outline(preview(name)).all("h2")) == 1


def test_a_hero_may_hold_the_page_heading():
    outline = Outline(preview("hero_banner", level="1"))

    assert (len(outline.all("h1")), len(outline.all("h2"))) == (1, 0)


@pytest.mark.parametrize("name", ["product_carousel", "product_grid"])
def test_items_are_a_list_of_links_that_name_their_item(name):
    outline = Outline(preview(name, limit=4))

    assert len(outline.all("li")) == 4
    assert all(card["data-pz-item"].startswith("sample-") for card in outline.all("li"))
    assert "€12.90" in outline.text


def test_a_line_under_each_item_is_filled_for_each():
    outline = Outline(preview("product_grid", item_note="{{ item.title | upper }}!", limit=12))

    assert "ENAMEL MUG!" in outline.text
    assert "FELT HAT!" in outline.text


def test_prices_can_be_left_out():
    assert "€" not in preview("product_grid", show_price=False)


def test_the_coupon_writes_its_date_in_the_language_of_the_page():
    german = preview("coupon", locale="de-CH")

    assert "31. Dezember 2026" in german
    assert 'datetime="2026-12-31"' in german


def test_the_form_field_is_labelled_and_completes_itself():
    outline = Outline(preview("newsletter"))

    assert outline.all("form")[0]["action"] == "/newsletter"
    assert outline.all("input")[0]["autocomplete"] == "email"
    assert len(outline.all("label")) == 1


def test_stars_are_spoken():
    assert "5 out of 5 stars" in Outline(preview("testimonial")).text


def test_the_json_block_gives_its_data_with_placeholders_filled():
    assert json.loads(preview("json")) == {
        "show_chat": True,
        "greeting": "Hello you",
        "columns": 3,
    }


def test_a_picture_without_words_is_refused():
    with pytest.raises(Malformed) as refused:
        files = shipped_blocks()["hero_banner"]
        check_fields(files.block, {"en": {"headline": "A", "image": "/a.png"}}, BUILT_IN)

    assert refused.value.errors[0].code == "dependentRequired"
