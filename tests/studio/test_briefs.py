"""A marketer's brief: what it would cost is said before, what failed is said after."""

from datetime import timedelta

import pytest
from django.urls import reverse

from personalization import clock
from personalization.catalog.items import read_item
from personalization.catalog.models import Item
from personalization.drafts.models import Brief, Order
from personalization.drafts.policies import save_policy
from personalization.govern.roles import ROLES
from personalization.outbox import Job
from tests.drafts.conftest import (  # noqa: F401 - fixtures
    WARM,
    brief,
    germans,
    mara,
    people,
    written,
)
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

ADD = reverse("admin:personalization_brief_add")
TYPED = {
    "block": "hero_banner",
    "kind": "text",
    "goal": "Greet them",
    "about": "none",
    "locales": ["en"],
    "variants": "2",
}


@pytest.fixture
def writer(settings):
    """A model is connected, and costs what the settings say."""
    usual = {
        "model": "writer-1",
        "base_url": "http://127.0.0.1:1/v1",
        "price_in": 5,
        "price_out": 20,
    }
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "WRITERS": {"usual": usual}}


@pytest.fixture
def boots(site):
    rows = [("b1", "Alpine boot"), ("b2", "Beach boot")]
    return [
        Item.objects.create(site=site, key=key, title=title, category="boots")
        for key, title in rows
    ]


def change(row):
    return reverse("admin:personalization_brief_change", args=(row.pk,))


def do(client, row, deed, *args, **sent):
    return client.post(reverse(f"admin:personalization_brief_{deed}", args=(row.pk, *args)), sent)


@pytest.mark.parametrize("role", [*ROLES, None])
def test_only_those_who_edit_write_and_ask(colleague, role, brief, writer):  # noqa: F811
    waiting = brief()
    client = colleague(role)

    made = client.post(f"{ADD}?block=hero_banner", TYPED)
    asked = do(client, waiting, "ask")

    may_edit = "edit" in ROLES.get(role, frozenset())
    waiting.refresh_from_db()
    assert made.status_code == (302 if may_edit else 403)
    assert Brief.objects.count() == (2 if may_edit else 1)
    assert (waiting.state == Brief.ASKED) is may_edit
    assert asked.status_code == (302 if may_edit else 403 if role else 404)


def test_a_brief_begins_with_what_a_slot_shows(colleague, hero):  # noqa: F811
    client = colleague("marketer")

    begun = client.get(ADD)
    form = client.get(f"{ADD}?slot=home.hero").context["form"]

    assert "home.hero" in begun.content.decode()
    assert form.block.name == "note"
    assert form["slot"].value() == "home.hero"


def test_one_click_on_a_segment_begins_a_brief_for_it(colleague, hero, germans):  # noqa: F811
    client = colleague("marketer")
    segment = client.get(reverse("admin:personalization_segment_change", args=(germans.pk,)))
    assert f"{ADD}?segment=germans" in segment.content.decode()

    form = client.get(f"{ADD}?segment=germans&slot=home.hero").context["form"]

    assert form["segment"].value() == "germans"
    assert form["goal"].value()


def test_what_a_brief_would_cost_is_said_while_it_is_typed(colleague, site, writer):
    address = reverse("admin:personalization_brief_estimate")

    said = colleague("marketer").post(address, TYPED).json()

    assert said["said"].startswith("About ")
    assert "20.00 are left" in said["left"]
    assert not Brief.objects.exists()


def test_a_brief_for_a_category_is_one_text_for_each_item(colleague, boots, writer):
    typed = {**TYPED, "block": "text_image", "about": "category", "category": "boots"}

    colleague("marketer").post(f"{ADD}?block=text_image", {**typed, "facts": ["title", "price"]})

    made = Brief.objects.get()
    assert (made.items, made.facts) == (["b1", "b2"], ["title", "price"])
    assert read_item(boots[0]).category == "boots"


def test_items_are_found_by_a_part_of_their_name(colleague, boots):
    address = reverse("admin:personalization_brief_items")

    found = colleague("marketer").get(address, {"q": "alp"}).json()["items"]

    assert found == [{"key": "b1", "title": "Alpine boot"}]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(colleague, site, writer):
    typed = {**TYPED, "locales": [], "further": "no language!", "goal": "Keep me"}

    page = colleague("marketer").post(f"{ADD}?block=hero_banner", typed)

    form = page.context["form"]
    assert form.errors["locales"]
    assert form["goal"].value() == "Keep me"


