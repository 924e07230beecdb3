"""One condition, one answer: compiled Python, SQL on both databases, and a plain interpreter."""

import json
from datetime import timedelta

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


def test_words_of_users_that_look_like_our_own_source_are_only_words():
    catalogue = Catalogue.from_dict({"k0": {"type": "string"}, "f0": {"type": "string"}})
    tree = (
        {"field": "k0", "operator": "=", "value": "k1"},
        {
            "field": "f0",
            "operator": "in",
            "value": ["k0", "'k2'", 'found"); raise SystemExit #'],
        },
    )
    match = compile({"k3": parse({"combinator": "and", "rules": list(tree)}, catalogue)})

    assert match({"k0": "k1", "f0": "k0"}, NOW) == {"k3"}
    assert match({"k0": "k0", "f0": "k0"}, NOW) == set()
    assert match({"k0": "k1", "f0": 'found"); raise SystemExit #'}, NOW) == {"k3"}


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


def often_of_late(since, kind, times, is_bounded):
    began = {"field": "at", "operator": "after", "value": since.isoformat()}
    rules = [{"field": "type", "operator": "=", "value": kind}, *([began] if is_bounded else [])]
    return {
        "field": "events",
        "operator": "=",
        "match": {"mode": "atLeast", "threshold": times},
        "value": {"combinator": "and", "rules": rules},
    }


behaviour_of_late = st.recursive(
    st.builds(
        often_of_late,
        st.sampled_from([NOW - timedelta(days=days) for days in (1, 3, 9)]),
        st.sampled_from("ab"),
        st.integers(0, 3),
        st.booleans(),
    ),
    lambda inner: st.fixed_dictionaries(
        {
            "combinator": st.sampled_from(["and", "or"]),
            "not": st.booleans(),
            "rules": st.lists(inner, min_size=1, max_size=3),
        }
    ),
    max_leaves=4,
)
busy = st.lists(
    st.builds(
        lambda number, kind, days: {"id": number, "type": kind, "at": NOW - timedelta(days=days)},
        st.integers(0, 99).map(str),
        st.sampled_from("ab"),
        st.integers(0, 10),
    ),
    max_size=6,
).map(lambda events: {"events": tuple(events)})


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rules=st.lists(behaviour_of_late, min_size=1, max_size=3), several=st.lists(busy, max_size=6)
)
def test_who_did_it_often_of_late_is_found_wherever_that_is_asked(store, rules, several):
    condition = parse({"combinator": "and", "rules": rules}, FIELDS)
    match = compile({"asked": condition})
    store.fill(several)

    sql, parameters = to_sql(condition, {}, store.columns, store.dialect, NOW)

    wanted = {number for number, facts in enumerate(several) if match(facts, NOW)}
    assert store.matching(sql, parameters) == wanted


def test_only_what_everybody_must_have_done_is_looked_up_among_all_events(store):
    asked = often_of_late(NOW, "a", 2, True)

    def sql(**group):
        condition = parse({"rules": [asked, asked], **group}, FIELDS)
        return to_sql(condition, {}, store.columns, store.dialect, NOW)[0]

    is_postgres = store.dialect == "postgresql"
    assert ("GROUP BY" in sql(combinator="and")) is is_postgres
    assert "GROUP BY" not in sql(combinator="or")
    assert "GROUP BY" not in sql(combinator="and", **{"not": True})
    assert "GROUP BY" not in sql(combinator="or", **{"not": True})


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


def test_the_deepest_and_the_widest_condition_pass_both_databases_and_as_segments_too(store):
    event = {"field": "type", "operator": "doesNotContain", "value": "i"}
    inner = {"combinator": "or", "not": True, "rules": [event]}
    steps = {"steps": [inner, inner, inner, deep(5, inner)], "within": "2d", "then": "didNot"}
    rule = {"field": "events", "operator": "sequence", "value": steps}
    wide = {"field": "string_1", "operator": "beginsWith", "value": "a"}
    trees = {
        "deep": deep(11, {"combinator": "and", "not": True, "rules": [rule]}),
        "wide": {"combinator": "and", "not": True, "rules": [wide] * 500},
    }
    named = {"field": "segment", "operator": "notIn", "value": ["deep", "wide"]}
    trees["twice"] = deep(19, {"combinator": "or", "not": True, "rules": [named, named]})
    conditions = parsed(trees)
    several = [{}, {"string_1": "ab", "events": []}]
    store.fill(several)

    match = compile(conditions)
    for name, condition in conditions.items():
        sql, parameters = to_sql(condition, conditions, store.columns, store.dialect, NOW)
        wanted = {number for number, facts in enumerate(several) if name in match(facts, NOW)}
        assert store.matching(sql, parameters) == wanted


def in_both_ways(key):
    """In the segment, or in it and of some number: two mentions at each level."""
    named = {"field": "segment", "operator": "in", "value": [key]}
    number = {"field": "number_1", "operator": "!=", "value": 7}
    both = {"combinator": "and", "rules": [named, number]}
    return {"combinator": "or", "rules": [named, both]}


def diamond(levels):
    trees = {f"s{n}": in_both_ways(f"s{n + 1}") for n in range(levels)}
    is_1 = {"field": "number_1", "operator": "=", "value": 1}
    return parsed({**trees, f"s{levels}": {"combinator": "and", "rules": [is_1]}})


def test_segments_that_share_segments_cost_as_much_sql_as_there_are_segments(store):
    def length(levels):
        conditions = diamond(levels)
        sql, _ = to_sql(conditions["s0"], conditions, store.columns, store.dialect, NOW)
        return len(sql)

    assert length(40) < 2.2 * length(20)
    assert length(80) < 2.2 * length(40)


def test_a_hundred_levels_of_shared_segments_still_have_three_answers(store):
    conditions = diamond(100)
    conditions["not"] = parse(
        {
            "combinator": "and",
            "rules": [{"field": "segment", "operator": "notIn", "value": ["s0"]}],
        },
        FIELDS,
    )
    store.fill([{"number_1": 1}, {"number_1": 2}, {}])

    def found(name):
        written = to_sql(conditions[name], conditions, store.columns, store.dialect, NOW)
        return store.matching(*written)

    assert (found("s0"), found("not")) == ({0}, {1})


def test_what_is_brief_or_named_once_stands_where_the_database_sees_it(store):
    conditions = diamond(1)
    long = {"field": "string_1", "operator": "in", "value": ["a"] * 300}
    conditions["long"] = parse({"combinator": "and", "rules": [long]}, FIELDS)
    named = {"field": "segment", "operator": "in", "value": ["s0", "long"]}
    condition = parse({"combinator": "and", "rules": [named]}, FIELDS)

    sql, _ = to_sql(condition, conditions, store.columns, store.dialect, NOW)

    assert "WITH" not in sql
