"""A block that is being written: what is wrong and where, down to line and column."""

import json

import pytest

from personalization.blocks.flaws import read_draft
from rules import BUILT_IN

TEMPLATE = "<p>{{ content.words }}</p>\n"
SCHEMA = json.dumps(
    {
        "type": "object",
        "required": ["words"],
        "properties": {
            "words": {"type": "string", "maxLength": 9},
            "steps": {"type": "array", "items": {"properties": {"title": {"type": "string"}}}},
        },
    }
)
EXAMPLE = '{"words": "Hello"}'


def flaws(template=TEMPLATE, schema=SCHEMA, example=EXAMPLE):
    return read_draft(template, schema, example, BUILT_IN).flaws


@pytest.mark.parametrize(
    ("template", "line", "column"),
    [
        ("<p>\n  {{ content.wrods }}</p>", 2, 3),
        ("{{ content.words }} and {{ content.wrods }}", 1, 25),
        ("{{ content.words }}\n{{ content.words | shout }}", 2, 1),
        ("<p>{{ content.words }}</p>{% include 'x' %}", 1, 27),
        ("<p>\n<b>{{ content.words", 2, 4),
        ("{% if content.words %}\n<p>", 1, 1),
        ("<a href='javascript:{{ content.words }}'>x</a>", 1, 21),
        ("<p>{{ nobody.knows }}</p>", 1, 4),
        ("", 1, 1),
    ],
)
def test_a_flaw_of_the_template_has_its_line_and_column(template, line, column):
    (flaw,) = flaws(template=template)

    assert (flaw.where, flaw.line, flaw.column) == ("template", line, column)
    assert flaw.sentence


@pytest.mark.parametrize(
    ("schema", "line", "column"),
    [('{"type":\n  object}', 2, 3), ("", 1, 1), ("[]", 1, 1), ("[" * 100_000, 1, 1)],
)
def test_a_schema_that_is_no_json_object_says_where(schema, line, column):
    flaw = flaws(schema=schema)[0]

    assert (flaw.where, flaw.line, flaw.column) == ("schema", line, column)


def test_a_flaw_of_the_schema_names_the_value():
    wrong = {"type": "object", "properties": {"words": {"type": "sting"}}}

    (flaw,) = flaws(schema=json.dumps(wrong))

    assert (flaw.where, flaw.path, flaw.line) == ("schema", "properties.words.type", 0)


@pytest.mark.parametrize(
    ("example", "path"),
    [
        ({"words": "far too long"}, "words"),
        ({"words": "Hi", "more": 1}, ""),
        ({"words": "{{ x.y }}"}, "words"),
        ({"words": "Hi", "steps": [{}, {"title": 7}]}, "steps[1].title"),
    ],
)
def test_a_flaw_of_the_example_names_the_value(example, path):
    (flaw,) = flaws(example=json.dumps(example))

    assert (flaw.where, flaw.path) == ("example", path)


def test_what_is_right_has_no_flaws_and_can_be_drawn():
    draft = read_draft(TEMPLATE, SCHEMA, EXAMPLE, BUILT_IN)

    assert draft.flaws == ()
    assert draft.block("mine").template == TEMPLATE


def test_an_example_that_is_wrong_does_not_keep_the_block_from_being_drawn():
    assert read_draft(TEMPLATE, SCHEMA, '{"words": 7}', BUILT_IN).block("mine")
    assert read_draft("{{ oops", SCHEMA, EXAMPLE, BUILT_IN).block("mine") is None
