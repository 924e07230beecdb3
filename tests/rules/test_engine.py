"""The story of a decision: rules first, then experiments, then the default."""

from datetime import timedelta

import pytest
from hypothesis import given

from rules.codec import from_document
from rules.engine import decide
from rules.purposes import ALL_PURPOSES, Purpose
from rules.types import STRANGER
from tests.rules.worlds import (
    NOW,
    PRO_VISITOR,
    asking,
    documents,
    experiment,
    learned,
    release,
    requests,
    rule,
    slot,
    visitor,
    visitors,
    where,
)

KINDS = {"rule", "experiment", "default", "holdout", "unknown_slot"}


def choices(published, who=PRO_VISITOR, request=None):
    return decide(published, learned(), who, request or asking()).slots[0].choices


def first(published, who=PRO_VISITOR, request=None):
    return choices(published, who, request)[0]


def test_the_first_matching_rule_is_shown_and_says_why():
    chosen = first(release(slot(rules=[rule("r1", "gold", "pro"), rule("r2", "silver")])))

    assert chosen.content == "gold"
    assert (chosen.reason.kind, chosen.reason.rule, chosen.reason.segment) == ("rule", "r1", "pro")


def test_the_other_matching_rules_and_the_default_stand_behind_it():
    published = release(slot(rules=[rule("r1", "gold", "pro"), rule("r2", "silver")]))

    assert [each.content for each in choices(published)] == ["gold", "silver", "plain"]


def test_a_rule_for_others_is_passed_over():
    published = release(slot(rules=[rule("r1", "gold", "pro")]))

    assert first(published, visitor(facts={"plan": "free"})).reason.kind == "default"


def test_a_visitor_whom_no_rule_takes_is_looked_at_for_experiments():
    published = release(
        slot(rules=[rule("r1", "gold", "pro")], experiments=[experiment("e", "silver", "silver")])
    )

    assert first(published).reason.kind == "rule"
    chosen = first(published, visitor(facts={"plan": "free"}))
    assert (chosen.reason.kind, chosen.content, chosen.experiment.key) == (
        "experiment",
        "silver",
        "e",
    )


def test_an_arm_without_content_shows_the_default_and_is_recorded():
    chosen = first(release(slot(experiments=[experiment("e", None, None)])))

    assert chosen.content == "plain"
    assert chosen.experiment.propensity == pytest.approx(0.5)
    assert 0 <= chosen.experiment.bucket < 1


def test_an_experiment_takes_nobody_outside_of_its_coverage_audience_or_window():
    def kind(**more):
        return first(
            release(slot(experiments=[experiment("e", "gold", "silver", **more)]))
        ).reason.kind

    later = (NOW + timedelta(hours=1)).isoformat()
    assert kind() == "experiment"
    assert kind(coverage=0.0) == "default"
    assert kind(namespace=["n", 0, 0]) == "default"
    assert kind(start=later) == "default"
    assert kind(end=NOW.isoformat()) == "default"
    assert kind(audience="pro") == "experiment"


def test_experiments_need_personalization_and_analytics():
    published = release(slot(experiments=[experiment("e", "gold", "gold")]))

    for missing in (Purpose.PERSONALIZATION, Purpose.ANALYTICS):
        chosen = first(published, visitor(purposes=ALL_PURPOSES - {missing}))
        assert (chosen.reason.kind, chosen.experiment) == ("default", None)


def test_arms_get_their_weights():
    published = release(slot(experiments=[experiment("e", "gold", "silver", weights=[0.2, 0.8])]))
    seen = [first(published, visitor(f"u{n}")).content for n in range(2000)]

    assert 0.16 < seen.count("gold") / 2000 < 0.24


def test_a_window_begins_at_its_start_and_is_over_at_its_end():
    def kind(now):
        open_for_an_hour = rule(
            "r1", "gold", start=NOW.isoformat(), end=(NOW + timedelta(hours=1)).isoformat()
        )
        return first(release(slot(rules=[open_for_an_hour])), request=asking(now=now)).reason.kind

    assert kind(NOW - timedelta(microseconds=1)) == "default"
    assert kind(NOW) == "rule"
    assert kind(NOW + timedelta(minutes=59)) == "rule"
    assert kind(NOW + timedelta(hours=1)) == "default"


