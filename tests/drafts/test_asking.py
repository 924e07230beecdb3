"""A brief is checked part by part; asking makes each order once, with its job, within budget."""

import pytest

from personalization.catalog.feed import upsert_items
from personalization.drafts.asking import WRITE, ask, ask_again, cancel
from personalization.drafts.briefs import (
    brief_document,
    document_for_segment,
    document_from_template,
    save_brief,
    save_template,
)
from personalization.drafts.models import Brief, Order
from personalization.drafts.policies import save_policy
from personalization.exceptions import Conflict, Forbidden, Malformed
from personalization.outbox import Job
from tests.collect.test_concurrency import at_once

ITEMS = [
    {
        "item": f"boot-{number}",
        "title": f"Boot {number}",
        "category": "boots" if number % 2 else "tents",
        "price": 50 + number,
        "currency": "EUR",
        "attributes": {"material": "leather"},
    }
    for number in range(10)
]


@pytest.fixture
def connected(settings):
    writer = {"model": "m", "base_url": "http://127.0.0.1:9/v1", "price_in": 5, "price_out": 20}
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "WRITERS": {"test": writer}}


@pytest.fixture
def items(site):
    upsert_items(site, ITEMS, by="test")


class TestABrief:
    def test_says_its_audience_in_plain_words(self, brief):
        assert brief(segment="germans").audience == "country is “DE”"

    @pytest.mark.parametrize(
        ("changes", "path", "sentence"),
        [
            ({"block": "nope"}, "block", "no block"),
            ({"goal": "  "}, "goal", "achieve"),
            ({"segment": "nope"}, "segment", "no segment"),
            ({"slot": "nope"}, "slot", "no slot"),
            ({"locales": []}, "locales", "languages"),
            ({"locales": ["en", "english!"]}, "locales[1]", "de-CH"),
            ({"variants": 9}, "variants", "from 1 to 8"),
            ({"items": ["nope"]}, "items", "not in the catalogue: nope"),
            ({"items": ["boot-1", "boot-1"]}, "items", "once"),
            ({"items": ["boot-1"], "facts": ["colour"]}, "facts[0]", "They have: title"),
            ({"facts": ["title"]}, "items", "whose facts"),
            ({"where": {"category": "hats"}}, "where", "No available item"),
            ({"where": {"colour": "red"}}, "where.colour", "category or a condition"),
            ({"items": ["boot-1"], "where": {"category": "boots"}}, "where", "Either"),
            ({"limits": {"headline": 5}}, "limits.headline", "no text “headline”"),
            ({"limits": {"text": 301}}, "limits.text", "at most 300"),
            ({"limits": {"text": 0}}, "limits.text", "whole number"),
            ({"kind": "image"}, "block", "shows no picture"),
            ({"colour": "red"}, "colour", "no such field"),
        ],
    )
    def test_names_what_does_not_fit_the_site(self, brief, items, changes, path, sentence):
        with pytest.raises(Malformed) as refused:
            brief(**changes)

        assert [error.path for error in refused.value.errors] == [path]
        assert sentence in refused.value.errors[0].detail

    def test_of_a_catalogue_takes_the_items_that_fit(self, brief, items):
        boots = brief(where={"category": "boots"}, facts=["title", "material"])
        is_dear = {"field": "price", "operator": ">=", "value": 57}
        condition = {"combinator": "and", "rules": [is_dear]}
        dear = brief(where={"category": "boots", "condition": condition})

        assert boots.items == ["boot-1", "boot-3", "boot-5", "boot-7", "boot-9"]
        assert dear.items == ["boot-7", "boot-9"]

    def test_is_read_back_as_it_was_saved(self, site, brief, items, mara):
        first = brief(items=["boot-1"], facts=["price"], limits={"text": 80}, segment="germans")
        again = save_brief(site, brief_document(first), by=mara)

        assert brief_document(again) == brief_document(first)

    def test_begins_at_a_segment_with_one_click(self, site, germans, hero, mara):
        made = save_brief(site, document_for_segment(germans, hero), by=mara)

        assert (made.segment, made.slot, made.block) == ("germans", "home.hero", "note")

    def test_begins_from_a_template(self, site, hero, germans, mara):
        template = save_template(
            site, "Greeting", {"block": "note", "goal": "Greet", "locales": ["en"]}, by=mara
        )
        document = document_from_template(template, {"segment": "germans"})

        assert save_brief(site, document, by=mara).goal == "Greet"
        with pytest.raises(Malformed, match="no such field"):
            save_template(site, "Bad", {"colour": "red"}, by=mara)

    def test_of_somebody_else_is_copied_not_changed(self, site, brief, people):
        made = brief()

        with pytest.raises(Forbidden, match="brief of Mara"):
            save_brief(site, brief_document(made), by=people("Eve", "editor"), brief=made)

    def test_is_written_by_those_who_edit(self, brief, ruben):
        with pytest.raises(Forbidden):
            brief(by=ruben)


