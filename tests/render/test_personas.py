"""Invented visitors: what they are, and what placeholders show of them."""

from datetime import UTC, datetime

import pytest

from personalization.blocks.checking import check_fields
from personalization.blocks.fallbacks import without_fallback
from personalization.render.offered import offered
from personalization.render.personas import personas
from personalization.render.preview import preview
from personalization.render.samples import SAMPLES
from rules import BUILT_IN, compile, parse
from rules.types import Block, Settings

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CATALOGUE = BUILT_IN.extended(
    {
        "first_name": {"type": "string", "personal": True},
        "plan": {"type": "string", "choices": [["pro", "Pro"], ["free", "Free"]]},
    }
)
TREES = {
    "loyal": {"field": "frequency", "operator": ">=", "value": 5},
    "phones": {"field": "device", "operator": "=", "value": "mobile"},
}
SEGMENTS = {
    key: parse({"combinator": "and", "rules": [tree]}, CATALOGUE) for key, tree in TREES.items()
}
NOBODY = parse({"combinator": "and", "not": True, "rules": []}, CATALOGUE)
LINE = Block("line", "<p>{{ content.text }}</p>", {"properties": {"text": {"type": "string"}}})


def everybody(segments):
    return {each.key: each for each in personas(CATALOGUE, segments, SAMPLES, NOW)}


def shown(text, persona):
    fields = {"en": {"text": text}}
    return preview(
        LINE,
        fields,
        catalogue=CATALOGUE,
        now=NOW,
        locale="en",
        visitor=persona.visitor,
        context=persona.context,
    ).text


def test_there_is_a_stranger_somebody_known_and_a_member_of_each_segment():
    assert list(everybody({**SEGMENTS, "nobody": NOBODY})) == [
        "stranger",
        "known",
        "segment:loyal",
        "segment:phones",
    ]


def test_a_member_is_in_the_segment():
    matcher = compile(SEGMENTS)

    for key in SEGMENTS:
        member = everybody(SEGMENTS)[f"segment:{key}"]
        assert key in matcher({**member.visitor.facts, **member.context}, NOW)


def test_a_placeholder_shows_its_fallback_to_a_stranger_and_a_name_to_somebody_known():
    greeting = 'Hello {{ visitor.first_name | default("there") }}'

    seen = everybody(SEGMENTS)

    assert shown(greeting, seen["stranger"]) == "<p>Hello there</p>"
    assert shown(greeting, seen["known"]) == "<p>Hello Alex</p>"
    assert shown(greeting, seen["segment:loyal"]) == "<p>Hello Alex</p>"


def test_the_page_view_of_a_member_says_what_the_segment_asks():
    text = 'On a {{ context.device | default("screen") }}'

    assert shown(text, everybody(SEGMENTS)["segment:phones"]) == "<p>On a mobile</p>"


@pytest.mark.parametrize("locale", ["en", "de-CH"])
def test_every_placeholder_that_is_offered_may_be_saved_and_has_an_example(locale):
    schema = {"properties": {"text": {"type": "string", "x-item": True}}}
    block = Block("line", "{% for item in items %}{{ item.content.text }}{% endfor %}", schema)

    for each in offered(CATALOGUE, Settings(), SAMPLES, locale, NOW):
        source = each.placeholder.source
        check_fields(block, {"en": {"text": source}}, CATALOGUE)
        assert each.placeholder.label
        assert each.placeholder.group
        assert each.placeholder.is_uncertain == bool(without_fallback(source))


def test_what_is_not_finished_is_drawn_as_far_as_it_goes():
    schema = {
        "required": ["text", "more"],
        "properties": {"text": {"type": "string", "maxLength": 3}, "more": {"type": "string"}},
    }
    block = Block("line", "<p>{{ content.text }}{{ content.more }}</p>", schema)

    half = preview(block, {"en": {"text": "Hello"}}, catalogue=CATALOGUE, now=NOW, locale="en")
    wrong = preview(
        block,
        {"en": {"text": "Hi", "more": "{{ visitor.nam }}"}},
        catalogue=CATALOGUE,
        now=NOW,
        locale="en",
    )

    assert half.text == "<p>Hello</p>"
    assert [error.code for error in half.errors] == ["required", "maxLength"]
    assert wrong.text == "<p>Hi</p>"
    assert [error.path for error in wrong.errors] == ["fields.en.more"]
