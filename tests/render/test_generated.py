"""What a model wrote is rendered only if it is, letter by letter, what somebody said yes to."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.render.core import page
from personalization.render.disclosure import LINES
from rules.codec import from_document, to_document
from rules.types import NOTHING_LEARNED, STRANGER
from tests.rules.worlds import CONTENTS, asking, content, document, slot, written_by_a_model

texts = st.text(min_size=1, max_size=60).filter(lambda text: not set("{}%#") & set(text))


def shown(published, locale=None):
    slots = page(published, NOTHING_LEARNED, STRANGER, asking(locale=locale)).slots
    return slots["home"]


def world(generated, default="plain"):
    from tests.rules.worlds import rule

    written = document(
        slot(default=default, rules=[rule("r", generated["key"])]),
        contents=[*CONTENTS, generated],
    )
    return json.loads(json.dumps(to_document(from_document(written))))


def of(written, key="generated"):
    return next(each for each in written["contents"] if each["key"] == key)


def test_an_approved_text_is_shown_with_where_it_came_from():
    found = shown(from_document(world(written_by_a_model("generated", "Warm feet"))))

    assert found.html == "<p>Warm feet</p>"
    assert found.provenance.draft == 12


def test_what_people_wrote_says_nothing_of_itself():
    assert shown(from_document(world(content("generated")))).provenance is None


@given(texts, texts)
def test_no_other_text_is_ever_shown_in_its_place(approved, other):
    written = world(written_by_a_model("generated", approved))
    of(written)["fields"]["en"]["text"] = other

    found = shown(from_document(written))

    if other == approved:
        assert found.content == "generated"
    else:
        assert (found.content, found.reason.kind) == ("plain", "error")


@given(texts, st.data())
def test_a_single_changed_character_and_the_text_is_never_shown(approved, data):
    written = world(written_by_a_model("generated", approved))
    place = data.draw(st.integers(0, len(approved) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda each: each != approved[place]))
    of(written)["fields"]["en"]["text"] = approved[:place] + other + approved[place + 1 :]

    found = shown(from_document(written))

    assert (found.content, found.reason.kind, found.html) == ("plain", "error", "<p>plain</p>")


@pytest.mark.parametrize(
    "harm",
    [
        {"fields": {"fr": {"text": "Warm feet"}}},
        {"fields": {"en": {"text": "Warm feet"}, "de": {"text": "x"}}, "rename": "de"},
        {"block": "shelf"},
    ],
)
def test_the_same_words_as_another_language_or_block_are_not_shown(harm):
    written = world(written_by_a_model("generated", "Warm feet"))
    changed = of(written)
    rename = harm.pop("rename", None)
    if rename:
        changed["provenance"] = {rename: changed["provenance"]["en"]}
    changed.update(harm)

    found = shown(from_document(written), locale=rename)

    assert (found.content, found.reason.kind) == ("plain", "error")


def test_a_language_that_a_person_added_is_shown_beside():
    written = world(written_by_a_model("generated", "Warm feet"))
    of(written)["fields"]["de"] = {"text": "Warme Füße"}

    assert shown(from_document(written), locale="de").html == "<p>Warme Füße</p>"


@pytest.mark.parametrize(
    ("locale", "line"), [("en", LINES["en"]), ("de-CH", LINES["de"]), ("xx", LINES["en"])]
)
def test_visitors_are_told_in_the_language_of_the_text(locale, line):
    generated = written_by_a_model("generated", "Warm", locale=locale, disclose=True)
    html = shown(from_document(world(generated)), locale=locale).html

    assert html.startswith("<p>Warm</p>")
    assert f">{line}</p>" in html
    assert 'class="pz-generated"' in html


def test_data_says_that_a_model_wrote_it():
    from rules.provenance import Provenance, binding

    generated = written_by_a_model("generated", "x", disclose=True)
    fields = {"data": {"greeting": "Warm feet", "on": True}}
    said = Provenance.from_document(generated["provenance"]["en"]).to_document()
    said["sha256"] = binding(fields, block="flags", segment="", locale="en", prompt="site:1")
    generated |= {"block": "flags", "fields": {"en": fields}, "provenance": {"en": said}}

    found = shown(from_document(world(generated)))

    assert found.data == {"greeting": "Warm feet", "on": True, "generated": True}


def test_nothing_is_said_where_a_site_need_not_say_it():
    assert (
        "pz-generated" not in shown(from_document(world(written_by_a_model("generated", "W")))).html
    )
