"""Whoever is invented for a condition meets it; and for the usual conditions somebody is."""

import pytest
from hypothesis import given

from rules import BUILT_IN, Catalogue, compile, parse
from rules.examples import example
from tests.rules.strategies import CATALOGUE, NOW, TYPES, groups

FIELDS = BUILT_IN.extended(
    {
        "city": {"type": "string"},
        "tags": {"type": "list"},
        "app": {"type": "version"},
        "is_member": {"type": "boolean"},
    }
)
SHOES = {"field": "category", "operator": "=", "value": "shoes"}
LATELY = {"field": "at", "operator": "withinLast", "value": "7d"}


def all_of(*rules, **more):
    return {"combinator": "and", "rules": list(rules), **more}


def any_of(*rules):
    return {"combinator": "or", "rules": list(rules)}


def test(field, operator, value=None, **more):
    return {"field": field, "operator": operator, "value": value, **more}


test.__test__ = False


def events(mode, *rules, threshold=None):
    match = {"mode": mode} | ({} if threshold is None else {"threshold": threshold})
    return test("events", "=", all_of(*rules), match=match)


def steps(then, *kinds):
    each = [all_of(test("type", "=", kind)) for kind in kinds]
    return test("events", "sequence", {"steps": each, "within": "2d", "then": then})


USUAL = [
    all_of(),
    all_of(test("visits", ">", 3), test("visits", "<=", 5)),
    all_of(test("city", "beginsWith", "Por"), test("city", "!=", "Por")),
    all_of(test("city", "matches", "P?rt*")),
    all_of(test("first_seen", "olderThan", "30d"), test("last_seen", "withinLast", "7d")),
    all_of(test("visits", "null")),
    all_of(test("visits", "notNull")),
    all_of(test("is_member", "=", True)),
    all_of(test("app", "versionAtLeast", "2.1")),
    all_of(test("tags", "hasAll", ["a", "b"]), test("tags", "hasNone", ["c"])),
    all_of(test("country", "notIn", ["CH", "DE"])),
    all_of(test("visits", ">", "frequency", valueSource="field"), test("frequency", "=", 2)),
    any_of(all_of(test("visits", ">", 3), test("visits", "<", 3)), test("city", "=", "Porto")),
    all_of(test("visits", ">", 3), test("city", "=", "Porto"), **{"not": True}),
    all_of(events("atLeast", SHOES, LATELY, threshold=3)),
    all_of(events("none", SHOES)),
    all_of(events("exactly", SHOES, threshold=2), events("some", test("type", "=", "purchase"))),
    all_of(steps("did", "view", "add_to_cart", "purchase")),
    all_of(steps("didNot", "add_to_cart", "purchase")),
    all_of(test("segment", "in", ["loyal"]), test("device", "=", "mobile")),
    all_of(test("segment", "notIn", ["loyal"])),
]
SEGMENTS = {"loyal": parse(all_of(test("frequency", ">=", 5)), FIELDS)}


@pytest.mark.parametrize("tree", USUAL, ids=str)
def test_for_a_usual_condition_somebody_is_found(tree):
    condition = parse(tree, FIELDS)

    facts = example(condition, SEGMENTS, NOW)

    assert facts is not None
    assert "it" in compile({**SEGMENTS, "it": condition})(facts, NOW)


@pytest.mark.parametrize(
    "tree",
    [all_of(**{"not": True}), all_of(test("visits", ">", 3), test("visits", "<", 3))],
    ids=["nobody", "contradiction"],
)
def test_for_an_impossible_condition_nobody_is_found(tree):
    assert example(parse(tree, FIELDS), SEGMENTS, NOW) is None


@given(groups(TYPES))
def test_whoever_is_found_meets_the_condition(tree):
    condition = parse(tree, Catalogue.from_dict(CATALOGUE))

    facts = example(condition, {}, NOW)

    assert facts is None or "it" in compile({"it": condition})(facts, NOW)
