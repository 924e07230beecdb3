"""One condition, one answer: compiled Python, SQL on both databases, and a plain interpreter."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import Catalogue, compile, describe, explain, parse, to_sql, to_tree
from tests.rules.reference import truth
from tests.rules.stored_visitors import postgresql_store, sqlite_store
from tests.rules.strategies import CATALOGUE, NOW, TYPES, releases, visitors

FIELDS = Catalogue.from_dict(CATALOGUE)
TYPED = {**TYPES, "segment": "list of string"}


def parsed(trees):
    return {name: parse(tree, FIELDS) for name, tree in trees.items()}


def expected(trees, facts):
    return {name for name, tree in trees.items() if truth(tree, facts, TYPED, NOW, trees) is True}


@settings(max_examples=400, deadline=None)
@given(releases(), visitors)
def test_the_compiled_function_agrees_with_a_plain_interpreter(trees, facts):
    assert compile(parsed(trees))(facts, NOW) == expected(trees, facts)


@pytest.fixture(
    scope="module", params=[sqlite_store, postgresql_store], ids=["sqlite", "postgresql"]
)
def store(request):
    return request.param()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(trees=releases(), several=st.lists(visitors, min_size=1, max_size=5))
def test_sql_selects_the_visitors_for_whom_python_says_true(store, trees, several):
    conditions = parsed(trees)
    match = compile(conditions)
    store.fill(several)

    for name, condition in conditions.items():
        sql, parameters = to_sql(condition, conditions, store.columns, store.dialect, NOW)
        wanted = {number for number, facts in enumerate(several) if name in match(facts, NOW)}
        assert store.matching(sql, parameters) == wanted


@settings(max_examples=300, deadline=None)
@given(releases())
def test_what_is_printed_is_read_back_unchanged(trees):
    for condition in parsed(trees).values():
        document = json.loads(json.dumps(to_tree(condition)))

        assert parse(document, FIELDS) == condition


@settings(max_examples=300, deadline=None)
@given(releases(), visitors)
def test_every_condition_can_be_told_in_words_and_explained(trees, facts):
    conditions = parsed(trees)
    for name, condition in conditions.items():
        assert describe(condition).strip()
        said = explain(condition, facts, NOW, segments=conditions)
        assert said.truth == truth(trees[name], facts, TYPED, NOW, trees)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.datetimes(),
    st.lists(st.integers() | st.none() | st.dictionaries(st.text(), st.text())),
    st.dictionaries(st.text(), st.integers()),
    st.characters(whitelist_categories=("Cs",)),
)


@settings(max_examples=300, deadline=None)
@given(releases(), st.dictionaries(st.sampled_from(sorted(TYPES)), JUNK))
def test_facts_of_any_type_never_raise(trees, facts):
    assert compile(parsed(trees))(facts, NOW) <= set(trees)


def deep(levels, leaf):
    """Alternating groups, negated, with a sibling on each side, as deep as is allowed."""
    tree = leaf
    for level in range(levels):
        tree = {
            "combinator": ("and", "or")[level % 2],
            "not": level % 3 == 0,
            "rules": [leaf["rules"][0], tree, leaf["rules"][0]],
        }
    return tree


def test_the_deepest_and_the_widest_condition_pass_both_databases(store):
    event = {"field": "type", "operator": "doesNotContain", "value": "i"}
    inner = {"combinator": "or", "not": True, "rules": [event]}
    steps = {"steps": [inner, inner, inner, deep(5, inner)], "within": "2d", "then": "didNot"}
    rule = {"field": "events", "operator": "sequence", "value": steps}
    wide = {"field": "string_1", "operator": "beginsWith", "value": "a"}
    trees = {
        "deep": deep(11, {"combinator": "and", "not": True, "rules": [rule]}),
        "wide": {"combinator": "and", "not": True, "rules": [wide] * 500},
    }
    conditions = parsed(trees)
    several = [{}, {"string_1": "ab", "events": []}]
    store.fill(several)

    match = compile(conditions)
    for name, condition in conditions.items():
        sql, parameters = to_sql(condition, conditions, store.columns, store.dialect, NOW)
        wanted = {number for number, facts in enumerate(several) if name in match(facts, NOW)}
        assert store.matching(sql, parameters) == wanted
