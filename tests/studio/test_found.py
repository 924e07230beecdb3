"""What workers found becomes a segment by a click, or goes away; its words are a marketer's."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils.translation import override

from personalization.govern.models import AuditEntry
from personalization.govern.roles import ROLES
from personalization.learn.found_groups import Group, Night, note_night
from personalization.learn.models import FoundGroup, ScoringRun
from personalization.report.chance_words import told
from personalization.report.group_words import name_of, what_sets_apart
from personalization.studio.condition_offer import offer
from personalization.targeting import documents
from personalization.targeting.models import Segment

PEOPLE = [*ROLES, None]
BOOTS = [("events:boots", 0.62, 0.11), ("visits", 9.14, 3.0), ("recency", 2.0, 14.0)]
RULE = {"field": "visits", "operator": ">=", "value": 5}
CONDITION = {"combinator": "and", "not": False, "rules": [RULE]}
OFFERED = {
    "state": "offered", "visitors": 900, "mean": 0.16, "brier": 0.12, "brier_of_mean": 0.15,
    "gain_low": 0.01, "auc": 0.71,
    "groups": [
        {"said": 0.07, "did": 0.08, "visitors": 307},
        {"said": 0.3, "did": 0.28, "visitors": 104},
    ],
}  # fmt: skip


def night(groups=(), **chances):
    return Night(datetime(2026, 11, 29, tzinfo=UTC), 1843, 14, chances, {}, groups)


def group(key="g1", **more):
    found = {"name": "Mostly boots", "condition": CONDITION, "differences": BOOTS, "recall": 0.95}
    more = {**found, "precision": 0.9, "visitors": 257, "is_faithful": True, **more}
    return Group(key=key, **more)


@pytest.fixture
def found(site):
    weak = {**OFFERED, "state": "weak"}
    note_night(site, night([group()], propensity_buy=OFFERED, propensity_lapse=weak))
    return FoundGroup.objects.get()


def page(client):
    return client.get(reverse("admin:personalization_found"))


def decide(client, found, deed):
    return client.post(
        reverse("admin:personalization_decide_on_group", args=(found.pk, deed)), follow=False
    )


def test_before_the_first_night_the_page_says_so(site, colleague):
    assert "The first night is still to come" in page(colleague("marketer")).content.decode()


def test_a_group_is_told_in_words_with_rounded_counts(found, colleague):
    text = page(colleague("marketer")).content.decode()

    assert "Mostly boots" in text
    assert "62 % of what they did lately was about “boots”; of all visitors 11 %." in text
    assert "They came 9.1 times on average; all visitors 3.0 times." in text
    assert "number of visits is at least 5" in text
    assert "260 visitors" in text
    assert "257" not in text


def test_a_likelihood_says_what_was_said_and_what_came_true(found, colleague):
    text = page(colleague("marketer")).content.decode()

    assert "Of the visitors said to buy with 30 %, 28 % did; of all visitors 16 %." in text
    assert "not surely better than to tell everybody the average" in text


@pytest.mark.parametrize("role", PEOPLE)
def test_editors_make_a_segment_of_it(found, colleague, role):
    answer = decide(colleague(role), found, "segment")

    may_edit = "edit" in ROLES.get(role, frozenset())
    assert answer.status_code == (302 if may_edit else 403 if role else 404)
    assert Segment.objects.exists() is may_edit
    if may_edit:
        segment = Segment.objects.get()
        assert (segment.name, segment.condition) == ("Mostly boots", CONDITION)
        assert answer.url == reverse("admin:personalization_segment_change", args=(segment.pk,))
        assert AuditEntry.objects.filter(action="segment.made", target=segment.key).exists()


@pytest.mark.parametrize("role", ROLES)
def test_a_person_of_another_site_decides_nothing(found, colleague, other_site, role):
    answer = decide(colleague(role, other_site), found, "dismiss")

    found.refresh_from_db()
    assert answer.status_code in (403, 404)
    assert found.dismissed_at is None


def test_a_second_click_makes_no_second_segment(found, colleague):
    client = colleague("editor")

    decide(client, found, "segment")
    decide(client, found, "segment")

    assert Segment.objects.count() == 1


def test_a_key_that_is_taken_is_numbered(found, site, colleague):
    documents.save_segment(site, {"key": "mostly-boots", "condition": CONDITION}, by="test")

    decide(colleague("editor"), found, "segment")

    assert set(Segment.objects.values_list("key", flat=True)) == {"mostly-boots", "mostly-boots-2"}


def test_what_was_waved_away_stays_away_until_it_is_brought_back(found, site, colleague):
    client = colleague("editor")

    decide(client, found, "dismiss")
    note_night(site, night([group(visitors=300)]))
    assert "Make this a segment" not in page(client).content.decode()

    decide(client, found, "bring-back")
    assert "Make this a segment" in page(client).content.decode()
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "foundgroup.dismissed",
        "foundgroup.brought_back",
    }


def test_a_condition_that_does_not_find_its_group_again_is_not_offered(site, colleague):
    note_night(site, night([group(is_faithful=False)]))

    assert "Make this a segment" not in page(colleague("editor")).content.decode()


def test_the_list_of_segments_says_that_there_are_some(found, colleague):
    client = colleague("editor")
    address = reverse("admin:personalization_segment_changelist")

    assert "1 group of alike visitors that could become a segment" in (
        client.get(address).content.decode()
    )

    decide(client, found, "segment")
    assert "could become" not in client.get(address).content.decode()


def test_the_builder_offers_what_the_model_says_in_a_group_of_its_own(found, site):
    site.refresh_from_db()

    fields = {each["name"]: each for each in offer(site)["fields"]}

    said = {n for n, each in fields.items() if each["group"] == "What the model says"}
    assert {"propensity_buy", "propensity_lapse", "cluster", "affinity", "rfm_recency"} <= said
    assert fields["cluster"]["choices"] == [["g1", "Mostly boots"]]
    assert fields["favourite_category"]["suggests"] == "server"


def test_a_condition_over_a_group_reads_by_its_name(found, site, colleague):
    rule = {"field": "cluster", "operator": "=", "value": "g1"}
    condition = {"combinator": "and", "rules": [rule]}
    documents.save_segment(site, {"key": "booted", "condition": condition}, by="test")

    listed = colleague("analyst").get(reverse("admin:personalization_segment_changelist"))

    assert "group of alike visitors is “Mostly boots”" in listed.content.decode()


@pytest.mark.parametrize(
    ("differences", "name"),
    [
        (BOOTS, "Mostly boots, come often"),
        ([("monetary", 10.0, 90.0), ("recency", 40.0, 9.0)], "Spend little, long not seen"),
        ([("events:boots", 0.0, 0.2)], "Alike visitors"),
    ],
)
def test_a_group_is_named_after_what_sets_it_apart(site, differences, name):
    assert name_of(differences, site) == name


def test_money_is_told_in_the_site_s_currency(site):
    site.currency = "CHF"

    (said,) = what_sets_apart([("monetary", 1234.4, 90.0)], site)

    assert said == "They spent 1,234 CHF on average; all visitors 90 CHF."


def test_too_little_is_told_with_what_it_takes(site):
    with override("en"):
        (each,) = told(ScoringRun(days=14, chances={"propensity_buy": {"state": "little"}}))

    assert each.state == "little"
    assert "42 days" in each.sentences[0]
