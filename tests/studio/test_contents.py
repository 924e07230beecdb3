"""Contents: what the form of a block offers, takes, refuses at which field, and stores."""

import json

import pytest
from django.urls import reverse

from personalization.blocks.files import shipped_blocks
from personalization.targeting import documents
from personalization.targeting.models import Content
from tests.studio.sent_forms import sent_by

STEP = {
    "type": "object",
    "required": ["title"],
    "properties": {
        "title": {"type": "string", "title": "Title", "maxLength": 20},
        "photo": {"type": "string", "format": "image"},
        "points": {"type": "array", "items": {"type": "string"}},
    },
}
RICH = {
    "type": "object",
    "title": "Rich",
    "required": ["heading"],
    "properties": {
        "heading": {"type": "string", "title": "Heading", "maxLength": 40},
        "steps": {"type": "array", "title": "Steps", "maxItems": 3, "items": STEP},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 5}},
        "author": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
        },
        "columns": {"type": "integer", "enum": [1, 2, 3], "default": 2},
        "tone": {"type": "string", "oneOf": [{"const": "a", "title": "Calm"}, {"const": "b"}]},
        "ratio": {"type": "number", "minimum": 0, "maximum": 1},
        "wide": {"type": "boolean", "default": True},
        "day": {"type": "string", "format": "date"},
        "ink": {"type": "string", "format": "color"},
        "free": {"type": "object"},
    },
}
TEMPLATE = (
    "<h2>{{ content.heading }}</h2>{% for step in content.steps %}{{ step.title }}{% endfor %}"
)
FULL = {
    "heading": "All of it",
    "steps": [{"title": "One", "points": ["a", "b"]}, {"title": "Two", "photo": "/two.png"}],
    "tags": ["x", "y"],
    "author": {"name": "Ada", "age": 36},
    "columns": 3,
    "tone": "b",
    "ratio": 0.5,
    "wide": False,
    "day": "2026-12-31",
    "ink": "#aabbcc",
    "free": {"any": [1, {"thing": True}]},
}


@pytest.fixture
def rich(site):
    document = {"key": "rich", "name": "Rich", "template": TEMPLATE, "schema": RICH}
    documents.save_block(site, document, by="test")
    return site


@pytest.fixture
def stored(rich):
    document = {"key": "c", "block": "rich", "fields": {"en": FULL}}
    return documents.save_content(rich, document, by="test")


def add_address(block):
    return f"{reverse('admin:personalization_content_add')}?block={block}"


def address(content):
    return reverse("admin:personalization_content_change", args=(content.pk,))


def form_of(client, where):
    return sent_by(client.get(where).content.decode(), "content_form")


def errors_of(answer):
    assert answer.status_code == 200, "it was saved"
    return answer.context["adminform"].form.errors


@pytest.mark.parametrize("block", sorted(shipped_blocks()))
def test_a_new_content_begins_as_the_blocks_example_and_can_be_saved_as_it_is(
    site, colleague, block
):
    client = colleague("editor")
    sent = form_of(client, add_address(block))

    answer = client.post(add_address(block), {**sent, "name": "First try"})

    assert answer.status_code == 302
    content = Content.objects.get(key="first-try")
    example = shipped_blocks()[block].example
    assert content.block == block
    assert {name: content.fields["en"][name] for name in example} == example
    assert set(content.fields) == {"en"}


def test_what_has_neither_name_nor_key_is_not_saved(site, colleague):
    client = colleague("editor")
    nameless = {**form_of(client, add_address("promotion_bar")), "name": "", "key": ""}

    refused = client.post(add_address("promotion_bar"), nameless)
    saved = client.post(add_address("promotion_bar"), {**nameless, "key": "line"})

    assert "Give it a name" in str(errors_of(refused)["name"])
    assert saved.status_code == 302
    assert Content.objects.get().key == "line"


def test_saving_says_what_is_still_to_do(site, colleague):
    client = colleague("editor")
    sent = {**form_of(client, add_address("promotion_bar")), "name": "Line"}

    answer = client.post(add_address("promotion_bar"), sent, follow=True)
    assert "No slot shows it yet" in answer.content.decode()

    documents.save_slot(site, {"key": "line", "default": "line"}, by="test")
    line = address(Content.objects.get(key="line"))
    answer = client.post(line, form_of(client, line), follow=True)
    assert "Pages show it once you publish" in answer.content.decode()


def test_whatever_a_schema_describes_opens_and_saves_unchanged(stored, colleague):
    client = colleague("editor")

    answer = client.post(address(stored), form_of(client, address(stored)))

    assert answer.status_code == 302
    stored.refresh_from_db()
    assert stored.fields == {"en": FULL}


def test_entries_are_stored_in_the_order_in_which_they_are_sent(stored, colleague):
    client = colleague("editor")
    sent = form_of(client, address(stored))
    assert sent["field__en__steps"] == ["0", "1"]
    new = {"field__en__steps__nx__title": "New", "field__en__steps": ["1", "nx", "0"]}

    client.post(address(stored), {**sent, **new})

    stored.refresh_from_db()
    assert [step["title"] for step in stored.fields["en"]["steps"]] == ["Two", "New", "One"]
    assert stored.fields["en"]["steps"][2]["points"] == ["a", "b"]


def test_an_entry_that_is_not_sent_any_more_is_gone(stored, colleague):
    client = colleague("editor")
    sent = form_of(client, address(stored))
    del sent["field__en__tags"]

    client.post(address(stored), {**sent, "field__en__steps": ["1"]})

    stored.refresh_from_db()
    assert [step["title"] for step in stored.fields["en"]["steps"]] == ["Two"]
    assert "tags" not in stored.fields["en"]


