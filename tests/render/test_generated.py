"""What a model made is rendered only if it is, to the letter, what somebody said yes to."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.render.core import page
from personalization.render.disclosure import DRAWN, LINES
from rules import parse
from rules.codec import from_document, to_document
from rules.provenance import Provenance, audience_binding, binding
from rules.types import NOTHING_LEARNED, STRANGER
from tests.rules.worlds import (
    CATALOGUE,
    CONTENTS,
    PRO,
    asking,
    came_from,
    content,
    document,
    drawn_by_a_model,
    rule,
    slot,
    where,
    written_by_a_model,
)

texts = st.text(min_size=1, max_size=60).filter(lambda text: not set("{}%#") & set(text))


def shown(published, locale=None):
    slots = page(published, NOTHING_LEARNED, STRANGER, asking(locale=locale)).slots
    return slots["home"]


def world(generated, default="plain"):
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


class TestAudience:
    def world(self, conditions, approved_for):
        """A text that was approved for the segment `pro` as it was then."""
        generated = written_by_a_model("generated", "Warm feet")
        sha256 = binding(
            {"text": "Warm feet"}, block="line", segment="pro", locale="en", prompt="p"
        )
        said = replace(came_from(sha256), segment="pro", prompt="p", audience=approved_for)
        generated["provenance"] = {"en": said.to_document()}
        written = document(
            slot(rules=[rule("r", "generated")]),
            contents=[*CONTENTS, generated],
            conditions=conditions,
        )
        return from_document(json.loads(json.dumps(written)))

    def approved_for(self):
        return audience_binding("pro", {"pro": parse(PRO, CATALOGUE)})

    def test_for_the_segment_as_it_was_approved_it_is_shown(self):
        assert shown(self.world({"pro": PRO}, self.approved_for())).content == "generated"

    @pytest.mark.parametrize("conditions", [{"pro": where("plan", "=", "basic")}, {}])
    def test_where_the_segment_is_another_it_is_not(self, conditions):
        found = shown(self.world(conditions, self.approved_for()))

        assert (found.content, found.reason.kind) == ("plain", "error")


class TestPictures:
    def test_an_approved_one_is_shown_with_where_it_came_from(self):
        found = shown(from_document(world(drawn_by_a_model("generated"))))

        assert 'src="/media/media/2026/05/tent.png"' in found.html
        assert [each.draft for each in found.pictures] == [12]

    @pytest.mark.parametrize(
        "harm",
        [
            {"image": "/media/media/2026/05/other.png"},
            {"image_alt": "A palace at dawn"},
            {"image_alt": ""},
        ],
    )
    def test_no_other_picture_and_no_other_words_are_shown_in_its_place(self, harm):
        written = world(drawn_by_a_model("generated"))
        of(written)["fields"]["en"].update(harm)

        found = shown(from_document(written))

        assert (found.content, found.reason.kind) == ("plain", "error")

    @pytest.mark.parametrize(
        "harm",
        [{"digest": "d2"}, {"alternative": "A palace"}, {"locale": "de"}, {"at": ["gone"]}],
    )
    def test_a_proof_of_something_else_proves_nothing(self, harm):
        written = world(drawn_by_a_model("generated"))
        of(written)["pictures"]["en"][0].update(harm)

        found = shown(from_document(written))

        assert (found.content, found.reason.kind) == ("plain", "error")

    def test_a_proof_of_a_language_that_is_not_there_was_tampered_with(self):
        written = world(drawn_by_a_model("generated"))
        of(written)["pictures"]["de"] = of(written)["pictures"]["en"]

        assert shown(from_document(written)).reason.kind == "error"

    @given(texts, st.data())
    def test_a_single_changed_character_of_its_words_and_it_is_never_shown(self, words, data):
        written = world(drawn_by_a_model("generated", words))
        place = data.draw(st.integers(0, len(words) - 1))
        other = data.draw(st.characters(codec="utf-8").filter(lambda each: each != words[place]))
        of(written)["fields"]["en"]["image_alt"] = words[:place] + other + words[place + 1 :]

        assert shown(from_document(written)).content == "plain"

    def test_visitors_are_told(self):
        html = shown(from_document(world(drawn_by_a_model("generated", disclose=True)))).html

        assert f">{DRAWN['en']}</p>" in html

    def test_of_a_text_and_its_picture_both_is_said_in_one_line(self):
        drawn = drawn_by_a_model("generated", disclose=True)
        fields = drawn["fields"]["en"]
        sha256 = binding(fields, block="frame", segment="", locale="en", prompt="site:1")
        drawn["provenance"] = {"en": came_from(sha256, disclose=True).to_document()}

        html = shown(from_document(world(drawn))).html

        assert f">{LINES['en']} · {DRAWN['en']}</p>" in html

    def test_every_language_that_we_speak_has_both_lines(self):
        assert DRAWN.keys() == LINES.keys()
