"""A campaign's page: what belongs to it, its state, its switch, a copy; and the calendar."""

import pytest
from django.urls import reverse

from personalization.govern.roles import ROLES
from personalization.targeting import documents
from personalization.targeting.models import Campaign
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures


def at(name, *args):
    return reverse(f"admin:personalization_{name}", args=args)


@pytest.fixture
def campaign(site, hero, note):  # noqa: F811
    row = documents.save_campaign(
        site, {"key": "xmas", "name": "Xmas", "start": "2030-05-06T00:00:00Z"}, by="test"
    )
    gift = documents.to_document(note("gift"))
    documents.save_content(site, {**gift, "name": "A gift", "campaign": "xmas"}, by="test")
    for n in range(3):
        rule = {"key": f"r{n}", "name": f"Rule {n}", "slot": "home.hero", "content": "gift"}
        documents.save_rule(site, {**rule, "campaign": "xmas"}, by="test")
    arms = [{"key": "a", "content": "gift"}, {"key": "b", "content": None}]
    test = {"key": "t", "name": "Two gifts", "slot": "home.hero", "arms": arms}
    documents.save_experiment(site, {**test, "campaign": "xmas"}, by="test")
    return row


def test_its_page_lists_what_belongs_to_it_and_where_it_stands(
    campaign, colleague, django_assert_max_num_queries
):
    client = colleague("marketer")

    with django_assert_max_num_queries(22):
        page = client.get(at("campaign_change", campaign.pk)).content.decode()

    for words in ("Rule 0", "Rule 2", "Two gifts", "A gift", "draft", "scheduled"):
        assert words in page, words


@pytest.mark.parametrize("role", ROLES)
def test_its_switch_is_for_those_who_publish_and_a_copy_for_those_who_edit(
    campaign, colleague, role
):
    client, abilities = colleague(role), ROLES[role]

    switched = client.post(at("switch_campaign", campaign.pk), {"on": "0"})
    copied = client.post(at("copy_campaign", campaign.pk))

    assert (switched.status_code == 302) is ("publish" in abilities)
    assert (copied.status_code == 302) is ("edit" in abilities)
    campaign.refresh_from_db()
    assert campaign.is_enabled is ("publish" not in abilities)
    assert Campaign.objects.count() == (2 if "edit" in abilities else 1)


def test_a_content_opened_and_saved_stays_in_its_campaign(campaign, colleague):
    from tests.studio.sent_forms import sent_by

    client, content = colleague("editor"), campaign.contents.get()
    page = client.get(at("content_change", content.pk)).content.decode()

    answer = client.post(
        at("content_change", content.pk), {**sent_by(page, "content_form"), "name": "New name"}
    )

    assert answer.status_code == 302
    content.refresh_from_db()
    assert (content.name, content.campaign) == ("New name", campaign)


def test_people_of_another_site_find_nothing(campaign, colleague, other_site):
    client = colleague("admin", other_site)

    assert client.post(at("switch_campaign", campaign.pk), {"on": "0"}).status_code == 404
    assert client.post(at("copy_campaign", campaign.pk)).status_code == 404
    assert "Xmas" not in client.get(at("calendar"), {"day": "2030-05-06"}).content.decode()


def test_whoever_makes_a_campaign_is_offered_as_its_owner(site, colleague):
    from tests.studio.sent_forms import sent_by

    client = colleague("marketer")
    page = client.get(at("campaign_add")).content.decode()

    client.post(at("campaign_add"), {**sent_by(page, "campaign_form"), "name": "Spring"})

    assert Campaign.objects.get(key="spring").owner.username == "marketer@example.com"


@pytest.mark.parametrize("view", ["month", "week"])
def test_the_calendar_shows_what_runs_and_leads_to_it(
    campaign, colleague, view, django_assert_max_num_queries
):
    client = colleague("analyst")
    asked = {"view": view, "day": "2030-05-08", "slot": "", "owner": ""}

    with django_assert_max_num_queries(16):
        page = client.get(at("calendar"), asked).content.decode()

    assert at("campaign_change", campaign.pk) in page
    rule = campaign.rules.first()
    assert f"{at('slot_change', rule.slot_id)}#rule-{rule.pk}" in page
    assert "from 6 May 2030" in page


def test_days_on_which_a_rule_rests_stay_empty(site, hero, colleague):  # noqa: F811
    rule = {"key": "r", "slot": "home.hero", "content": "plain", "when": {"days": [2, 5]}}
    documents.save_rule(site, rule, by="test")

    page = colleague("analyst").get(at("calendar"), {"view": "week", "day": "2030-05-08"})

    (line,) = page.context_data["lines"]
    runs = [(stretch.days, stretch.runs) for stretch in line.stretches]
    assert runs == [(1, False), (1, True), (2, False), (1, True), (2, False)]


@pytest.mark.parametrize(
    "asked",
    [
        {"day": "soon"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"slot": "x", "owner": "-1"},
        {"slot": "9" * 30},
        {"view": "year"},
    ],
)
def test_a_calendar_asked_for_nonsense_shows_today(site, colleague, asked):
    page = colleague("analyst").get(at("calendar"), asked)

    assert page.status_code == 200
    assert any(is_today for _day, is_today in page.context_data["days"])


def test_the_calendar_follows_the_clock_of_the_site(site, hero, colleague):  # noqa: F811
    site.zone = "Pacific/Auckland"
    site.save()
    rule = {"key": "r", "slot": "home.hero", "content": "plain"}
    bounds = {"start": "2030-05-07T12:00:00Z", "end": "2030-05-08T12:00:00Z"}
    documents.save_rule(site, {**rule, **bounds}, by="test")

    page = colleague("analyst").get(at("calendar"), {"view": "week", "day": "2030-05-08"})

    (line,) = page.context_data["lines"]
    assert [(stretch.days, stretch.runs) for stretch in line.stretches] == [
        (2, False),
        (1, True),
        (4, False),
    ]
