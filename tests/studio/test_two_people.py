"""Two people save one document: the second is told, sees both versions, and loses nothing."""

import json
import re
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from personalization.targeting import documents
from personalization.targeting.documents import KINDS, to_document
from personalization.targeting.models import Campaign
from tests.studio.sent_forms import sent_by

EVERYONE = {"combinator": "and", "rules": []}
OFTEN = {"combinator": "and", "rules": [{"field": "visits", "operator": ">", "value": 3}]}
EDITED = [name for name, kind in KINDS.items() if kind.model in admin.site._registry]
NOTE = {"type": "object", "title": "Note", "properties": {"text": {"type": "string"}}}


@pytest.fixture
def rows(site):
    """One document of every kind that has a page."""
    made = {
        "blocks": {"key": "note", "template": "<p>{{ content.text }}</p>", "schema": NOTE},
        "segments": {"key": "all", "name": "All", "condition": EVERYONE},
        "campaigns": {"key": "spring", "name": "Spring"},
        "content": {"key": "plain", "block": "note", "fields": {"en": {"text": "Hello"}}},
        "slots": {"key": "home.hero", "default": "plain"},
        "rules": {"key": "r", "slot": "home.hero", "segment": "all", "content": "plain"},
        "experiments": {
            "key": "e",
            "slot": "home.hero",
            "arms": [{"key": "a", "content": "plain"}, {"key": "b", "content": None}],
        },
        "journeys": {"key": "j", "stages": [{"key": "new", "enter": {"condition": OFTEN}}]},
    }
    return {name: KINDS[name].save(site, made[name], by="test") for name in EDITED}


def address(row):
    return reverse(f"admin:personalization_{row._meta.model_name}_change", args=(row.pk,))


def opened(client, row):
    """What the browser would send back from the page as it stands."""
    page = client.get(address(row), {"settings": 1}).content.decode()
    return sent_by(page, f"{row._meta.model_name}_form")


def changed_by_somebody(row, **parts):
    kind = next(each for each in KINDS.values() if each.model is type(row))
    return kind.save(row.site, {**to_document(row), **parts}, by="Ada")


@pytest.mark.parametrize("name", EDITED)
def test_the_second_to_save_is_told_who_changed_what(rows, colleague, name):
    row, client = rows[name], colleague("editor")
    sent = opened(client, row)
    changed_by_somebody(row, name="Theirs")

    page = client.post(address(row), {**sent, "name": "Mine"})

    assert page.status_code == 200
    said = page.content.decode()
    assert "Ada saved this while you were editing" in said
    assert "Theirs" in said
    assert "Mine" in said
    row.refresh_from_db()
    assert row.name == "Theirs"


@pytest.mark.parametrize("name", EDITED)
@pytest.mark.parametrize(("choice", "kept"), [("theirs", "Theirs"), ("mine", "Mine")])
def test_the_second_chooses_and_what_they_chose_is_saved(rows, colleague, name, choice, kept):
    row, client = rows[name], colleague("editor")
    sent = {**opened(client, row), "name": "Mine"}
    changed_by_somebody(row, name="Theirs")
    told = client.post(address(row), sent).context["adminform"].form.standoff

    answer = client.post(address(row), {**sent, "settles": told.version, "take:name": choice})

    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.name == kept


@pytest.mark.parametrize("name", EDITED)
def test_who_saves_first_is_told_nothing(rows, colleague, name):
    row, client = rows[name], colleague("editor")

    answer = client.post(address(row), {**opened(client, row), "name": "Mine"})

    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.name == "Mine"


@pytest.mark.parametrize("name", EDITED)
def test_what_was_deleted_meanwhile_can_be_made_anew(rows, colleague, name):
    row, client = rows[name], colleague("editor")
    sent = {**opened(client, row), "name": "Mine"}
    where = address(row)
    delete_with_all_that_needs_it(rows, name)

    told = client.post(where, sent)
    assert "deleted this" in told.content.decode()
    assert not type(row).objects.filter(key=row.key).exists()

    answer = client.post(where, {**sent, "again": "1"})
    assert answer.status_code == 302
    assert type(row).objects.get(key=row.key).name == "Mine"


def delete_with_all_that_needs_it(rows, name):
    """Later kinds refer to earlier ones."""
    for each in reversed(list(rows)[list(rows).index(name) :]):
        documents.delete(rows[each], by="Ada")


def test_parts_that_only_one_of_them_changed_are_both_kept(rows, colleague):
    row, client = rows["segments"], colleague("editor")
    sent = {**opened(client, row), "name": "Mine"}
    changed_by_somebody(row, condition=OFTEN)
    told = client.post(address(row), sent)

    assert "number of visits" in told.content.decode()
    client.post(address(row), {**sent, "settles": told.context["adminform"].form.standoff.version})

    row.refresh_from_db()
    assert (row.name, row.condition) == ("Mine", OFTEN)


def test_a_third_version_between_the_question_and_the_answer_is_asked_about_again(rows, colleague):
    row, client = rows["campaigns"], colleague("editor")
    sent = {**opened(client, row), "name": "Mine"}
    changed_by_somebody(row, name="Second")
    told = client.post(address(row), sent).context["adminform"].form.standoff
    changed_by_somebody(row, name="Third")

    page = client.post(address(row), {**sent, "settles": told.version, "take_all": "mine"})

    assert "Third" in page.content.decode()
    row.refresh_from_db()
    assert row.name == "Third"


def test_both_writing_the_same_is_no_quarrel(rows, colleague):
    row, client = rows["campaigns"], colleague("editor")
    sent = {**opened(client, row), "name": "Same"}
    changed_by_somebody(row, name="Same")

    assert client.post(address(row), sent).status_code == 302


def test_two_who_make_the_same_thing_at_one_moment_see_no_failure(site, colleague):
    """Somebody writes between our look and our saving."""
    client = colleague("editor")
    looks = []

    def somebody_is_quicker(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "campaign" in sql:
            looks.append(sql)
            if len(looks) == 2:  # the first is the rehearsal
                execute(sql, params, many, context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(somebody_is_quicker):
        answer = client.post(
            reverse("admin:personalization_campaign_add"), {"site": site.pk, "name": "Spring"}
        )

    assert len(looks) > 2
    assert answer.status_code in (200, 302)
    assert Campaign.objects.count() == 1


def test_the_opened_version_is_the_stored_document(rows, colleague):
    row = rows["content"]

    sent = opened(colleague("editor"), row)

    assert json.loads(sent["opened_as"]) == to_document(row)


def test_the_copy_in_the_browser_is_forgotten_once_its_page_is_stored(rows, colleague):
    """The script reads the cookie as it stands; quotation marks would belong to the address."""
    row, client = rows["campaigns"], colleague("editor")
    where = f"{address(row)}?settings=1"

    answer = client.post(where, {**opened(client, row), "name": "Mine"})

    receipt = answer.cookies["pz_saved"].coded_value
    assert re.fullmatch(r"[\w%.-]+", receipt)
    assert unquote(receipt) == where
