"""The code view of own blocks: where a new one begins, what is said while it is written."""

import pytest
from django.urls import reverse

from personalization.blocks.files import shipped_blocks
from personalization.blocks.filters import FILTERS
from personalization.targeting import documents
from personalization.targeting.models import CustomBlock
from tests.studio.sent_forms import sent_by

ADD = "/admin/personalization/customblock/add/"


def form_of(client, where):
    return sent_by(client.get(where).content.decode(), "customblock_form")


@pytest.fixture
def draft(site, colleague):
    client = colleague("editor")

    def ask(**texts):
        where = reverse("admin:personalization_customblock_draft")
        return client.post(where, {"site": site.pk, **texts}).json()

    return ask


def test_a_new_block_begins_as_one_that_works(site, colleague):
    client = colleague("editor")

    answer = client.post(ADD, {**form_of(client, ADD), "name": "Quote"})

    assert answer.status_code == 302
    assert CustomBlock.objects.get(key="quote").example["name"] == "Marta"


@pytest.mark.parametrize("name", sorted(set(shipped_blocks()) - {"json"}))
def test_a_new_block_may_begin_as_a_copy_of_one_of_ours(site, colleague, name):
    client, where = colleague("editor"), f"{ADD}?from={name}"

    answer = client.post(where, {**form_of(client, where), "name": "My own"})

    assert answer.status_code == 302
    own = CustomBlock.objects.get(key="my-own")
    assert own.schema == shipped_blocks()[name].block.schema
    assert own.template.strip() == shipped_blocks()[name].block.template.strip()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"template": "<p>\n{{ oops.x }}"}, "template", "Line 2, column 1"),
        ({"schema": '{"type":\nobject}'}, "schema", "Line 2, column 1"),
        ({"example": "{\n\n]"}, "example", "Line 3, column 1"),
        ({"example": '{"words": 7}'}, "example", "not of type"),
    ],
)
def test_what_is_wrong_is_refused_at_its_text_with_line_and_column(
    site, colleague, typed, field, said
):
    client = colleague("editor")

    answer = client.post(ADD, {**form_of(client, ADD), "name": "Quote", **typed})

    assert answer.status_code == 200
    assert said in str(answer.context["adminform"].form.errors[field])


def test_while_one_writes_flaws_come_with_their_places(draft):
    answer = draft(template="<p>\n{{ content.x }}", schema="{}", example="")

    (flaw,) = answer["flaws"]
    assert (flaw["where"], flaw["line"], flaw["column"]) == ("template", 2, 1)
    assert "page" not in answer


def test_while_one_writes_the_example_is_drawn_as_a_page_would_and_nothing_runs(draft):
    schema = '{"properties": {"text": {"type": "string", "format": "html"}}}'
    example = '{"text": "<b onclick=\\"x()\\">Hi</b><script>x()</script>"}'

    answer = draft(template="<p>{{ content.text }}</p>", schema=schema, example=example)

    assert answer["flaws"] == []
    assert "<b>Hi</b>" in answer["page"]
    assert "x()" not in answer["page"]
    assert "script-src 'none'" in answer["page"]


def test_the_editor_completes_what_the_sandbox_knows(site, colleague):
    offer = colleague("editor").get(ADD).context["code"]["offer"]

    assert set(offer["filters"]) == set(FILTERS)
    assert "visits" in offer["roots"]["visitor"]
    assert "price" in offer["roots"]["item"]


def test_who_may_only_look_sees_the_texts(site, colleague):
    block = {"key": "note", "template": "<p>Hello</p>", "schema": {"type": "object"}}
    row = documents.save_block(site, block, by="test")

    page = colleague("reviewer").get(
        reverse("admin:personalization_customblock_change", args=(row.pk,))
    )

    assert "&lt;p&gt;Hello&lt;/p&gt;" in page.content.decode()


def test_a_site_that_is_not_theirs_is_refused(site, other_site, colleague):
    where = reverse("admin:personalization_customblock_draft")

    assert colleague("editor").post(where, {"site": other_site.pk}).status_code == 403
