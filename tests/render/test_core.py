"""A page is a pure function; what fails in a slot stays in that slot."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalization.render.core import page
from rules.codec import from_document, to_document
from rules.purposes import ALL_PURPOSES, NONE_GRANTED, Purpose
from rules.types import NOTHING_LEARNED, STRANGER
from tests.rules.worlds import (
    NOW,
    PRO_VISITOR,
    asking,
    content,
    document,
    documents,
    experiment,
    learned,
    release,
    requests,
    rule,
    slot,
    suggesting,
    visitor,
    visitors,
)


def shown(published, who=PRO_VISITOR, request=None, snapshot=None):
    return page(published, snapshot or learned(), who, request or asking()).slots["home"]


def test_a_slot_shows_the_content_of_its_rule():
    found = shown(release(slot(rules=[rule("r1", "gold", "pro")])))

    assert (found.html, found.content, found.locale) == ("<p>gold</p>", "gold", "en")
    assert (found.reason.kind, found.reason.rule, found.reason.segment) == ("rule", "r1", "pro")
    assert found.data is None


def test_placeholders_are_filled_and_escaped():
    ann = visitor(facts={"plan": "<pro>"}, personal={"first_name": "Ann & Bo"})

    assert (
        shown(release(slot(default="greeting")), ann).html == "<p>Hi Ann &amp; Bo &lt;pro&gt;</p>"
    )
    assert shown(release(slot(default="greeting")), STRANGER).html == "<p>Hi you </p>"


def test_page_placeholders_need_no_consent():
    request = asking(context={"country": "DE"})

    assert shown(release(slot(default="place")), STRANGER, request).html == "<p>In DE</p>"


@pytest.mark.parametrize(
    ("asked", "text"),
    [("de-CH", "Hallo"), ("DE_at", "Hallo"), ("de", "Hallo"), ("fr", "Hello"), (None, "Hello")],
)
def test_the_language_falls_back_from_region_to_language_to_the_sites(asked, text):
    found = shown(release(slot(default="languages")), request=asking(locale=asked))

    assert found.html == f"<p>{text}</p>"


def test_a_content_without_the_sites_language_shows_what_it_has():
    only = content("only", fields={"fr": {"text": "Bonjour"}})

    assert shown(release(slot(default="only"), contents=[only])).html == "<p>Bonjour</p>"


def test_a_json_slot_gives_data_and_no_html():
    found = shown(release(slot(default="flags")), visitor(facts={"plan": "<b>"}))

    assert (found.html, found.data) == ("", {"greeting": "Hi <b>", "on": True})


def test_suggested_items_are_shown_and_named_with_their_reason():
    found = shown(release(slot(default="top")))

    assert found.html == "<ul><li>A</li><li>B</li><li>D</li></ul>"
    assert [(each.item.key, each.reason) for each in found.items] == [
        ("a", "popular"),
        ("b", "popular"),
        ("d", "popular"),
    ]


def test_a_shelf_without_repeats_leaves_out_what_other_slots_show():
    def top(key, **shelf):
        return content(key, "shelf", {"en": {}}, (), suggesting("popular", 2, **shelf))

    published = release(
        slot("first", "one"),
        slot("second", "other"),
        slot("third", "again"),
        contents=[top("one"), top("other", no_repeats=True), top("again")],
    )

    found = page(published, learned(), STRANGER, asking("first", "second", "third")).slots
    alone = page(published, learned(), STRANGER, asking("second")).slots

    listed = {key: [each.item.key for each in one.items] for key, one in found.items()}
    assert listed == {"first": ["a", "b"], "second": ["d", "e"], "third": ["a", "b"]}
    assert [each.item.key for each in alone["second"].items] == ["a", "b"]


# ---------------------------------------------------------------- falling back


def failing(*rules, default="plain", **more):
    reports = []
    published = release(slot(default=default, rules=rules, **more), slot("side", "gold"))
    found = page(
        published,
        learned(),
        PRO_VISITOR,
        asking("home", "side"),
        lambda *failure: reports.append(failure),
    )
    return found.slots["home"], found.slots["side"], reports


def test_a_failing_content_falls_back_to_the_next_matching_rule():
    home, _, reports = failing(rule("r1", "broken"), rule("r2", "silver"))

    assert (home.html, home.reason.kind, home.reason.rule) == ("<p>silver</p>", "rule", "r2")
    assert [(where, what, type(error)) for where, what, error in reports] == [
        ("home", "broken", ZeroDivisionError)
    ]


def test_then_to_the_default_which_says_that_something_failed():
    home, side, reports = failing(rule("r1", "broken"), rule("r2", "broken"))

    assert (home.html, home.content, home.reason.kind) == ("<p>plain</p>", "plain", "error")
    assert home.cache.max_age == 0
    assert (side.html, side.reason.kind) == ("<p>gold</p>", "default")
    assert len(reports) == 2


def test_then_to_nothing():
    for default in ("broken", None):
        home, side, _ = failing(rule("r1", "broken"), default=default)

        assert (home.html, home.data, home.reason.kind) == ("", None, "error")
        assert side.html == "<p>gold</p>"


def test_an_arm_that_fails_stays_on_record():
    home, _, _ = failing(experiments=[experiment("e", "broken", "broken")])

    assert (home.html, home.reason.kind, home.experiment.key) == ("<p>plain</p>", "error", "e")


def test_a_shelf_without_items_falls_back():
    found = shown(
        release(slot(default="plain", rules=[rule("r", "top")])), snapshot=NOTHING_LEARNED
    )

    assert (found.html, found.reason.kind, found.items) == ("<p>plain</p>", "error", ())


def test_a_missing_content_or_block_falls_back():
    published = release(slot(rules=[rule("r", "gold")]))
    without_content = replace(
        published, contents={k: v for k, v in published.contents.items() if k != "gold"}
    )
    without_block = replace(published, blocks={})

    assert shown(without_content).html == "<p>plain</p>"
    assert (shown(without_block).html, shown(without_block).reason.kind) == ("", "error")


BOMB = {
    "name": "bomb",
    "template": "{% for a in range(100) %}" * 3 + "x" + "{% endfor %}" * 3,
    "schema": {"type": "object", "properties": {}},
    "kind": "html",
    "trusted": False,
}


def test_a_slot_over_its_limits_falls_back():
    written = document(
        slot(rules=[rule("r", "bomb")]),
        contents=[content("plain"), content("bomb", "bomb", {"en": {}})],
    )
    written["blocks"].append(BOMB)

    assert shown(from_document(written)).html == "<p>plain</p>"


def test_a_value_too_long_for_a_slot_falls_back():
    giant = visitor(personal={"first_name": "x" * 70_000})
    published = release(slot(default="plain", rules=[rule("r", "greeting")]))

    assert shown(published, giant).html == "<p>plain</p>"


def test_characters_count_as_the_bytes_that_they_take():
    """30,000 characters of three bytes are more than 64 KB."""
    giant = visitor(personal={"first_name": "€" * 30_000})
    published = release(slot(default="plain", rules=[rule("r", "greeting")]))

    assert shown(published, giant).html == "<p>plain</p>"


def test_the_html_of_an_editors_block_is_cleaned():
    written = document(slot(default="own"), contents=[content("own", "own", {"en": {"text": "x"}})])
    written["blocks"].append(
        {
            "name": "own",
            "template": (
                "<section class='a' data-pz-item='1' data-other='2' contenteditable='true'>"
                "<marquee>{{ content.text }}</marquee>"
                "<picture><source srcset='/a.png 2x, javascript:b'></picture>"
                "<button type='button' aria-label='b' formaction='/c'>b</button></section>"
            ),
            "schema": {"type": "object", "properties": {"text": {"type": "string"}}},
            "kind": "html",
            "trusted": False,
        }
    )

    assert shown(from_document(written)).html == (
        '<section class="a" data-pz-item="1">x'
        '<picture><source srcset="/a.png 2x"></picture>'
        '<button type="button" aria-label="b">b</button></section>'
    )


# ---------------------------------------------------------------- caching


def test_the_answer_says_how_long_it_stays_right():
    opens = (NOW + timedelta(seconds=20)).isoformat()
    found = shown(release(slot(rules=[rule("r", "gold", start=opens)])))

    assert (found.cache.scope, found.cache.max_age, found.cache.vary) == ("public", 20, ())
    assert shown(release(slot(default="greeting"))).cache.max_age == 5


# ---------------------------------------------------------------- properties


@given(documents, visitors, requests)
def test_without_consent_the_page_equals_a_strangers(written, someone, request):
    published = from_document(written)
    silent = replace(someone, purposes=NONE_GRANTED)

    assert page(published, learned(), silent, request) == page(
        published, learned(), STRANGER, request
    )


@given(documents, visitors, requests, st.sampled_from(Purpose))
def test_with_a_purpose_that_opens_nothing_the_page_equals_a_strangers(
    written, someone, request, purpose
):
    if purpose is Purpose.PERSONALIZATION:
        return
    alone = replace(someone, purposes=frozenset({purpose}))
    published = from_document(written)

    assert (
        page(published, learned(), alone, request).slots
        == page(published, learned(), STRANGER, request).slots
    )


@given(documents, visitors, requests)
def test_a_crawler_sees_what_a_stranger_sees(written, someone, request):
    published = from_document(written)
    crawling = replace(request, crawler=True)

    assert page(published, learned(), someone, crawling) == page(
        published, learned(), STRANGER, crawling
    )


@given(documents, visitors, requests, st.data())
def test_a_slot_that_breaks_leaves_the_others_byte_identical(written, someone, request, data):
    """Break any content that one slot alone reaches, in any way."""
    published = from_document(written)
    someone = replace(someone, purposes=ALL_PURPOSES)
    victim = data.draw(st.sampled_from(sorted(published.slots)))
    poison = content("poison", "broken")
    broken = {**written, "contents": [*written["contents"], poison]}
    broken["slots"] = [
        {**each, "rules": [rule("first", "poison"), *each["rules"]], "default": "poison"}
        if each["key"] == victim
        else each
        for each in written["slots"]
    ]

    before = page(published, learned(), someone, request).slots
    after = page(from_document(broken), learned(), someone, request).slots

    assert {key: each for key, each in after.items() if key != victim} == {
        key: each for key, each in before.items() if key != victim
    }


@given(documents, visitors, requests)
def test_a_release_read_back_renders_the_same_bytes(written, someone, request):
    published = from_document(written)
    again = from_document(to_document(published))

    assert page(again, learned(), someone, request) == page(published, learned(), someone, request)


@given(documents, visitors, requests)
@settings(max_examples=200)
def test_no_page_fails_and_every_byte_can_be_sent(written, someone, request):
    found = page(from_document(written), learned(), someone, request)

    assert set(found.slots) == set(request.slots)
    for each in found.slots.values():
        assert each.html.encode() is not None
        assert str(each.data).encode() is not None
        assert "\0" not in each.html


def test_a_page_is_rendered_from_memory_the_same_again():
    published = release(slot(default="greeting"), slot("side", "top"))
    request = asking("home", "side", locale="de")

    assert page(published, learned(), PRO_VISITOR, request) == page(
        published, learned(), PRO_VISITOR, request
    )
    assert set(published.memory["prepared"]) == {("greeting", "en"), ("top", "en")}
