"""Every page answers on a site that is in use, searched and filtered, in few queries."""

import pytest
from django.contrib import admin
from django.urls import reverse

from personalization.studio.scoped import SiteScopedAdmin
from personalization.targeting import documents
from personalization.targeting.models import Segment

NAMES = sorted(
    model._meta.model_name
    for model, page in admin.site._registry.items()
    if isinstance(page, SiteScopedAdmin) and model._meta.app_label == "personalization"
)
TREE = {"combinator": "and", "rules": [{"field": "visits", "operator": ">", "value": 3}]}


@pytest.fixture
def busy(site):
    """Forty segments, slots and rules."""
    block = {"type": "object", "title": "Note", "properties": {"text": {"type": "string"}}}
    note = {"key": "note", "template": "<p>{{ content.text }}</p>", "schema": block}
    documents.save_block(site, note, by="test")
    content = {"key": "plain", "block": "note", "fields": {"en": {"text": "Hello"}}}
    documents.save_content(site, content, by="test")
    for n in range(40):
        segment = {"key": f"s{n}", "name": f"Segment {n}", "condition": TREE}
        documents.save_segment(site, segment, by="test")
        documents.save_slot(site, {"key": f"slot.{n}", "default": "plain"}, by="test")
        rule = {"key": f"r{n}", "slot": f"slot.{n}", "segment": f"s{n}", "content": "plain"}
        documents.save_rule(site, {**rule, "position": 0}, by="test")
    return site


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

    with django_assert_max_num_queries(30):
        client.get(reverse(f"admin:personalization_{name}_changelist"))


@pytest.mark.parametrize(
    "page",
    [
        "index",
        "personalization_connect",
        "personalization_publish",
    ],
)
def test_a_page_over_many_rows_takes_few_queries(
    busy, colleague, django_assert_max_num_queries, page
):
    client = colleague("admin")

    with django_assert_max_num_queries(30):
        assert client.get(reverse(f"admin:{page}")).status_code == 200


def test_what_a_rule_uses_is_not_deleted_and_the_editor_is_told_why(busy, colleague):
    segment = Segment.objects.get(site=busy, key="s1")
    address = reverse("admin:personalization_segment_delete", args=(segment.pk,))

    page = colleague("editor").post(address, {"post": "yes"}, follow=True)

    assert page.status_code == 200
    assert Segment.objects.filter(pk=segment.pk).exists()
    assert "r1" in page.content.decode()
