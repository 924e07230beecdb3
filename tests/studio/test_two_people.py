"""Two people save one document: the second is told, sees both versions, and loses nothing."""

import json
import re
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from personalization.studio.side_by_side import in_words
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


def test_hours_are_compared_in_words_too(rows):
    hours = {"from": "22:00", "until": "02:00"}

    assert in_words(rows["rules"].site, "when", hours) == "every day, 22:00 to 02:00"


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


# ---------------------------------------------------------------- settings of a site


@pytest.fixture
def settings_of(site):
    """The page of the site's settings, and what the browser would send back from it."""
    where = reverse("admin:personalization_site_change", args=(site.pk,))

    def open_by(client):
        return where, sent_by(client.get(where).content.decode(), "site_form")

    return open_by


def test_the_second_to_save_the_settings_is_shown_both_versions(site, settings_of, colleague):
    client = colleague("admin")
    where, sent = settings_of(client)
    client.post(where, {**sent, "name": "Theirs", "origins_text": "https://theirs.example"})

    answer = client.post(where, {**sent, "name": "Mine", "currency": "CHF"})

    html = answer.content.decode()
    assert "admin@example.com saved this while you were editing" in html
    assert "both of you changed this" in html
    assert "<mark>Theirs</mark>" in html
    assert "<mark>Mine</mark>" in html
    site.refresh_from_db()
    assert (site.name, site.currency) == ("Theirs", "EUR")


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({"take:name": "mine"}, ("Mine", "CHF", ["https://theirs.example"])),
        ({"take:name": "theirs"}, ("Theirs", "CHF", ["https://theirs.example"])),
        ({"take_all": "mine"}, ("Mine", "CHF", [])),
    ],
)
def test_what_the_second_chose_of_the_settings_is_saved(site, settings_of, colleague, chosen, kept):
    client = colleague("admin")
    site.origins = []
    site.save()
    where, sent = settings_of(client)
    site.name, site.origins = "Theirs", ["https://theirs.example"]
    site.save()
    mine = {**sent, "name": "Mine", "currency": "CHF"}
    told = client.post(where, mine).context["adminform"].form.standoff

    answer = client.post(where, {**mine, "settles": told.version, **chosen})

    assert answer.status_code == 302
    site.refresh_from_db()
    assert (site.name, site.currency, site.origins) == kept


def test_a_third_version_of_the_settings_is_asked_about_again(site, settings_of, colleague):
    client = colleague("admin")
    where, sent = settings_of(client)
    type(site).objects.update(name="Second")
    told = client.post(where, {**sent, "name": "Mine"}).context["adminform"].form.standoff
    type(site).objects.update(name="Third")

    answer = client.post(where, {**sent, "name": "Mine", "settles": told.version})

    assert "<mark>Third</mark>" in answer.content.decode()
    site.refresh_from_db()
    assert site.name == "Third"


def test_settings_that_nobody_else_touched_are_saved_at_once(site, settings_of, colleague):
    client = colleague("admin")
    where, sent = settings_of(client)

    assert client.post(where, {**sent, "name": "Mine"}).status_code == 302
    site.refresh_from_db()
    assert site.name == "Mine"


def test_saving_the_settings_leaves_alone_what_goes_live_meanwhile(site, settings_of, colleague):
    """Publishing and switching off write the same row."""
    client = colleague("admin")
    where, sent = settings_of(client)
    type(site).objects.update(live_release=12, is_enabled=False)

    client.post(where, {**sent, "name": "Mine"})

    site.refresh_from_db()
    assert (site.name, site.live_release, site.is_enabled) == ("Mine", 12, False)