@pytest.mark.usefixtures("connected")
class TestAsking:
    def test_makes_an_order_and_a_job_for_each_item_and_language(self, brief, items, mara):
        orders = ask(brief(where={"category": "boots"}, locales=["en", "de"]), by=mara)

        assert len({(order.item, order.locale) for order in orders}) == 10
        assert {order.by for order in orders} == {"Mara"}
        jobs = Job.objects.filter(task=WRITE)
        assert {job.arguments["order_id"] for job in jobs} == {order.pk for order in orders}

    def test_again_changes_nothing(self, brief, mara):
        made = brief()
        first = ask(made, by=mara)

        assert ask(made, by=mara) == first
        assert Job.objects.filter(task=WRITE).count() == 1

    def test_changing_what_was_asked_is_refused(self, site, brief, mara):
        made = brief()
        ask(made, by=mara)

        with pytest.raises(Conflict, match="copy"):
            save_brief(site, brief_document(made), by=mara, brief=made)

    def test_over_budget_is_refused_and_leaves_nothing(self, site, brief, mara):
        save_policy(site, {"monthly_budget": 1}, by="Ada")
        made = brief()

        with pytest.raises(Conflict, match="budget"):
            ask(made, by=mara)
        assert not Order.objects.exists()
        assert Brief.objects.get(pk=made.pk).state == Brief.OPEN

    def test_anew_with_a_remark_makes_a_further_round(self, written, mara, ruben):
        draft = written()
        order = ask_again(draft, remark="Shorter, please", by=ruben)

        assert (order.round, order.remark, order.redoes, order.by) == (
            2,
            "Shorter, please",
            draft,
            "Ruben",
        )
        with pytest.raises(Conflict, match="already"):
            ask_again(draft, remark="Shorter still", by=ruben)
        with pytest.raises(Malformed):
            ask_again(draft, remark=" ", by=ruben)

    def test_cancelling_stops_what_is_not_written_yet(self, brief, mara):
        made = brief(locales=["en", "de", "fr"])
        first, *_rest = ask(made, by=mara)
        Order.objects.filter(pk=first.pk).update(state=Order.WRITTEN)

        assert cancel(made, by=mara) == 2
        assert made.state == Brief.CANCELLED
        with pytest.raises(Conflict, match="cancelled"):
            ask(made, by=mara)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_asking_at_once_make_each_order_once(connected, brief, items, mara):
    made = brief(where={"category": "boots"})
    same = [Brief.objects.get(pk=made.pk) for _each in range(3)]

    at_once(*(lambda each=each: ask(each, by=mara) for each in same))

    assert Order.objects.count() == Job.objects.filter(task=WRITE).count() == 5


def test_without_a_model_asking_says_what_to_set(site, brief, mara, settings):
    settings.PERSONALIZATION = {
        **settings.PERSONALIZATION,
        "WRITERS": {},
        "OPENAI_API_KEY": "",
        "OPENAI_BASE_URL": "",
    }

    with pytest.raises(Conflict, match="OPENAI_API_KEY"):
        ask(brief(), by=mara)
