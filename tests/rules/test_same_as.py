"""Two spellings of one condition are the same; and what is called the same has the same truth."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import parse, same_as
from tests.rules.evaluators import FIELDS, by_explanation
from tests.rules.strategies import NOW, TYPES, groups, visitors
from tests.rules.test_analysis import POOL, ask, events, group, neighbours, trees

IS_1, IS_DE = ask("number_1", "=", 1), ask("string_1", "=", "DE")

SAME = [
    (group(IS_1, IS_DE), group(IS_DE, IS_1)),
    (group(IS_1, IS_DE, IS_1), group(IS_1, IS_DE)),
    (group(IS_1), group(group(IS_1, combinator="or"))),
    (group(IS_1), group(group(IS_1, negated=True), negated=True)),
    (group(IS_1, IS_DE), group(IS_1, group(IS_DE, group()))),
    (group(IS_1, IS_DE, negated=True),
     group(ask("number_1", "!=", 1), ask("string_1", "!=", "DE"), combinator="or")),
    (group(IS_DE), group(ask("string_1", "in", ["DE"]))),
    (group(ask("string_1", "in", ["DE", "AT"])), group(ask("string_1", "in", "AT,DE,AT"))),
    (group(ask("string_1", "in", ["DE", "AT"])),
     group(IS_DE, ask("string_1", "=", "AT"), combinator="or")),
    (group(ask("number_1", "between", [2, 1])),
     group(ask("number_1", ">=", 1), ask("number_1", "<=", 2.0))),
    (group(ask("number_1", "notBetween", [1, 2])),
     group(ask("number_1", "<", 1), ask("number_1", ">", 2), combinator="or")),
    (group(ask("number_1", "<", 1)), group(ask("number_1", ">=", "1"), negated=True)),
    (group(ask("number_1", "<", "number_2", valueSource="field")),
     group(ask("number_2", ">", "number_1", valueSource="field"))),
    (group(ask("boolean_1", "!=", True)), group(ask("boolean_1", "=", False))),
    (group(ask("datetime_1", "before", "2026-01-01T00:00:00Z")),
     group(ask("datetime_1", "<", "2026-01-01T01:00:00+01:00"))),
    (group(ask("datetime_1", "withinLast", "1d")), group(ask("datetime_1", "withinLast", "24h"))),
    (group(ask("version_1", "versionAtLeast", "2.0")), group(ask("version_1", ">=", "2"))),
    (group(ask("string_1", "matches", "a**")), group(ask("string_1", "beginsWith", "a"))),
    (group(ask("list_string", "hasNone", ["a"])),
     group(ask("list_string", "hasAny", ["a"]), negated=True)),
    (group(ask("list_string", "hasAll", ["a", "b"])),
     group(ask("list_string", "hasAny", ["b"]), ask("list_string", "hasAny", ["a"]))),
    (group(events("some", IS_VIEW := ask("type", "=", "view"))),
     group(events("atLeast", IS_VIEW, threshold=1))),
    (group(events("none", IS_VIEW)), group(events("some", IS_VIEW), negated=True)),
    (group(events("none", IS_VIEW)), group(events("exactly", IS_VIEW, threshold=0))),
    (group(ask("segment", "in", ["a", "b"])),
     group(ask("segment", "in", ["b"]), ask("segment", "=", ["a"]), combinator="or")),
    (group(), group(combinator="or")),
]  # fmt: skip

DIFFERENT = [
    (group(IS_1), group(IS_DE)),
    (group(IS_1, IS_DE), group(IS_1, IS_DE, combinator="or")),
    (group(IS_1), group(IS_1, negated=True)),
    (group(), group(negated=True)),
    (group(ask("string_1", "=", "de")), group(IS_DE)),
    (group(ask("number_1", "<", 1)), group(ask("number_1", "<=", 1))),
    (group(ask("boolean_1", "!=", True)), group(ask("boolean_1", "null"))),
    (group(ask("segment", "in", ["a"])), group(ask("segment", "notIn", ["a"]))),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=str)
def test_another_spelling_is_the_same(one, other):
    assert same_as(parse(one, FIELDS), parse(other, FIELDS))
    assert same_as(parse(other, FIELDS), parse(one, FIELDS))


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=str)
def test_another_condition_is_not_the_same(one, other):
    assert not same_as(parse(one, FIELDS), parse(other, FIELDS))


def respelled(tree, chance):
    """The same in another order, with groups around and negations in pairs."""
    rules = [respelled(rule, chance) if "rules" in rule else rule for rule in tree["rules"]]
    chance.shuffle(rules)
    again = {**tree, "rules": [*rules, *chance.sample(rules, chance.randint(0, len(rules)))]}
    if chance.random() < 0.3:
        turned = {**again, "not": not again["not"]}
        again = group(turned, combinator=chance.choice(["and", "or"]), negated=True)
    return group(again) if chance.random() < 0.3 else again


@settings(max_examples=300, deadline=None)
@given(groups(TYPES), st.integers())
def test_whatever_is_respelled_stays_the_same(tree, seed):
    again = respelled(tree, random.Random(seed))

    assert same_as(parse(tree, FIELDS), parse(again, FIELDS))


@settings(max_examples=1000, deadline=None)
@given(trees(POOL), trees(POOL), st.lists(neighbours, min_size=1, max_size=20))
def test_what_is_the_same_has_the_same_truth(one, other, people):
    if same_as(parse(one, FIELDS), parse(other, FIELDS)):
        answers = [by_explanation({"it": each}, people, NOW) for each in (one, other)]
        assert answers[0] == answers[1]


@settings(max_examples=300, deadline=None)
@given(groups(TYPES), st.integers(), visitors)
def test_what_is_respelled_has_the_same_truth(tree, seed, facts):
    again = respelled(tree, random.Random(seed))

    assert by_explanation({"it": tree}, [facts], NOW) == by_explanation({"it": again}, [facts], NOW)
