"""An audience that is said to be part of another one is, for every visitor."""

from itertools import permutations

import pytest
from hypothesis import given, settings

from rules import compile, parse
from rules.inclusion import Inclusions
from tests.rules.evaluators import FIELDS
from tests.rules.strategies import NOW, releases, visitors


def group(*rules, combinator="and", negated=False):
    return {"combinator": combinator, "not": negated, "rules": list(rules)}


def ask(field, operator, value=None, **more):
    return {"field": field, "operator": operator, "value": value, **more}


AGE, TEXT, SEEN = "number_1", "string_1", "datetime_1"
FRENCH = group(ask(TEXT, "=", "FR"))


def includes(wide, narrow):
    named = {"wide": wide, "narrow": narrow, "french": FRENCH}
    conditions = {name: parse(tree, FIELDS) for name, tree in named.items()}
    return Inclusions(conditions, conditions).includes("wide", "narrow")


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (group(), FRENCH),
        (FRENCH, FRENCH),
        (FRENCH, group(ask("segment", "in", ["french"]), ask(AGE, ">", 3))),
        (group(ask(TEXT, "in", ["DE", "FR"])), FRENCH),
        (group(ask(AGE, ">", 3)), group(ask(AGE, ">=", 5))),
        (group(ask(SEEN, "withinLast", "30d")), group(ask(SEEN, "withinLast", "7d"))),
        (group(ask(AGE, "notNull")), group(ask(AGE, "between", [1, 9]))),
        (FRENCH, group(negated=True)),
    ],
)
def test_the_usual_inclusions_are_found(wide, narrow):
    assert includes(wide, narrow)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (FRENCH, group()),
        (group(ask(TEXT, "!=", "FR"), FRENCH, combinator="or"), group()),  # unknown is neither
        (group(ask(AGE, ">=", 5)), group(ask(AGE, ">", 3))),
        (group(ask(SEEN, "withinLast", "7d")), group(ask(SEEN, "withinLast", "30d"))),
        (FRENCH, group(ask(AGE, ">", 3))),
    ],
)
def test_what_leaves_somebody_outside_is_no_inclusion(wide, narrow):
    assert not includes(wide, narrow)


@settings(max_examples=200)
@given(releases(), visitors)
def test_whoever_is_in_the_narrow_one_is_in_the_wide_one(trees, facts):
    conditions = {name: parse(tree, FIELDS) for name, tree in trees.items()}
    known = Inclusions(conditions, conditions)
    matched = compile(conditions)(facts, NOW)

    for wide, narrow in permutations(conditions, 2):
        if known.includes(wide, narrow) and narrow in matched:
            assert wide in matched
    assert all(name in matched for name in conditions if known.is_everyone(name))
