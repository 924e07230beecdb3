"""Every page answers on a site that is in use, searched and filtered, in few queries."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from personalization.drafts.models import Brief, Call, Draft, Lesson, Order, Review
from personalization.drafts.revisions import first_revision
from personalization.publish import live, releases
from personalization.studio.scoped import SiteScopedAdmin
from personalization.targeting import documents
from personalization.targeting.models import Segment

NAMES = sorted(
    model._meta.model_name
    for model, page in admin.site._registry.items()
    if isinstance(page, SiteScopedAdmin) and model._meta.app_label == "personalization"
)
TREE = {"combinator": "and", "rules": [{"field": "visits", "operator": ">", "value": 3}]}


MOST = 30  # queries


@pytest.fixture
def busy(site):
    """Forty of what a marketer makes."""
    fill(site, 40)
    return site


def fill(site, count):
    """So many segments, slots, rules, campaigns and journeys, a release, and visitors who came."""
    block = {"type": "object", "title": "Note", "properties": {"text": {"type": "string"}}}
    note = {"key": "note", "template": "<p>{{ content.text }}</p>", "schema": block}
    documents.save_block(site, note, by="test")
    for n in range(count):
        fields = {"en": {"text": f"Hello {n}"}}
        content = {"key": f"c{n}", "block": "note", "fields": fields}
        documents.save_content(site, content, by="test")
        segment = {"key": f"s{n}", "name": f"Segment {n}", "condition": TREE}
        documents.save_segment(site, segment, by="test")
        documents.save_slot(site, {"key": f"slot.{n}", "default": f"c{n}"}, by="test")
        documents.save_campaign(site, {"key": f"a{n}"}, by="test")
        rule = {"key": f"r{n}", "slot": f"slot.{n}", "segment": f"s{n}", "content": f"c{n}"}
        documents.save_rule(site, {**rule, "position": 0, "campaign": f"a{n}"}, by="test")
        stage = {"key": "in", "enter": {"condition": TREE}}
        documents.save_journey(site, {"key": f"j{n}", "stages": [stage]}, by="test")
    fill_copy(site, count)
    releases.publish(site, by="test")


def fill_copy(site, count):
    """So many briefs, each with an order and a draft that somebody edited and looked at."""
    for n in range(count):
        brief = Brief.objects.create(
            site=site, name=f"b{n}", block="note", slot=f"slot.{n}", goal="Sell", locales=["en"]
        )
        order = Order.objects.create(brief=brief, locale="en", state=Order.WRITTEN)
        Call.objects.create(order=order, site=site, number=1, cost=1000)
        draft = Draft.objects.create(
            site=site,
            order=order,
            brief=brief,
            variant=1,
            block="note",
            slot=brief.slot,
            locale="en",
        )
        first_revision(draft, {"text": f"Some words, number {n}"})
        Review.objects.create(draft=draft, revision=1, verdict="changes", by="test")
        Lesson.objects.create(
            site=site, kind="approved", block="note", locale="en", after=f"s1 {n}"
        )


@pytest.mark.parametrize("name", NAMES)
def test_a_list_answers_searched_and_filtered(busy, colleague, name):
    client = colleague("admin")
    address = reverse(f"admin:personalization_{name}_changelist")

    for query in ({}, {"q": "s1"}, {"site__id__exact": busy.pk}):
        assert client.get(address, query, follow=True).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_a_list_of_many_rows_takes_few_queries(
    busy, colleague, django_assert_max_num_queries, name
):
    client = colleague("admin")

    with django_assert_max_num_queries(MOST):
        client.get(reverse(f"admin:personalization_{name}_changelist"))


OWN = {  # page: what it is asked for
    "index": {},
    "personalization_calendar": {},
    "personalization_configuration": {},
    "personalization_connect": {},
    "personalization_copy_figures": {},
    "personalization_expected": {},
    "personalization_guide": {},
    "personalization_policy": {},
    "personalization_found": {},
    "personalization_preview": {},
    "personalization_prompts": {},
    "personalization_publish": {},
    "personalization_why": {},
}


@pytest.mark.parametrize(
    "page", [*sorted({*OWN} - {"personalization_expected"}), "personalization_site_changelist"]
)
def test_the_navigation_marks_no_second_page(site, colleague, page):
    answer = colleague("admin").get(reverse(f"admin:{page}"))

    marked = [
        item["title"]
        for group in answer.context["sidebar_navigation"]
        for item in group["items"]
        if item["active"]
    ]
    assert len(marked) <= 1


def test_the_page_that_connects_a_site_says_before_what_the_script_goes(site, colleague):
    page = colleague("admin").get(reverse("admin:personalization_connect"))

    assert "paste this before &lt;/body&gt;" in page.content.decode()


def queries_of(client, address):
    cache.clear()  # some pages remember for a minute what they worked out
    live.forget()  # and a process the live release, until there is another
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("page", OWN)
def test_a_page_takes_few_queries_and_not_more_with_more_rows(site, colleague, page):
    client = colleague("admin")
    address = reverse(f"admin:{page}")
    fill(site, 10)
    client.get(address)  # what a process asks once
    few = queries_of(client, address)

    fill(site, 40)

    assert queries_of(client, address) <= few <= MOST


FORMS = ["segment", "content", "slot", "rule", "campaign", "journey", "brief", "draft", "lesson"]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_takes_few_queries_and_not_more_with_more_rows(site, colleague, name):
    client = colleague("admin")
    fill(site, 10)
    row = apps.get_model("personalization", name).objects.filter(site=site).first()
    address = reverse(f"admin:personalization_{name}_change", args=(row.pk,))
    client.get(address)
    few = queries_of(client, address)

    fill(site, 40)

    assert queries_of(client, address) <= few <= MOST


def test_what_a_rule_uses_is_not_deleted_and_the_editor_is_told_why(busy, colleague):
    segment = Segment.objects.get(site=busy, key="s1")
    address = reverse("admin:personalization_segment_delete", args=(segment.pk,))

    page = colleague("editor").post(address, {"post": "yes"}, follow=True)

    assert page.status_code == 200
    assert Segment.objects.filter(pk=segment.pk).exists()
    assert "r1" in page.content.decode()
