"""Looking through anybody's eyes in the studio, and on the site's real page."""

import re

import pytest
from django.urls import reverse

from personalization.collect.consent import choose
from personalization.collect.models import Exposure
from personalization.profiles.models import Profile
from personalization.publish.models import Preview
from personalization.studio import onlookers
from personalization.targeting import documents
from personalization.targeting.models import UndeclaredSlot
from rules.purposes import Purpose
from tests.publish.conftest import drafts, publish  # noqa: F401 - fixtures
from tests.summaries import summarized
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

PAGE = reverse("admin:personalization_preview")
FORM = {"page": "https://shop.example/", "version": "draft"}


@pytest.fixture
def shop(drafts, publish):  # noqa: F811
    drafts.origins = ["https://shop.example"]
    drafts.save()
    publish()
    return drafts


def look(client, **form):
    answer = client.post(PAGE, {**FORM, **form}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def link(page):
    return re.search(r'href="(https://shop\.example/\?pz_preview=[^"]+)"', page)[1]


def render(client, keys, token, slots=("home.hero",)):
    return client.post(
        "/api/v1/render",
        {"slots": list(slots)},
        content_type="application/json",
        headers={"Authorization": f"Bearer {keys.publishable}", "X-Preview": token},
    ).json()


def test_slots_are_shown_as_somebody_else_and_the_real_page_is_one_click_away(
    shop, colleague, keys, client
):
    page = look(colleague("marketer"), country="DE")

    assert "by a rule" in page
    shown = render(client, keys, link(page).partition("pz_preview=")[2])
    assert shown["slots"]["home.hero"]["content"] == "servus"
    assert shown["slots"]["home.hero"]["reason"]["rule"] == "germany"


def test_a_real_visitor_who_is_to_allow_nothing_is_seen_as_a_stranger(shop, colleague):
    """Unticking every purpose says so; it is not the same as saying nothing."""
    choose(shop, "ada", purposes=frozenset(Purpose), policy="p", source="test")
    pseudonym = Profile.objects.get(site=shop).key
    rules = [{"field": "visits", "operator": ">=", "value": 0}]
    tree = {"combinator": "and", "rules": rules}
    rule = {"key": "known", "slot": "home.hero", "condition": tree, "content": "servus"}
    documents.save_rule(shop, rule, by="test")
    client = colleague("marketer")

    as_allowed = look(client, visitor=pseudonym, purposes=["personalization"])
    as_stranger = look(client, visitor=pseudonym)

    assert "by a rule" in as_allowed
    assert "by a rule" not in as_stranger


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({"deed_type": "view", "deed_item": "", "deed_category": "", "deed_ago": "soon"}, "line 1"),
        ({"fact:visits": "many"}, "number of visits"),
        ({"at": "tomorrow"}, "time"),
        ({"page": "https://elsewhere.example/"}, "page of the site"),
    ],
)
def test_what_is_wrong_is_named_as_the_form_calls_it(shop, colleague, form, place):
    page = look(colleague("marketer"), **form)

    assert f"{place}</strong>:" in page
    assert not Preview.objects.exists()


def test_such_traffic_counts_nowhere(shop, colleague, keys, client):
    token = link(look(colleague("marketer"), country="DE")).partition("pz_preview=")[2]

    answer = render(client, keys, token, ("home.hero", "nobody.declared.this"))

    assert {slot["exposure"] for slot in answer["slots"].values()} == {None}
    assert not UndeclaredSlot.objects.exists()
    assert not Exposure.objects.exists()
    shop.refresh_from_db()
    assert shop.first_render_at is None


def test_a_token_that_is_no_good_shows_what_everybody_sees(shop, keys, client):
    assert render(client, keys, "nonsense")["slots"]["home.hero"]["content"] == "plain"


def test_a_personas_form_is_filled_and_can_be_changed(shop, colleague):
    page = colleague("marketer").get(PAGE, {"persona": "segment:german"}).content.decode()

    assert 'name="country" value="DE"' in page


def test_a_link_for_a_colleague_is_listed_and_taken_back(shop, colleague, keys, client):
    marketer = colleague("marketer")
    token = link(look(marketer, do="share", country="DE")).partition("pz_preview=")[2]
    preview = Preview.objects.get()

    marketer.post(reverse("admin:personalization_take_back_preview", args=(preview.pk,)))

    assert render(client, keys, token)["slots"]["home.hero"]["content"] == "plain"


def test_what_is_wrong_is_said_and_the_form_keeps_what_was_typed(shop, colleague):
    page = look(colleague("marketer"), page="https://elsewhere.example/", country="FR")

    assert "origins" in page
    assert 'value="FR"' in page
    assert not Preview.objects.exists()


def test_only_those_who_see_reports_look_through_a_real_visitor(shop, colleague):
    choose(shop, "ada", purposes=frozenset(Purpose), policy="p", source="test")
    visitor = Profile.objects.get(site=shop).key

    assert "It works until" in look(colleague("marketer"), visitor=visitor, purposes=list(Purpose))
    assert colleague("editor").post(PAGE, {**FORM, "visitor": visitor}).status_code == 403


def test_nobody_sees_the_look_of_a_colleague_by_its_key(shop, colleague):
    look(colleague("marketer"))
    key = Preview.objects.get().key

    page = colleague("editor").get(PAGE, {"preview": key}).content.decode()

    assert "pz_preview=" not in page


def test_the_template_tag_shows_the_preview_too(shop, colleague, rf, keys):
    from personalization.api.in_page import slot_document

    token = link(look(colleague("marketer"), country="DE")).partition("pz_preview=")[2]
    by_address = rf.get("/", {"pz_preview": token})
    by_cookie = rf.get("/")
    by_cookie.COOKIES["pz_preview"] = token

    for request in (by_address, by_cookie):
        assert slot_document(request, "home.hero", None)["content"] == "servus"


def test_the_bar_says_what_is_looked_at(shop, colleague, keys, client):
    token = link(look(colleague("marketer"), country="DE")).partition("pz_preview=")[2]
    headers = {"Authorization": f"Bearer {keys.publishable}"}

    said = client.get("/api/v1/preview", headers={**headers, "X-Preview": token}).json()

    assert "DE" in said["who"]
    assert client.get("/api/v1/preview", headers=headers).status_code == 404


def test_real_visitors_are_offered_to_those_who_report_and_only_among_many(
    shop, colleague, monkeypatch, visitor
):
    visitor("v1")
    Profile.objects.update(last_seen=1)
    summarized()
    offered = f"?visitor={Profile.objects.get().key}"
    alone = colleague("marketer").get(PAGE).content.decode()

    monkeypatch.setattr(onlookers, "FLOOR", 1)

    assert offered not in alone
    assert offered in colleague("analyst").get(PAGE).content.decode()
    assert offered not in colleague("reviewer").get(PAGE).content.decode()


def test_a_link_to_a_look_that_is_over_says_so(shop, colleague):
    page = colleague("marketer").get(PAGE, {"preview": "gone"}).content.decode()

    assert "That preview has expired, was taken back" in page
    assert "That preview" not in colleague("editor").get(PAGE).content.decode()
