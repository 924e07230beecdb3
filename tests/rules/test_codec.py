"""A release survives being written down; what does not hold together is refused."""

import json

import pytest
from hypothesis import given

from rules import Invalid
from rules.codec import from_document, to_document
from rules.engine import decide
from tests.rules.worlds import (
    CONTENTS,
    PRO_VISITOR,
    asking,
    document,
    documents,
    drawn_by_a_model,
    experiment,
    learned,
    requests,
    rule,
    slot,
    visitors,
    written_by_a_model,
)


@given(documents)
def test_a_release_is_read_back_without_loss(written):
    release = from_document(written)
    again = json.loads(json.dumps(to_document(release)))

    assert to_document(from_document(again)) == to_document(release)
    assert again["slots"] == json.loads(json.dumps(written["slots"]))
    assert again["contents"] == [
        {**each, "reads": sorted(each["reads"])} for each in written["contents"]
    ]


@given(documents, visitors, requests)
def test_a_release_read_back_decides_alike(written, someone, request):
    release = from_document(written)
    again = from_document(json.loads(json.dumps(to_document(release))))

    assert decide(again, learned(), someone, request) == decide(
        release, learned(), someone, request
    )


def test_a_release_of_the_first_format_decides_as_it_did():
    plain = [
        {**each, "suggestions": each["suggestions"] and {**each["suggestions"], "shelf": {}}}
        for each in CONTENTS
    ]
    now = document(
        slot(rules=[rule("r", "gold", "pro")], experiments=[experiment("e", None, None)]),
        contents=plain,
    )
    then = json.loads(json.dumps({**now, "format": 1}))
    for content in then["contents"]:
        del content["provenance"], content["pictures"]
        if content["suggestions"]:
            del content["suggestions"]["shelf"]
    for one in (*then["slots"][0]["rules"], *then["slots"][0]["experiments"]):
        one.pop("when", None)
        one.pop("campaign")

    release = from_document(then)

    assert to_document(release) == to_document(from_document(now))
    assert decide(release, learned(), PRO_VISITOR, asking()).slots[0].choices[0].content == "gold"


def test_what_was_released_before_models_wrote_is_read_as_peoples_own():
    now = document(slot())
    then = json.loads(json.dumps({**now, "format": 3}))
    for content in then["contents"]:
        del content["provenance"], content["pictures"]

    assert to_document(from_document(then)) == to_document(from_document(now))


def test_what_was_released_before_pictures_had_proofs_is_read_as_it_was():
    now = document(slot(), contents=[*CONTENTS, written_by_a_model("x", "Hi")])
    then = json.loads(json.dumps({**now, "format": 4}))
    for content in then["contents"]:
        del content["pictures"]

    assert to_document(from_document(then)) == to_document(from_document(now))


def test_where_a_picture_came_from_is_read_back_with_it():
    release = from_document(document(slot(), contents=[*CONTENTS, drawn_by_a_model("x")]))
    again = from_document(json.loads(json.dumps(to_document(release))))

    assert again.contents["x"].pictures == release.contents["x"].pictures
    assert again.contents["x"].pictures["en"][0].at == ("image",)


def test_where_a_text_came_from_is_read_back_with_it():
    release = from_document(document(slot(), contents=[*CONTENTS, written_by_a_model("x", "Hi")]))
    again = from_document(json.loads(json.dumps(to_document(release))))

    assert again.contents["x"].provenance == release.contents["x"].provenance
    assert again.contents["x"].provenance["en"].reviewers == ("Ruben",)


@pytest.mark.parametrize("format_number", [0, 6, "1", True, None])
def test_another_format_is_refused_with_what_to_do(format_number):
    with pytest.raises(Invalid, match="Publish again"):
        from_document({**document(slot()), "format": format_number})


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (document(slot(default="gone")), "no content 'gone'"),
        (document(slot(rules=[rule("r", "gone")])), "no content 'gone'"),
        (document(slot(rules=[rule("r", "gold", "gone")])), "no audience 'gone'"),
        (document(slot(rules=[rule("r", "gold", start="2026-01-01T00:00:00")])), "no time zone"),
        ({"format": 1}, "cannot be read"),
        ({"format": 2}, "cannot be read"),
        (document(slot(rules=[rule("r", "gold", when={"days": [8]})])), "1 \\(Monday\\)"),
        (document(slot(), zone="Europe/Atlantis"), "cannot be read"),
        ({**document(slot()), "slots": [3]}, "cannot be read"),
        ({**document(slot()), "blocks": []}, "no block"),
    ],
)
def test_a_document_that_does_not_hold_together_is_refused(written, sentence):
    with pytest.raises(Invalid, match=sentence):
        from_document(written)


def test_a_bad_condition_is_refused_by_its_own_sentence():
    with pytest.raises(Invalid):
        from_document(document(slot(), conditions={"x": {"rules": [{"field": "nope"}]}}))
