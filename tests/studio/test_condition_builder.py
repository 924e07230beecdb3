"""The builder of conditions and what the server offers and answers to it."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from personalization.catalog.models import Item
from personalization.govern.roles import ROLES
from personalization.studio.condition_form import plain_reading
from personalization.studio.condition_offer import offer
from personalization.studio.condition_words import words
from personalization.targeting import documents
from personalization.targeting.catalogue import site_catalogue
from rules import parse

FRONT = Path(__file__).parents[2] / "personalization" / "studio" / "front"
TRAITS = {
    "plan": {"type": "string", "choices": ["free", "pro"]},
    "app": {"type": "version"},
    "newsletter": {"type": "boolean"},
    "sizes": {"type": "list", "of": "number"},
    "pets": {"type": "list", "of": {"name": {"type": "string"}}},
    "first_name": {"type": "string", "personal": True},
}
SAMPLES = {"string": "x", "number": 3, "boolean": True, "version": "1.2"}
SAMPLES["datetime"] = "2026-03-02T09:00:00Z"
EVERYONE = {"combinator": "and", "rules": []}


@pytest.fixture
def shop(site):
    site.traits_schema = TRAITS
    site.event_types = ["tasting"]
    site.zone = "Europe/Berlin"
    site.save()
    documents.save_segment(site, {"key": "loyal", "condition": EVERYONE}, by="test")
    return site


def group(*rules):
    return {"combinator": "and", "rules": list(rules)}


def address(name):
    return reverse(f"admin:personalization_segment_{name}")


def ask(client, site, tree, **more):
    text = tree if isinstance(tree, str) else json.dumps(tree)
    return client.post(address("reading"), {"condition": text, "site": site.pk, **more})


# ------------------------------------------------------------------ the offer


def test_every_word_that_the_builder_says_is_offered():
    said = (FRONT / "src" / "fields" / "words.ts").read_text(encoding="utf-8")
    declared = said.split("export interface Words {", 1)[1].split("\n}", 1)[0]
    top = re.findall(r"^  (\w+): (string|\{[^}]+\})", declared, re.MULTILINE)
    wanted = {
        name: sorted(re.findall(r'"?([\w-]+)"?: string', kind)) if kind != "string" else None
        for name, kind in top
    }

    offered = {
        name: sorted(said) if isinstance(said, dict) else None for name, said in words().items()
    }

    assert offered == wanted


def rule_of(field, operator, shape, inside=None):
    """A rule that the builder could have made."""
    one = SAMPLES.get(field["type"], "x")
    value = {"one": one, "none": None, "two": [one, one], "many": [one], "duration": "7d"}
    rule = {"field": field["name"], "operator": operator, "value": value.get(shape)}
    if shape == "steps":
        rule["value"] = {"steps": [EVERYONE, EVERYONE], "within": "2d", "then": "did"}
    if field["isList"] and operator == "=":
        rule |= {"match": {"mode": "some"}, "value": inside or EVERYONE}
    return rule


def test_whatever_is_offered_is_a_condition_that_can_be_stored(shop):
    offered = offer(shop)
    catalogue = site_catalogue(shop)
    shapes = {key: each["shape"] for key, each in offered["operators"].items()}

    for field in offered["fields"]:
        for operator in field["operators"]:
            parse(group(rule_of(field, operator, shapes[operator])), catalogue)
        for part in field["of"] or ():
            for operator in part["operators"]:
                inside = group(rule_of(part, operator, shapes[operator]))
                parse(group(rule_of(field, "=", "one", inside)), catalogue)


def test_personal_traits_are_not_offered(shop):
    names = {field["name"] for field in offer(shop)["fields"]}

    assert "plan" in names
    assert "first_name" not in names


def test_behaviour_and_segments_come_first_and_the_page_view_last(shop):
    fields = offer(shop)["fields"]

    assert [field["name"] for field in fields[:2]] == ["events", "segment"]
    assert fields[-1]["group"] == "Page view"


def test_the_sites_own_kinds_of_event_can_be_chosen(shop):
    events = next(field for field in offer(shop)["fields"] if field["name"] == "events")
    kind = next(part for part in events["of"] if part["name"] == "type")

    assert ["add_to_cart", "put into the cart"] in kind["choices"]
    assert ["tasting", "tasting"] in kind["choices"]


def test_a_segment_is_not_offered_to_itself(shop):
    def choices(segment):
        fields = offer(shop, segment)["fields"]
        return next(field for field in fields if field["name"] == "segment")["choices"]

    assert choices("") == [["loyal", "loyal"]]
    assert choices("loyal") == []


def test_times_are_those_of_the_sites_clock(shop):
    assert offer(shop)["zone"] == "Europe/Berlin"


# ------------------------------------------------------------------ reading while editing


def test_a_condition_is_read_and_counted_as_it_is_edited(shop, colleague):
    answer = ask(colleague("marketer"), shop, EVERYONE).json()

    assert answer["reading"] == "everyone"
    assert answer["refusal"] is None
    assert answer["audience"]["text"].startswith("0 visitors")
    assert answer["audience"]["is_sample"] is False


@pytest.mark.parametrize(
    ("rule", "path", "word"),
    [
        ({"field": "url", "operator": "=", "value": ""}, "rules[0].rules[0].value", "filled in"),
        ({"field": "country", "operator": "=", "value": "Austria"}, None, "“Austria” is no"),
        ({"field": "country", "operator": "in", "value": ["DE", "Wien"]}, None, "“Wien” is no"),
        ({"field": "country", "operator": "notIn", "value": "DE, Ö"}, None, "“Ö” is no"),
    ],
)
def test_a_blank_that_matches_nobody_is_said_at_its_node(shop, colleague, rule, path, word):
    answer = ask(colleague("marketer"), shop, group(group(rule))).json()

    first = answer["warnings"][0]
    assert first["path"] == (path or "rules[0].rules[0].value")
    assert word in first["text"]


@pytest.mark.parametrize(
    "rule",
    [
        {"field": "country", "operator": "in", "value": "DE, AT"},
        {"field": "country", "operator": "beginsWith", "value": "D"},
        {"field": "country", "operator": "null", "value": ""},
        {"field": "visits", "operator": "<", "valueSource": "field", "value": "frequency"},
    ],
)
def test_of_a_blank_that_can_match_nothing_is_said(shop, colleague, rule):
    answer = ask(colleague("marketer"), shop, group(rule)).json()

    assert not [each for each in answer["warnings"] if each["path"]]


def test_what_a_page_view_decides_is_said_instead_of_a_number(shop, colleague):
    campaign = {"field": "utm_campaign", "operator": "=", "value": "autumn"}

    answer = ask(colleague("marketer"), shop, group(campaign), exact="").json()

    assert answer["audience"] is None
    assert [each["text"] for each in answer["warnings"]] == [
        "Cannot be counted ahead: it depends on the page view (UTM campaign)."
    ]


def test_a_refusal_names_its_node(shop, colleague):
    wrong = {"field": "visits", "operator": ">=", "value": "many"}

    answer = ask(colleague("marketer"), shop, group(EVERYONE, group(wrong))).json()

    assert answer["refusal"] == {"path": "rules[1].rules[0].value", "detail": "Write a number."}


def test_a_refusal_speaks_the_readers_language(shop, colleague):
    client = colleague("marketer")
    tree = {"combinator": "and", "rules": [{"field": "visits", "operator": ">=", "value": ""}]}
    sent = {"condition": json.dumps(tree), "site": shop.pk}

    answer = client.post(address("reading"), sent, headers={"Accept-Language": "de"})

    assert answer.json()["refusal"]["detail"] == "Schreiben Sie eine Zahl."


def test_a_refusal_fills_its_names_into_the_readers_language(shop, colleague):
    client = colleague("marketer")
    tree = group({"field": "shoe_size", "operator": "=", "value": 1})
    sent = {"condition": json.dumps(tree), "site": shop.pk}

    english, german = (
        client.post(address("reading"), sent, headers={"Accept-Language": language}).json()
        for language in ("en", "de")
    )

    assert english["refusal"]["detail"] == (
        "There is no field 'shoe_size'; choose one of the catalogue."
    )
    assert german["refusal"]["detail"] == (
        "Ein Feld 'shoe_size' gibt es nicht; wählen Sie eines des Katalogs."
    )


def test_a_stored_condition_that_cannot_be_read_says_why_in_the_readers_language(shop):
    tree = group({"field": "shoe_size", "operator": "=", "value": 1})

    with translation.override("de"):
        said = plain_reading(shop, tree)

    assert said == (
        "nicht lesbar: rules/0/field: Ein Feld 'shoe_size' gibt es nicht; "
        "wählen Sie eines des Katalogs."
    )


def test_a_refusal_inside_a_sentence_names_its_node(shop, colleague):
    inside = group({"field": "at", "operator": "withinLast", "value": "soon"})
    rule = {"field": "events", "operator": "=", "match": {"mode": "some"}, "value": inside}

    answer = ask(colleague("marketer"), shop, group(rule)).json()

    assert answer["refusal"]["path"] == "rules[0].value.rules[0].value"


def test_a_segment_that_is_not_there_is_refused_at_the_rule_that_names_it(shop, colleague):
    named = {"field": "segment", "operator": "in", "value": ["loyal", "gone"]}

    answer = ask(colleague("marketer"), shop, group(EVERYONE, named)).json()

    assert answer["refusal"]["path"] == "rules[1]"
    assert "gone" in answer["refusal"]["detail"]


def test_a_circle_of_segments_is_refused_while_it_is_drawn(shop, colleague):
    around = group({"field": "segment", "operator": "in", "value": "loyal"})
    documents.save_segment(shop, {"key": "friends", "condition": around}, by="test")
    back = group({"field": "segment", "operator": "in", "value": ["friends"]})

    answer = ask(colleague("marketer"), shop, back, segment="loyal").json()

    assert "circle" in answer["refusal"]["detail"]


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "7", '{"rules": 1}'])
def test_what_is_no_condition_is_refused_not_an_error(shop, colleague, text):
    answer = ask(colleague("marketer"), shop, text)

    assert answer.status_code == 200
    assert answer.json()["refusal"]["detail"]


# ------------------------------------------------------------------ suggestions


@pytest.fixture
def items(shop):
    for key, title, category in (("b1", "Red boots", "boots"), ("t1", "Tent", "tents")):
        Item.objects.create(site=shop, key=key, title=title, category=category)
    return shop


@pytest.mark.parametrize(
    ("field", "typed", "found"),
    [
        ("events.category", "", [["boots", "boots"], ["tents", "tents"]]),
        ("affinity.category", "TEN", [["tents", "tents"]]),
        ("events.item", "boo", [["b1", "Red boots"]]),
        ("events.item", "t1", [["t1", "Tent"]]),
        ("plan", "p", []),
        ("first_name", "", []),
    ],
)
def test_what_the_site_sells_is_suggested_and_nothing_of_its_visitors(
    items, colleague, field, typed, found
):
    query = {"site": items.pk, "field": field, "q": typed}

    answer = colleague("marketer").get(address("values"), query)

    assert answer.json() == {"values": found}


# ------------------------------------------------------------------ who may ask


@pytest.mark.parametrize("role", [*ROLES, None])
def test_only_who_sees_the_site_is_answered(shop, colleague, role):
    client = colleague(role)
    site = {"site": shop.pk}

    codes = {
        ask(client, shop, EVERYONE).status_code,
        client.get(address("values"), {**site, "field": "events.item"}).status_code,
        client.get(address("offer"), site).status_code,
    }

    assert codes == ({200} if "view" in ROLES.get(role, ()) else {403})


def test_nobody_is_answered_about_another_site(shop, colleague, other_site):
    client = colleague("marketer")

    assert ask(client, other_site, EVERYONE).status_code == 403
    assert client.get(address("offer"), {"site": other_site.pk}).status_code == 403
    assert client.get(address("values"), {"site": "x", "field": "plan"}).status_code == 403


# ------------------------------------------------------------------ on the page


@pytest.mark.parametrize("page", ["segment", "rule"])
def test_a_page_that_edits_a_condition_brings_the_builder(shop, colleague, page):
    html = colleague("marketer").get(reverse(f"admin:personalization_{page}_add")).content.decode()

    assert "personalization/builder.js" in html
    assert "personalization/builder.css" in html
    assert 'data-offer="offer-condition"' in html


def test_who_may_only_look_reads_the_condition_in_words(shop, colleague):
    tree = group({"field": "visits", "operator": ">=", "value": 3})
    row = documents.save_segment(shop, {"key": "often", "condition": tree}, by="test")

    page = colleague("analyst").get(reverse("admin:personalization_segment_change", args=[row.pk]))

    assert "visits is at least 3" in page.content.decode()
    assert 'name="condition"' not in page.content.decode()
