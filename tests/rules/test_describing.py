"""A condition in plain English reads as a person would say it."""

import pytest

from rules import BUILT_IN, describe, parse

VIEW = {"field": "type", "operator": "=", "value": "view"}
CART = {"field": "type", "operator": "=", "value": "add_to_cart"}
BOUGHT = {"field": "type", "operator": "=", "value": "purchase"}
SHOES = {"field": "category", "operator": "=", "value": "shoes"}
LATELY = {"field": "at", "operator": "withinLast", "value": "7d"}
JUNE = {"field": "at", "operator": "between", "value": ["2026-06-01", "2026-07-01"]}


def group(*rules, **more):
    return {"combinator": "and", "rules": list(rules), **more}


def events(inner, mode="atLeast", threshold=3):
    match = {"mode": mode, "threshold": threshold}
    return {"field": "events", "operator": "=", "match": match, "value": inner}


def said(*rules):
    return describe(parse(group(*rules), BUILT_IN))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            events(group(VIEW, SHOES, LATELY)),
            "has at least 3 “view” events within the last 7 days where category is “shoes”",
        ),
        (events(group(LATELY, VIEW), "none"), "has no “view” event within the last 7 days"),
        (
            events(group(VIEW, {**LATELY, "value": "1h"}), "some"),
            "has a “view” event within the last 60 minutes",
        ),
        (events(group(CART), "some"), "has an “add to cart” event"),
        (events(group(), "exactly", 1), "has exactly 1 event"),
        (
            events(group(VIEW, JUNE), "atMost", 0.5),
            "has at most 50 % of the “view” events"
            " between 2026-06-01 00:00 UTC and 2026-07-01 00:00 UTC",
        ),
        (
            events(group(VIEW, SHOES, **{"not": True}), "some"),
            "has an event where not (type is “view” and category is “shoes”)",
        ),
        (
            events({"combinator": "or", "rules": [VIEW, CART]}, "some"),
            "has an event where type is “view” or type is “add_to_cart”",
        ),
    ],
)
def test_behaviour_is_said_as_a_sentence(rule, words):
    assert said(rule) == words


def test_a_sequence_is_said_step_by_step():
    steps = {"steps": [group(CART, SHOES), group(BOUGHT)], "within": "2d", "then": "didNot"}
    rule = {"field": "events", "operator": "sequence", "value": steps}

    assert said(rule) == (
        "an “add to cart” event where category is “shoes”,"
        " and then not a “purchase” event, within 2 days"
    )
