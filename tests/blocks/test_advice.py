"""What the studio says of a content that may be saved and will still look or read badly."""

import pytest

from personalization.blocks.advice import advise, shown_length
from personalization.blocks.contrast import contrast
from rules.types import Block

PROPERTIES = {
    "headline": {"type": "string", "maxLength": 40},
    "body": {"type": "string", "format": "html", "maxLength": 2000},
    "link": {"type": "string", "format": "uri-reference"},
    "photo": {"type": "string", "format": "image", "x-alternative": "words"},
    "words": {"type": "string"},
    "ink": {"type": "string", "format": "color", "x-on": "paper"},
    "paper": {"type": "string", "format": "color"},
    "short": {"type": "string", "maxLength": 100, "x-best-length": 5},
    "steps": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"image": {"format": "image"}, "image_alt": {}, "text": {}},
        },
    },
}
BLOCK = Block("all", "", {"type": "object", "properties": PROPERTIES})
BARE = "Hello {{ visitor.first_name }}"


def said_of(**fields):
    return [(each.path, each.code) for each in advise(BLOCK, fields)]


@pytest.mark.parametrize(
    ("fields", "path", "code"),
    [
        ({"headline": "x" * 31}, "headline", "long_text"),
        ({"short": "longer"}, "short", "long_text"),
        ({"headline": BARE}, "headline", "placeholder_without_fallback"),
        ({"link": "#"}, "link", "link_to_nowhere"),
        ({"link": "https://"}, "link", "link_to_nowhere"),
        ({"link": "www.shop.example/boots"}, "link", "link_to_nowhere"),
        ({"link": "shop.com"}, "link", "link_to_nowhere"),
        ({"body": '<p><a href="#">here</a></p>'}, "body", "link_to_nowhere"),
        ({"body": "<a class='x' href=''>here</a>"}, "body", "link_to_nowhere"),
        ({"photo": "/a.png"}, "words", "picture_without_words"),
        ({"photo": "/a.png", "words": " "}, "words", "picture_without_words"),
        ({"ink": "#777", "paper": "#888888"}, "ink", "poor_contrast"),
        ({"steps": [{}, {"image": "/a.png"}]}, "steps[1].image_alt", "picture_without_words"),
        ({"steps": [{"text": BARE}]}, "steps[0].text", "placeholder_without_fallback"),
    ],
)
def test_it_is_said_at_its_field(fields, path, code):
    assert said_of(**fields) == [(path, code)]


@pytest.mark.parametrize(
    "fields",
    [
        {"headline": "x" * 30},
        {"headline": 'x {{ visitor.a_field_with_a_long_name | default("you") }}'},
        {"link": "/boots"},
        {"link": "boots.html"},
        {"link": "https://shop.example"},
        {"link": "#newsletter"},
        {"link": "tel:+351200"},
        {"link": "/p/{{ context.country }}"},
        {"body": '<a href="/here">here</a>'},
        {"photo": "/a.png", "words": "A boot"},
        {"ink": "#000", "paper": "#fff"},
        {"ink": "black", "paper": "#000"},
        {"ink": "#000"},
        {"unknown": {"deep": ["#"]}},
    ],
    ids=str,
)
def test_of_what_is_fine_nothing_is_said(fields):
    assert said_of(**fields) == []


def test_a_placeholder_counts_as_long_as_its_fallback():
    assert shown_length('Hi {{ visitor.first_name | default("there") }}!') == len("Hi there!")


@pytest.mark.parametrize(
    ("text", "ground", "ratio"),
    [  # the first two by definition; the others as WebAIM's contrast checker gives them
        ("#000", "#ffffff", 21.0),
        ("#abcdef", "#abcdef", 1.0),
        ("#767676", "#fff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffff00", 3.72),
    ],
)
def test_the_contrast_is_that_of_the_guidelines(text, ground, ratio):
    assert contrast(text, ground) == pytest.approx(ratio, abs=0.01)
    assert contrast(ground, text) == contrast(text, ground)


@pytest.mark.parametrize("colour", ["red", "#12", "#12345678", "", "var(--pz-text)"])
def test_of_other_notations_no_contrast_is_known(colour):
    assert contrast(colour, "#fff") is None