def test_a_cap_counts_exposures_within_its_time():
    published = release(slot(rules=[rule("r1", "gold", cap={"times": 2, "seconds": 3600})]))

    def kind(*minutes_ago):
        shown = tuple(NOW - timedelta(minutes=each) for each in minutes_ago)
        return first(published, visitor(shown={"r1": shown})).reason.kind

    assert kind() == "rule"
    assert kind(5) == "rule"
    assert kind(5, 10) == "default"
    assert kind(5, 90) == "rule"
    assert kind(60, 60) == "rule"


def test_a_capped_rule_is_not_for_visitors_whose_count_is_unknown():
    published = release(slot(rules=[rule("r1", "gold", cap={"times": 9, "seconds": None})]))

    assert first(published).reason.kind == "rule"
    assert first(published, STRANGER).reason.kind == "default"
    assert first(published, visitor(purposes={Purpose.ANALYTICS})).reason.kind == "default"


def test_a_holdout_sees_defaults_everywhere_and_is_no_experiment():
    published = release(
        slot(rules=[rule("r1", "gold")], experiments=[experiment("e", "gold", "gold")]),
        holdout={"seed": "h", "share": 1.0},
    )

    chosen = choices(published)
    assert [(each.content, each.reason.kind, each.experiment) for each in chosen] == [
        ("plain", "holdout", None)
    ]
    assert first(published, STRANGER).reason.kind == "rule"
    assert not decide(published, learned(), PRO_VISITOR, asking()).personalized


def test_an_unknown_slot_is_answered():
    decided = decide(release(slot()), learned(), PRO_VISITOR, asking("home", "nowhere"))

    assert [each.choices[0].reason.kind for each in decided.slots] == ["default", "unknown_slot"]


def test_a_condition_may_read_what_the_address_says():
    published = release(
        slot(rules=[rule("r1", "gold", "tagged"), rule("r2", "silver", "deep")]),
        conditions={
            "tagged": where("utm_source", "=", "mail"),
            "deep": where("path", "beginsWith", "/shoes"),
        },
    )

    def content(url):
        return first(published, STRANGER, asking(context={"url": url})).content

    assert content("https://a.example/?utm_source=mail") == "gold"
    assert content("https://a.example/shoes/3?x=1") == "silver"
    assert content("https://[broken") == "plain"


def test_hours_and_days_are_those_of_the_sites_zone():
    published = release(
        slot(rules=[rule("r1", "gold", "late")]),
        conditions={
            "late": {
                "combinator": "and",
                "rules": [
                    {"field": "hour", "operator": "=", "value": 1},
                    {"field": "weekday", "operator": "=", "value": 2},
                ],
            }
        },
    )
    midnight = NOW.replace(hour=0, minute=30) + timedelta(days=1)

    assert first(published, STRANGER, asking(now=midnight)).content == "gold"


def test_a_request_cannot_smuggle_in_what_belongs_to_the_visitor():
    published = release(slot(rules=[rule("r1", "gold", "pro")]))
    smuggling = asking(context={"plan": "pro", "segment": ["pro"]})

    assert first(published, STRANGER, smuggling).reason.kind == "default"


@given(documents, visitors, requests)
def test_every_asked_slot_is_answered_and_no_decision_fails(document, someone, request):
    published = from_document(document)

    decided = decide(published, learned(), someone, request)

    assert [each.slot for each in decided.slots] == list(request.slots)
    assert all(each.choices for each in decided.slots)
    assert {each.choices[0].reason.kind for each in decided.slots} <= KINDS


@given(documents, visitors, requests)
def test_the_same_four_values_give_the_same_decision(document, someone, request):
    once = decide(from_document(document), learned(), someone, request)

    assert once == decide(from_document(document), learned(), someone, request)
