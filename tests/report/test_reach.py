"""Whom a rule reaches: the first that applies takes the visitor, the others stand behind it."""

from datetime import timedelta

import pytest

from personalization.report.reach import Behind, RuleReach, reach
from rules.purposes import ALL_PURPOSES, Purpose
from tests.rules.worlds import NOW, experiment, release, rule, slot, visitor, where

CONDITIONS = {"pro": where("plan", "=", "pro"), "loyal": where("loyalty", ">", "3")}
LATER = (NOW + timedelta(days=3)).isoformat()


def people(count, **facts):
    return [visitor(f"{facts}{n}", facts=facts) for n in range(count)]


CROWD = [
    *people(100, plan="pro"),
    *people(200, plan="pro", loyalty=9),
    *people(300, loyalty=9),
    *people(400),
]


def asked(*rules, crowd=CROWD, holdout=None, **more):
    published = release(slot(rules=rules, **more), conditions=CONDITIONS, holdout=holdout)
    return reach(published, published.slots["home"], crowd, NOW)


def test_the_first_rule_that_applies_takes_the_visitor():
    found = asked(rule("r1", "gold", "pro"), rule("r2", "silver", "loyal"))

    assert found.sample == "1,000"
    assert found.rules["r1"] == RuleReach("30 %", "30 %", ())
    assert found.rules["r2"] == RuleReach("30 %", "50 %", (Behind("r1", "20 %"),))
    assert found.default == "40 %"


def test_a_rule_that_does_not_run_now_is_asked_as_if_it_did_and_hides_nobody():
    found = asked(rule("r1", "gold", "pro", start=LATER), rule("r2", "silver", "loyal"))

    assert found.rules["r1"] == RuleReach("30 %", "30 %", ())
    assert found.rules["r2"] == RuleReach("50 %", "50 %", ())
    assert found.default == "50 %"


def test_what_no_rule_takes_is_left_to_experiments_and_the_default():
    half = experiment("e", "gold", "silver", coverage=0.5)
    found = asked(rule("r1", "gold", "pro"), experiments=[half])

    assert 30 <= int(found.experiments["e"].split()[0]) <= 40
    assert 30 <= int(found.default.split()[0]) <= 40


def test_who_is_held_out_is_reached_by_nothing():
    found = asked(rule("r1", "gold"), holdout={"seed": "h", "share": 0.2})

    assert 16 <= int(found.held_out.split()[0]) <= 24
    assert 76 <= int(found.rules["r1"].share.split()[0]) <= 84


def test_what_a_visitor_does_not_allow_is_not_looked_at():
    shy = [visitor(f"s{n}", {Purpose.ANALYTICS}, facts={"plan": "pro"}) for n in range(100)]
    found = asked(rule("r1", "gold", "pro"), crowd=shy)

    assert found.rules["r1"].share == "0 %"


def test_a_full_cap_reaches_nobody_more():
    shown = {"r1": (NOW - timedelta(hours=1),)}
    crowd = [
        visitor(f"v{n}", ALL_PURPOSES, facts={}, shown=shown if n < 60 else {}) for n in range(120)
    ]

    found = asked(rule("r1", "gold", cap={"times": 1, "seconds": None}), crowd=crowd)

    assert found.rules["r1"].share == "50 %"


@pytest.mark.parametrize(("few", "share"), [(0, "0 %"), (1, "< 5 %"), (49, "< 5 %"), (50, "5 %")])
def test_small_groups_are_not_told_apart(few, share):
    crowd = [*people(few, plan="pro"), *people(1000 - few)]

    assert asked(rule("r1", "gold", "pro"), crowd=crowd).rules["r1"].share == share


def test_of_a_handful_of_visitors_nothing_is_said():
    found = asked(rule("r1", "gold"), crowd=people(9))

    assert (found.sample, found.rules["r1"].share) == ("< 50", "-")