@pytest.mark.parametrize(
    ("typed", "field", "part"),
    [
        ({"field__en__steps__1__title": ""}, "field__en__steps", ("1", "title")),
        ({"field__en__steps__1__title": "x" * 21}, "field__en__steps", ("1", "title")),
        ({"field__en__steps__0__title": "{{ nope }}"}, "field__en__steps", ("0", "title")),
        ({"field__en__tags__0": "too long"}, "field__en__tags", ("0", "")),
        ({"field__en__author__0__name": ""}, "field__en__author", ("0", "name")),
        ({"field__en__author__0__age": "old"}, "field__en__author", ("0", "age")),
    ],
    ids=["missing", "too long", "unknown name", "plain entry", "in a group", "no number"],
)
def test_what_is_wrong_inside_is_said_at_its_part(stored, colleague, typed, field, part):
    client = colleague("editor")

    answer = client.post(address(stored), {**form_of(client, address(stored)), **typed})

    assert field in errors_of(answer)
    assert answer.context["adminform"].form.fields[field].wrong[part]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"field__en__heading": ""}, "field__en__heading"),
        ({"field__en__heading": "{{ visitor.nobody }}"}, "field__en__heading"),
        ({"field__en__ratio": "2"}, "field__en__ratio"),
        ({"field__en__columns": "7"}, "field__en__columns"),
        ({"field__en__free": "{broken"}, "field__en__free"),
        ({"field__en__steps": ["a", "b", "c", "d"]}, "field__en__steps"),
    ],
    ids=["required", "placeholder", "range", "choice", "JSON", "too many entries"],
)
def test_what_is_wrong_is_said_at_its_field(stored, colleague, typed, field):
    client = colleague("editor")
    names = {f"field__en__steps__{row}__title": "T" for row in "abcd"}

    answer = client.post(address(stored), {**form_of(client, address(stored)), **names, **typed})

    assert field in errors_of(answer)
    stored.refresh_from_db()
    assert stored.fields == {"en": FULL}


def test_a_further_language_begins_with_the_same_choices_and_may_stay_empty(stored, colleague):
    client = colleague("editor")
    sent = form_of(client, address(stored))

    assert sent["field__de__columns"] == "3"
    assert "field__de__wide" not in sent
    client.post(address(stored), {**sent, "field__de__heading": "Alles"})

    stored.refresh_from_db()
    assert stored.fields["de"] == {
        "heading": "Alles",
        "columns": 3,
        "tone": "b",
        "ratio": 0.5,
        "wide": False,
    }


def test_a_language_can_be_added(stored, colleague):
    client = colleague("editor")
    fields = reverse("admin:personalization_content_fields", args=("rich",))

    cells = client.get(fields, {"locale": "it"}).content.decode()
    assert cells.count('data-locale="it"') == len(RICH["properties"])
    sent = form_of(client, address(stored))
    answer = client.post(
        address(stored),
        {**sent, "locale": [*sent["locale"], "it"], "field__it__heading": "Tutto"},
    )

    assert answer.status_code == 302
    stored.refresh_from_db()
    assert stored.fields["it"] == {"heading": "Tutto", "wide": False}


@pytest.mark.parametrize("locale", ["", "<script>", "e", "../x"])
def test_what_is_no_language_is_not_added(stored, colleague, locale):
    fields = reverse("admin:personalization_content_fields", args=("rich",))

    assert colleague("editor").get(fields, {"locale": locale}).status_code == 404


def test_who_may_only_look_sees_the_fields_locked(stored, colleague):
    client = colleague("reviewer")

    page = client.get(address(stored)).content.decode()

    assert "All of it" in page
    assert '<fieldset class="pzc-fields" disabled' in page
    assert client.post(address(stored), {"name": "Mine"}).status_code == 403


def test_a_content_whose_block_is_gone_still_opens(stored, colleague):
    Content.objects.filter(pk=stored.pk).update(block="gone")

    assert colleague("editor").get(address(stored)).status_code == 200


def test_the_blocks_are_shown_with_what_they_are_for_own_ones_too(rich, colleague):
    page = colleague("editor").get(reverse("admin:personalization_content_add"))

    shown = {each["name"]: each["text"] for each in page.context["blocks"]}
    assert {*shipped_blocks(), "rich"} == set(shown)
    assert all(shown.values())


@pytest.mark.parametrize("block", [*sorted(shipped_blocks()), "rich"])
def test_every_block_has_a_picture(rich, colleague, block):
    address = reverse("admin:personalization_content_picture", args=(block,))

    answer = colleague("editor").get(address)

    assert answer.status_code == 200
    assert "refusal" not in answer.content.decode()


def test_the_pages_take_few_queries_however_much_there_is(
    stored, colleague, django_assert_max_num_queries
):
    tree = {"combinator": "and", "rules": [{"field": "visits", "operator": ">", "value": 3}]}
    for n in range(40):
        segment = {"key": f"s{n}", "condition": tree}
        documents.save_segment(stored.site, segment, by="test")
        block = {"key": f"b{n}", "template": "<p></p>", "schema": {"type": "object"}}
        documents.save_block(stored.site, block, by="test")
    client = colleague("admin")

    for where in (
        reverse("admin:personalization_content_add"),
        add_address("hero_banner"),
        address(stored),
        reverse("admin:personalization_content_changelist"),
        reverse("admin:personalization_content_pictures"),
    ):
        with django_assert_max_num_queries(30):
            assert client.get(where).status_code == 200


def test_the_offer_of_placeholders_stands_in_the_page(stored, colleague):
    page = colleague("editor").get(address(stored))

    names = {each["name"] for each in page.context["composer"]["offer"]}
    assert {"visitor.visits", "context.device", "item.price", "site.locale"} <= names
    json.dumps(page.context["composer"]["offer"])