def test_without_a_model_the_page_says_how_to_connect_one(colleague, brief):  # noqa: F811
    waiting = brief()
    client = colleague("marketer")

    shown = client.get(change(waiting)).content.decode()
    do(client, waiting, "ask")

    assert "OPENAI_API_KEY" in shown
    waiting.refresh_from_db()
    assert waiting.state == Brief.OPEN


def test_asking_more_than_is_left_is_not_offered(colleague, brief, site, writer):  # noqa: F811
    save_policy(site, {"monthly_budget": 1}, by="test")
    waiting = brief()

    shown = colleague("marketer").get(change(waiting)).content.decode()

    assert "more than is left of this month" in shown


@pytest.mark.parametrize(("minutes", "is_late"), [(1, False), (10, True)])
def test_texts_that_no_worker_takes_up_say_so(colleague, brief, writer, minutes, is_late):  # noqa: F811
    client, row = colleague("marketer"), brief()
    do(client, row, "ask")
    Job.objects.update(due_at=clock.now() - timedelta(minutes=minutes))

    page = client.get(change(row)).content.decode()

    assert ("Your texts wait with it" in page) is is_late


def test_what_failed_says_why_and_is_tried_again_once(colleague, brief, writer):  # noqa: F811
    asked = brief()
    Brief.objects.filter(pk=asked.pk).update(state=Brief.ASKED)
    failed = Order.objects.create(
        brief=asked, locale="en", state=Order.FAILED, failure="timeout", sentence="Too slow today."
    )
    client = colleague("marketer")
    shown = client.get(change(asked)).content.decode()
    assert "Too slow today." in shown
    assert "Try again" in shown

    do(client, asked, "again", failed.pk)
    do(client, asked, "again", failed.pk)

    assert sorted(asked.orders.values_list("round", "state")) == [(1, "failed"), (2, "waiting")]
    assert "Try again" not in client.get(change(asked)).content.decode()


def test_the_list_is_told_how_far_briefs_are(colleague, written):  # noqa: F811
    draft = written(WARM)
    address = reverse("admin:personalization_brief_progress")

    told = colleague("marketer").get(address, {"id": draft.brief_id}).json()

    assert told[str(draft.brief_id)]["said"] == "1 of 1 written, 1 draft waits"
    assert told[str(draft.brief_id)]["running"] is False


def test_a_due_time_is_the_sites_own_and_comes_back_as_it_was_typed(colleague, site, writer):
    site.zone = "Asia/Tokyo"
    site.save()
    client = colleague("marketer")

    client.post(f"{ADD}?block=hero_banner", {**TYPED, "due_at": "2031-05-04T18:30"})
    made = Brief.objects.get()
    again = client.get(reverse("admin:personalization_brief_edit", args=(made.pk,)))

    assert made.due_at.isoformat() == "2031-05-04T09:30:00+00:00"
    assert again.context["form"]["due_at"].value() == "2031-05-04T18:30"


def test_a_brief_is_kept_as_a_template_to_start_others_from(colleague, brief):  # noqa: F811
    made = brief(goal="Say hello")
    client = colleague("marketer")

    do(client, made, "template", name="Hello")
    begun = client.get(ADD)
    (template,) = begun.context["templates"]
    form = client.get(f"{ADD}?template={template.pk}").context["form"]

    assert form["goal"].value() == "Say hello"


@pytest.mark.parametrize("role", ROLES)
def test_a_person_of_another_site_sees_no_brief(colleague, role, other_site, brief):  # noqa: F811
    made = brief(goal="Ours alone")
    client = colleague(role, other_site)

    assert client.get(change(made)).status_code == 404
    assert do(client, made, "cancel").status_code == 404
    made.refresh_from_db()
    assert made.state == Brief.OPEN


def test_a_brief_that_one_saved_in_another_tab_is_not_written_over(colleague, writer, site):
    client = colleague("marketer")
    client.post(f"{ADD}?block=hero_banner", TYPED)
    edit = reverse("admin:personalization_brief_edit", args=(Brief.objects.get().pk,))
    opened = client.get(edit).context["opened_at"]
    client.post(edit, {**TYPED, "goal": "Greet them loudly", "opened_at": opened})

    page = client.post(edit, {**TYPED, "goal": "Greet them softly", "opened_at": opened})

    assert "another window" in page.content.decode()
    assert page.context["form"]["goal"].value() == "Greet them softly"
    assert Brief.objects.get().goal == "Greet them loudly"
