"""What is sent by mistake or on purpose is answered in words; nothing is half done."""

import json

import pytest
from django.urls import reverse

from personalization.publish.models import PublishedRelease
from personalization.targeting import documents
from personalization.targeting.models import Segment

EVERYONE = {"combinator": "and", "rules": []}


def add(name):
    return reverse(f"admin:personalization_{name}_add")


@pytest.mark.parametrize(
    "condition",
    ["{", "[]", "null", "7", "[" * 5000 + "]" * 5000, '"\\ud800"', '["\\ud800"]', '"\\u0000"'],
)
def test_what_is_no_condition_comes_back_with_a_sentence(colleague, site, condition):
    sent = {"site": site.pk, "name": "Odd", "condition": condition, "description": ""}

    answer = colleague("editor").post(add("segment"), sent)

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["condition"]
    assert not Segment.objects.exists()


@pytest.mark.parametrize("name", ["日本語のセグメント", "😀", "…", "Лето"])
def test_a_name_in_any_script_gets_a_key(colleague, site, name):
    sent = {"site": site.pk, "name": name, "condition": json.dumps(EVERYONE), "description": ""}

    colleague("editor").post(add("segment"), sent)

    made = Segment.objects.get()
    assert (made.name, made.key) == (name, "segment")


def test_things_of_one_name_get_keys_of_their_own(colleague, site):
    sent = {"site": site.pk, "name": "Sale", "condition": json.dumps(EVERYONE), "description": ""}
    client = colleague("editor")

    for _time in range(3):
        client.post(add("segment"), sent)

    keys = set(Segment.objects.values_list("key", flat=True))
    assert keys == {"sale", "sale-2", "sale-3"}


def test_a_key_that_somebody_chose_is_never_changed(colleague, site):
    documents.save_segment(site, {"key": "sale", "condition": EVERYONE}, by="test")
    sent = {"site": site.pk, "name": "Sale", "key": "sale", "condition": json.dumps(EVERYONE)}

    answer = colleague("editor").post(add("segment"), {**sent, "description": ""})

    assert "has this key already" in str(answer.context["adminform"].form.errors["key"])
    assert Segment.objects.count() == 1


@pytest.mark.parametrize("value", ["home.hero", "9" * 30, "\0", "😀", "-1", "1e9"])
def test_an_address_that_names_nothing_opens_an_empty_form(colleague, site, value):
    client = colleague("editor")

    for name in ("rule", "experiment", "slot", "content", "campaign"):
        chosen = {"slot": value, "content": value, "campaign": value, "default": value}
        opened = client.get(add(name), {**chosen, "site": value, "block": "json"})

        assert opened.status_code == 200, name


@pytest.mark.parametrize("value", ["home.hero", "9" * 30, "\0", "😀"])
def test_a_choice_that_is_none_is_refused_at_its_field(colleague, site, value):
    sent = {"site": site.pk, "name": "Odd", "slot": value, "content": value, "campaign": value}

    answer = colleague("editor").post(add("rule"), sent)

    assert answer.status_code == 200
    assert {"slot", "content", "campaign"} <= set(answer.context["adminform"].form.errors)


@pytest.mark.parametrize("query", ["slot=" + "9" * 30, "is_enabled__exact=😀", "p=" + "9" * 30])
def test_a_filter_that_is_none_shows_the_list(colleague, site, query):
    address = reverse("admin:personalization_rule_changelist")

    answer = colleague("editor").get(f"{address}?{query}", follow=True)

    assert answer.status_code == 200


def test_no_database_sees_a_nul_that_was_typed(colleague, site):
    publish = reverse("admin:personalization_publish")

    colleague("marketer").post(publish, {"note": "Spring\0 sale", "when": "now"})

    assert PublishedRelease.objects.get().note == "Spring sale"


@pytest.mark.parametrize("page", ["why", "preview", "publish", "calendar", "configuration"])
@pytest.mark.parametrize("value", ["\0", "9" * 30, "²", "%"])
def test_a_page_asked_for_nonsense_answers(colleague, site, page, value):
    names = ("exposure", "visitor", "preview", "persona", "slot", "owner", "upload", "site")

    answer = colleague("admin").get(
        reverse(f"admin:personalization_{page}"), dict.fromkeys(names, value)
    )

    assert answer.status_code in (200, 404)
