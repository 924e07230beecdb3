"""JSONLogic both ways: what others wrote is read, what we write says the same again."""

import json

import pytest
from hypothesis import given, settings

from rules import Catalogue, Invalid, compile, parse, to_tree
from rules.jsonlogic import from_jsonlogic, to_jsonlogic
from tests.rules.strategies import CATALOGUE, NOW, TYPES, groups, visitors

FIELDS = Catalogue.from_dict(CATALOGUE)
KINDS = {str: "string", int: "number", float: "number", bool: "boolean"}
# What their cases compute besides conditions: texts, numbers, lists, branches, defaults.
COMPUTES = {
    *("if", "?:", "missing", "missing_some", "merge", "substr", "cat", "reduce", "max", "min"),
    *("+", "*", "-", "/", "%", "filter", "map", "!!", "log"),
}


def catalogue_of(data):
    """Fields typed by the values that the case brings."""
    return Catalogue.from_dict({name: described(value) for name, value in data.items()})


def described(value):
    if not isinstance(value, list):
        return {"type": KINDS[type(value)]}
    if value and isinstance(value[0], dict):
        return {"type": "list", "of": {k: {"type": KINDS[type(v)]} for k, v in value[0].items()}}
    return {"type": "list", "of": KINDS[type(value[0])] if value else "number"}


def operations(tree):
    if isinstance(tree, dict):
        for name, inner in tree.items():
            yield name
            yield from operations(inner)
    elif isinstance(tree, list):
        for each in tree:
            yield from operations(each)


def is_condition(case):
    """It reads plain fields of its data, computes nothing, and answers yes or no."""
    rule, data = case["rule"], case.get("data")
    used = set(operations(rule))
    if not isinstance(rule, dict) or not isinstance(data, dict) or used & COMPUTES:
        return False
    flat = all(type(v) in KINDS or (isinstance(v, list) and v) for v in data.values())
    return flat and isinstance(case["result"], bool) and "var" in used and next(iter(rule)) != "var"


def cases(shared):
    return [c for c in json.loads(shared.read_text()) if isinstance(c, dict)]


def test_conditions_of_the_public_suite_give_the_public_answers(shared):
    checked = 0
    for case in filter(is_condition, cases(shared("conditions/jsonlogic_compatible.json"))):
        condition = from_jsonlogic(case["rule"], catalogue_of(case["data"]))
        found = "it" in compile({"it": condition})(case["data"], NOW)

        assert found == case["result"], case["description"]
        checked += 1
    assert checked >= 15


def test_what_computes_a_value_is_refused(shared):
    """Every case that uses an operation of `COMPUTES` at its top is no condition."""
    for case in cases(shared("conditions/jsonlogic_compatible.json")):
        rule = case["rule"]
        if isinstance(rule, dict) and set(rule) & COMPUTES:
            with pytest.raises(Invalid):
                from_jsonlogic(rule, FIELDS)


@settings(max_examples=400, deadline=None)
@given(groups(TYPES), visitors)
def test_what_we_export_is_read_back_with_the_same_answer(tree, facts):
    condition = parse(tree, FIELDS)
    document = json.loads(json.dumps(to_jsonlogic(condition)))
    again = from_jsonlogic(document, FIELDS)

    def answers(one):
        return compile({"it": one, "not": parse(negated(one), FIELDS)})(facts, NOW)

    assert answers(again) == answers(condition)


def negated(condition):
    return {"combinator": "and", "not": True, "rules": [to_tree(condition)]}


def test_all_is_exported_with_a_guard_for_the_empty_list():
    tree = {"field": "list_number", "operator": "=", "match": {"mode": "all"}}
    tree["value"] = {
        "combinator": "and",
        "rules": [{"field": "value", "operator": ">", "value": 1}],
    }

    exported = to_jsonlogic(parse({"combinator": "and", "rules": [tree]}, FIELDS))

    assert exported == {
        "and": [
            {
                "or": [
                    {"!": [{"var": "list_number"}]},
                    {"all": [{"var": "list_number"}, {"and": [{">": [{"var": ""}, 1]}]}]},
                ]
            }
        ]
    }


@pytest.mark.parametrize(
    "tree",
    [
        None, 1, "a", [], {}, {"var": "string_1"}, {"==": [1, 1]}, {"==": [{"var": "nowhere"}, 1]},
        {"and": []}, {"==": [{"var": "string_1"}, {"cat": ["a"]}]}, {"!!": [{"var": "string_1"}]},
        {"and": [{"==": [{"var": "string_1"}, "a"]}, 5]}, {"in": ["a", "abc"]},
    ],
)  # fmt: skip
def test_what_is_not_a_condition_is_refused(tree):
    with pytest.raises(Invalid):
        from_jsonlogic(tree, FIELDS)


def test_a_bottomless_tree_is_refused():
    tree = {"var": "boolean_1"}
    for _ in range(10_000):
        tree = {"!": [tree]}

    with pytest.raises(Invalid):
        from_jsonlogic(tree, FIELDS)
