"""Every exposure can be explained: what was chosen, why, and what was allowed at the time."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from personalization import clock
from personalization.collect.consent import choose
from personalization.collect.exposures import Claims, sign
from personalization.exceptions import NotFound
from personalization.profiles import traits
from personalization.publish.explaining import explain
from personalization.targeting import documents
from rules.purposes import Purpose

VISITOR = "ada"


@pytest.fixture
def exposed(drafts, publish):
    """A visitor was shown `servus` because of the second rule, and came back as a pro."""
    site = drafts
    documents.save_traits_schema(site, {"plan": {"type": "string"}}, by="test")
    tree = {
        "combinator": "and",
        "rules": [
            {"field": "plan", "operator": "=", "value": "pro"},
            {"field": "visits", "operator": ">=", "value": 0},
        ],
    }
    documents.save_segment(site, {"key": "pro", "name": "Pros", "condition": tree}, by="test")
    rule = {"key": "pros", "slot": "home.hero", "segment": "pro", "content": "servus"}
    documents.save_rule(site, rule, by="test")
    release = publish(note="spring")
    choose(site, VISITOR, purposes=frozenset(Purpose), policy="p", source="test")
    traits.patch(site, VISITOR, {"plan": "pro"})
    return site, release.number


def token(site, release, **more):
    from personalization.profiles.models import Profile

    profile = Profile.objects.get(site=site)
    claims = {"token": "t1", "visitor": profile.key, "at": clock.to_us(clock.now())}
    shown = {"slot": "home.hero", "content": "servus", "reason": "rule", "rule": "pros"}
    return sign(site.pk, Claims(release=release, **claims, **shown | more))


def test_it_names_the_release_and_each_rule_up_to_the_one_taken(exposed):
    site, release = exposed

    found = explain(site, token(site, release))

    assert found["reason"] == {"kind": "rule", "rule": "pros", "segment": "pro"}
    assert (found["release"]["number"], found["release"]["note"]) == (release, "spring")
    assert [(rule["rule"], rule["taken"]) for rule in found["rules"]] == [
        ("germany", False),
        ("pros", True),
    ]


def test_it_gives_the_truth_of_each_part_for_what_the_visitor_is_now(exposed):
    site, release = exposed

    country, pro = (rule["audience"] for rule in explain(site, token(site, release))["rules"])

    assert country["truth"] is None, "the page view of then is not kept"
    assert pro["truth"] is True
    assert [part["truth"] for part in pro["parts"]] == [True, True]


def test_it_says_what_was_allowed_then_and_now(exposed):
    site, release = exposed
    shown = token(site, release)
    choose(site, VISITOR, purposes=frozenset(), policy="p", source="test")

    found = explain(site, shown)

    assert found["visitor"]["allowed_then"] == dict.fromkeys(Purpose, True)
    assert found["visitor"]["allowed_now"] == dict.fromkeys(Purpose, False)
    assert found["rules"][1]["audience"]["truth"] is None, "what was withdrawn is unknown"


def test_it_gives_the_bucket_of_an_experiment(exposed, publish):
    site, _release = exposed
    arms = [{"key": "a", "content": "servus"}, {"key": "b", "content": None}]
    experiment = {"key": "x", "slot": "home.hero", "arms": arms, "seed": "s"}
    documents.save_experiment(site, experiment, by="test")
    release = publish().number
    more = {"experiment": "x", "arm": "a", "bucket": 0.25, "propensity": 0.5}

    found = explain(site, token(site, release, reason="experiment", rule="", **more))

    assert found["experiment"] == {
        "key": "x", "arm": "a", "phase": 1, "bucket": 0.25, "propensity": 0.5,
        "seed": "s", "coverage": 1.0, "weights": [0.5, 0.5],
    }  # fmt: skip
    assert len(found["rules"]) == 2, "none was taken, so all were looked at"


def test_nothing_of_the_visitor_is_in_it_but_truth(exposed):
    site, release = exposed

    said = repr(explain(site, token(site, release)))

    assert VISITOR not in said


@pytest.mark.parametrize("wrong", ["", "nonsense", "a.b.c", "\0", "x" * 5000])
def test_what_is_no_exposure_is_not_found(exposed, wrong):
    with pytest.raises(NotFound):
        explain(exposed[0], wrong)


def test_an_exposure_of_another_site_says_nothing(exposed):
    from personalization.govern.sites import make_site

    site, release = exposed
    other = make_site(name="Other", origins=[], by="test").site

    with pytest.raises(NotFound):
        explain(other, token(site, release))


def test_the_command_says_it_in_words(exposed):
    site, release = exposed
    said = StringIO()

    call_command("explain", token(site, release), stdout=said)

    assert "because of: rule pros" in said.getvalue()
    assert "rule germany (not taken)" in said.getvalue()
    assert "allowed now: analytics, personalization, training, profiling_ai" in said.getvalue()
    with pytest.raises(CommandError, match="no exposure"):
        call_command("explain", "nonsense")


def test_a_server_may_ask_over_http(exposed, keys, settings, client):
    site, release = exposed
    settings.ROOT_URLCONF = "tests.api_management.conftest"

    answer = client.get(
        f"/api/v1/explain/{token(site, release)}",
        headers={"Authorization": f"Bearer {keys.secret}"},
    )

    assert answer.status_code == 200
    assert answer.json()["slot"] == "home.hero"
