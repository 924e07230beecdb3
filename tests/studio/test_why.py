"""Asking why: an exposure is explained, and what the visitor would see now is said beside it."""

import pytest
from django.urls import reverse

from personalization import clock
from personalization.collect.consent import choose
from personalization.collect.exposures import Claims, sign
from personalization.collect.models import Exposure
from personalization.profiles import traits
from personalization.profiles.models import Profile
from personalization.studio import why
from personalization.targeting import documents
from rules.purposes import Purpose
from tests.publish.conftest import drafts, publish  # noqa: F401 - fixtures
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

WHY = reverse("admin:personalization_why")


@pytest.fixture
def pros(drafts, publish):  # noqa: F811
    """The second rule shows `servus` to pros; Ada is one."""
    documents.save_traits_schema(drafts, {"plan": {"type": "string"}}, by="test")
    rules = [{"field": "plan", "operator": "=", "value": "pro"}]
    tree = {"combinator": "and", "rules": rules}
    documents.save_segment(drafts, {"key": "pro", "name": "Pros", "condition": tree}, by="test")
    rule = {"key": "pros", "name": "For pros", "slot": "home.hero", "segment": "pro"}
    documents.save_rule(drafts, {**rule, "content": "servus"}, by="test")
    publish()
    choose(drafts, "ada", purposes=frozenset(Purpose), policy="p", source="test")
    traits.patch(drafts, "ada", {"plan": "pro"})
    return drafts


def exposure(site):
    profile = Profile.objects.get(site=site)
    claims = {"token": "t1", "visitor": profile.key, "at": clock.to_us(clock.now()), "release": 1}
    return sign(
        site.pk, Claims(**claims, slot="home.hero", content="servus", reason="rule", rule="pros")
    )


def ask(client, **query):
    answer = client.get(WHY, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_exposure_is_explained_rule_by_rule_with_the_truth_of_each_condition(pros, colleague):
    page = ask(colleague("marketer"), exposure=exposure(pros))

    assert "Shown because of the rule “For pros”." in page
    assert page.index("germany") < page.index("For pros</strong>")
    assert 'pz-truth-unknown">unknown' in page, "the page view of then is not kept"
    assert 'pz-truth-yes">yes' in page


def test_what_was_rendered_and_not_seen_yet_leads_to_what_its_visitor_would_see_now(
    pros, colleague
):
    page = ask(colleague("marketer"), exposure=exposure(pros))

    assert not Exposure.objects.exists()
    assert f"What visitor {Profile.objects.get(site=pros).key[:12]} would see now" in page


def test_an_experiment_is_shown_with_its_bucket_between_the_arms(pros, publish, colleague):  # noqa: F811
    arms = [{"key": "a", "content": "servus"}, {"key": "b", "content": None}]
    documents.save_slot(pros, {"key": "side"}, by="test")
    documents.save_experiment(pros, {"key": "x", "slot": "side", "arms": arms}, by="test")
    publish()

    page = ask(colleague("marketer"), visitor=Profile.objects.get(site=pros).key)

    assert "Experiment “x”" in page
    assert page.count("pz-bucket-arm") == 2


def test_a_visitor_sees_now_what_the_drafts_or_the_live_release_would_show(pros, colleague):
    client, pseudonym = colleague("marketer"), Profile.objects.get(site=pros).key
    traits.patch(pros, "ada", {"plan": "free"})

    live = ask(client, visitor=pseudonym)
    abroad = ask(client, visitor=pseudonym, country="DE")

    assert "by a rule" not in live
    assert "by a rule" in abroad


def test_what_consent_removed_is_unknown_here_too(pros, colleague):
    choose(pros, "ada", purposes=frozenset(), policy="p", source="test")

    page = ask(colleague("marketer"), visitor=Profile.objects.get(site=pros).key)

    assert "by a rule" not in page
    assert "pz-truth-yes" not in page, "the plan is unknown now"


@pytest.mark.parametrize(
    "query", [{"exposure": "nonsense"}, {"visitor": "0" * 64}, {"visitor": "1"}]
)
def test_what_is_not_there_is_said_in_words(pros, colleague, query):
    assert "no answer" in ask(colleague("marketer"), **query)


@pytest.mark.parametrize("role", ["editor", "reviewer", "privacy_officer"])
def test_only_those_who_see_reports_may_ask(pros, colleague, role):
    assert colleague(role).get(WHY).status_code == 403


def test_exposures_of_a_handful_of_visitors_are_not_listed(pros, colleague):
    assert "Or choose one" not in ask(colleague("marketer"))


def test_a_visitor_of_another_site_is_not_found(pros, other_site, colleague):
    choose(other_site, "bob", purposes=frozenset(Purpose), policy="p", source="test")
    key = Profile.objects.get(site=other_site).key

    assert "no answer" in ask(colleague("marketer"), visitor=key)


def test_recent_exposures_are_told_in_names(pros, colleague, monkeypatch):
    monkeypatch.setattr(why, "FLOOR", 1)
    row = {"profile": Profile.objects.get(), "at": 1, "release": 1, "reason": "rule"}
    Exposure.objects.create(site=pros, token="t", slot="home.hero", content="servus", **row)
    documents.save_slot(pros, {"key": "home.hero", "name": "The banner"}, by="test")

    page = ask(colleague("marketer"))

    assert "The banner" in page
