"""What is said of a condition before anybody is asked is certain, and finds the usual slips."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import analyse, compile, parse
from tests.rules.evaluators import FIELDS, by_python, parsed
from tests.rules.strategies import NOW, releases, segment_tests, spelled, visitors


def group(*rules, combinator="and", negated=False):
    return {"combinator": combinator, "not": negated, "rules": list(rules)}


def ask(field, operator, value=None, **more):
    return {"field": field, "operator": operator, "value": value, **more}


def events(mode, *inner, **more):
    return ask("events", "=", group(*inner), match={"mode": mode, **more})


def steps(then, *inner):
    return ask("events", "sequence", {"steps": list(inner), "within": "2d", "then": then})


AGE, TEXT, SEEN, APP = "number_1", "string_1", "datetime_1", "version_1"
FRENCH = {"french": group(ask(TEXT, "=", "FR")), "nobody": group(negated=True)}
VIEW = ask("type", "=", "view")
NO_VALUE = [ask("value", "<", 1), ask("value", ">", 3)]


def said(tree, segments=FRENCH):
    return analyse(parse(tree, FIELDS), parsed(segments))


NEVER = [
    group(negated=True),
    group(ask(AGE, "<", 5), ask(AGE, ">", 9)),
    group(ask(AGE, "<", 5), ask(AGE, ">=", 5)),
    group(ask(AGE, "=", 5), ask(AGE, "!=", 5)),
    group(ask(AGE, "=", 5), ask(AGE, "=", 6)),
    group(ask(AGE, "between", [1, 2]), ask(AGE, "between", [3, 4])),
    group(ask(AGE, "null"), ask(AGE, ">", 1)),
    group(ask(AGE, "null"), ask(AGE, "notNull")),
    group(ask(AGE, "null"), ask(AGE, "!=", "number_2", valueSource="field")),
    group(ask(AGE, "<", AGE, valueSource="field")),
    group(ask(AGE, "<", "number_2", valueSource="field"),
          ask("number_2", "<=", AGE, valueSource="field")),
    group(group(ask(AGE, "=", 1)), group(ask(AGE, "=", 1), negated=True)),
    group(ask(TEXT, "=", "DE"), ask(TEXT, "=", "FR")),
    group(ask(TEXT, "in", ["DE", "AT"]), ask(TEXT, "in", ["FR", "IT"])),
    group(ask(TEXT, "in", ["DE", "AT"]), ask(TEXT, "notIn", ["AT", "DE"])),
    group(ask(TEXT, "=", "/a"), ask(TEXT, "beginsWith", "/b")),
    group(ask(TEXT, "=", "/a"), ask(TEXT, "doesNotContain", "a")),
    group(ask(TEXT, "=", "/a"), ask(TEXT, "endsWith", "b")),
    group(ask(TEXT, "=", "/a"), ask(TEXT, "matches", "?a?")),
    group(ask(TEXT, "beginsWith", "/a"), ask(TEXT, "beginsWith", "/b")),
    group(ask(TEXT, "beginsWith", "/ab"), ask(TEXT, "doesNotBeginWith", "/a")),
    group(ask(TEXT, "beginsWith", "b"), ask(TEXT, "<", "b")),
    group(ask(TEXT, "contains", "x"), ask(TEXT, "doesNotContain", "x")),
    group(ask(TEXT, "contains", "x"), ask(TEXT, "doesNotMatch", "**x*")),
    group(ask(TEXT, "<", "")),
    group(ask("boolean_1", "!=", True), ask("boolean_1", "!=", False)),
    group(ask(APP, "versionAtLeast", "2.10"), ask(APP, "<", "2.9")),
    group(ask(SEEN, "before", "2024-01-01"), ask(SEEN, "after", "2025-01-01")),
    group(ask(SEEN, "withinLast", "7d"), ask(SEEN, "olderThan", "30d")),
    group(ask(SEEN, "withinLast", "1d"), ask(SEEN, "olderThan", "24h")),
    group(ask("list_string", "hasAny", ["a"]), ask("list_string", "hasNone", ["a", "b"])),
    group(ask("list_string", "hasAll", ["a", "b"]), ask("list_string", "hasNone", ["b"])),
    group(ask("list_string", "null"), ask("list_string", "hasNone", ["a"])),
    group(events("atLeast", VIEW, threshold=3), events("none", VIEW)),
    group(events("exactly", VIEW, threshold=2), events("atMost", VIEW, threshold=1)),
    group(events("some", VIEW), ask("events", "null")),
    group(events("some", *NO_VALUE)),
    group(events("atLeast", *NO_VALUE, threshold=2)),
    group(events("none", *NO_VALUE), ask("events", "null")),
    group(events("all"), group(events("all"), negated=True)),
    group(steps("did", group(VIEW), group(*NO_VALUE))),
    group(steps("didNot", group(*NO_VALUE), group(VIEW))),
    group(ask(TEXT, "=", "DE"), ask("segment", "in", ["french"])),
    group(ask(TEXT, "=", "FR"), ask("segment", "notIn", ["french"])),
    group(ask("segment", "in", ["nobody"])),
    group(ask("segment", "in", ["gone"]), ask("segment", "notIn", ["gone"])),
    group(group(negated=True), group(ask(AGE, ">", 5), ask(AGE, "<", 3)), combinator="or"),
    group(group(ask(TEXT, "=", "DE"), ask(TEXT, "=", "AT"), combinator="or"),
          group(ask(TEXT, "=", "FR"), ask(TEXT, "=", "IT"), combinator="or")),
]  # fmt: skip

ALWAYS = [
    group(),
    group(combinator="or"),
    group(group(), group(combinator="or")),
    group(ask(AGE, "null"), ask(AGE, "notNull"), combinator="or"),
    group(ask(AGE, "=", 1), ask(AGE, "!=", 1), ask(AGE, "null"), combinator="or"),
    group(ask(AGE, "<", 1), ask(AGE, ">=", 0), ask(AGE, "null"), combinator="or"),
    group(ask(TEXT, "contains", ""), ask(TEXT, "null"), combinator="or"),
    group(ask(TEXT, "contains", "x"), ask(TEXT, "doesNotContain", "x"), ask(TEXT, "null"),
          combinator="or"),
    group(ask("boolean_1", "=", True), ask("boolean_1", "=", False), ask("boolean_1", "null"),
          combinator="or"),
    group(ask(AGE, "=", AGE, valueSource="field"), ask(AGE, "null"), combinator="or"),
    group(events("some", VIEW), events("none", VIEW), ask("events", "null"), combinator="or"),
    group(events("atLeast", VIEW, threshold=0), ask("events", "null"), combinator="or"),
    group(events("all"), ask("events", "null"), combinator="or"),
    group(events("atLeast", threshold=0.5), ask("events", "null"), combinator="or"),
    group(events("atMost", *NO_VALUE, threshold=0.5), ask("events", "null"), combinator="or"),
    group(ask("segment", "notIn", ["nobody"])),
    group(group(ask(AGE, "<", 5), ask(AGE, ">", 9), negated=True), ask(AGE, "null"),
          combinator="or"),
]  # fmt: skip

OPEN = [
    group(ask(AGE, "<", 5), ask(AGE, ">", 3)),
    group(ask(AGE, "<=", 5), ask(AGE, ">=", 5)),
    group(ask(AGE, "=", 1), ask(AGE, "!=", 1), combinator="or"),
    group(ask(AGE, "<", 5), ask("number_2", ">", 9)),
    group(group(ask(AGE, "<", 5), ask(AGE, ">", 9)), negated=True),
    group(ask(TEXT, "=", "/ab"), ask(TEXT, "beginsWith", "/a")),
    group(ask(TEXT, "beginsWith", "/a"), ask(TEXT, "endsWith", "b")),
    group(ask(TEXT, "in", ["DE", "FR"]), ask(TEXT, "in", ["FR", "IT"])),
    group(ask(SEEN, "withinLast", "7d"), ask(SEEN, "olderThan", "1d")),
    group(ask(SEEN, "after", "2030-01-01"), ask(SEEN, "olderThan", "1d")),
    group(ask(SEEN, "after", "9999-12-31")),
    group(ask("list_string", "hasAny", ["a", "b"]), ask("list_string", "hasNone", ["a"])),
    group(events("none", *NO_VALUE)),
    group(events("all", *NO_VALUE)),
    group(steps("didNot", group(VIEW), group(*NO_VALUE))),
    group(ask(AGE, "<", 5), ask(AGE, ">", 9), negated=True),
    group(ask("segment", "in", ["gone"])),
]


@pytest.mark.parametrize("tree", NEVER, ids=str)
def test_what_nobody_can_ever_meet_is_said(tree):
    assert (said(tree).never, said(tree).always) == (True, False)


@pytest.mark.parametrize("tree", ALWAYS, ids=str)
def test_what_everybody_meets_is_said(tree):
    assert (said(tree).never, said(tree).always) == (False, True)


@pytest.mark.parametrize("tree", OPEN, ids=str)
def test_what_some_could_meet_is_left_alone(tree):
    assert (said(tree).never, said(tree).always) == (False, False)


def told(tree):
    return [(each.path, each.detail) for each in said(tree).reasons]


def test_parts_that_exclude_each_other_are_named_without_the_others():
    tree = group(ask(AGE, ">", 9), ask(TEXT, "=", "x"), group(ask(AGE, "<", 5), ask(APP, "null")))

    [reason] = said(tree).reasons
    assert (reason.path, reason.detail) == (
        "",
        "These can never both be true: number 1 is more than 9 – number 1 is less than 5.",
    )
    assert [part.path for part in reason.parts] == ["rules/0", "rules/2/rules/0"]


def test_a_part_that_never_matters_is_named_where_it_stands():
    dead = group(ask(TEXT, "=", "a"), ask(TEXT, "=", "b"))
    tree = group(ask(AGE, "=", 1), dead, combinator="or")

    assert not said(tree).never
    assert told(tree) == [
        ("rules/1", "These can never both be true: string 1 is “a” – string 1 is “b”.")
    ]


def test_a_reason_reaches_into_the_elements_of_a_list():
    assert told(group(events("some", *NO_VALUE)))[1] == (
        "rules/0/value",
        "These can never both be true: value is less than 1 – value is more than 3.",
    )


def test_of_what_is_always_true_it_is_said_which_parts_leave_nobody_out():
    tree = group(ask(AGE, "=", 1), ask(AGE, "!=", 1), ask(TEXT, "=", "a"), ask(AGE, "null"),
                 combinator="or")  # fmt: skip

    assert told(tree) == [
        (
            "",
            "One of these is always true: number 1 is 1 – number 1 is not 1 – number 1 is unknown.",
        )
    ]


def test_an_empty_group_is_said_to_be_for_everyone_and_its_negation_for_nobody():
    assert told(group()) == [("", "This is always true: everyone.")]
    assert told(group(negated=True)) == [("", "This can never be true: nobody.")]


def test_a_condition_without_a_flaw_has_no_reasons():
    assert said(group(ask(AGE, ">", 5), events("some", VIEW), events("some"))).reasons == ()


def test_of_segments_in_a_circle_nothing_is_known():
    circle = {"a": group(ask("segment", "in", ["b"])), "b": group(ask("segment", "in", ["a"]))}
    tree = group(ask("segment", "in", ["a"]))

    assert (said(tree, circle).never, said(tree, circle).always) == (False, False)


def test_segments_that_share_segments_are_judged_in_no_time():
    both = {f"s{n}": group(*[ask("segment", "in", [f"s{n + 1}"])] * 2) for n in range(100)}
    both["s100"] = group(ask(AGE, "=", 1), ask(AGE, "=", 2))

    assert said(group(ask("segment", "in", ["s0"])), both).never


def test_a_long_chain_of_segments_is_walked_to_its_end():
    chain = {f"s{n}": group(ask("segment", "in", [f"s{n + 1}"])) for n in range(2000)}

    assert said(group(ask("segment", "in", ["s0"])), {**chain, "s2000": NEVER[1]}).never


POOL = st.sampled_from(
    [
        *(ask(AGE, operator, value) for operator in ("=", "!=", "<", ">=") for value in (1, 2)),
        *(ask(TEXT, operator, value) for operator in ("=", "beginsWith", "doesNotContain", "<=")
          for value in ("a", "ab", "")),
        *(ask(SEEN, operator, "1d") for operator in ("withinLast", "olderThan")),
        *(ask(SEEN, operator, spelled(NOW)) for operator in ("before", "after", "=")),
        *(ask(field, "null") for field in (AGE, TEXT, SEEN, "boolean_1", "list_number", "events")),
        ask(TEXT, "in", ["a", "b"]), ask(TEXT, "matches", "a*"), ask(TEXT, "matches", "?"),
        ask(AGE, "<", "number_2", valueSource="field"), ask(AGE, "=", AGE, valueSource="field"),
        ask("boolean_1", "=", True), ask("boolean_1", "=", False),
        ask("list_number", "hasAny", [1, 2]), ask("list_number", "hasAll", [1, 2]),
        *(events(mode, VIEW) for mode in ("some", "none", "all")), events("some"),
        *(events(mode, VIEW, threshold=goal) for mode in ("atLeast", "atMost", "exactly")
          for goal in (0, 1, 0.5)),
        *(events(mode, *NO_VALUE, threshold=goal) for mode in ("atLeast", "atMost", "exactly")
          for goal in (0, 1, 0.5)),
        events("all", *NO_VALUE), steps("did", group(VIEW), group()),
        steps("didNot", group(VIEW), group(*NO_VALUE)),
    ]
)  # fmt: skip
EVENT = st.fixed_dictionaries(
    {"id": st.just("1"), "type": st.sampled_from(["view", "buy"]), "value": st.sampled_from([0, 4]),
     "at": st.just(NOW - timedelta(days=3))}
)  # fmt: skip
NEIGHBOURS = {
    AGE: st.sampled_from([0, 1, 1.5, 2, 3]),
    "number_2": st.sampled_from([0, 1, 2]),
    TEXT: st.sampled_from(["", "a", "aa", "ab", "abc", "b", "c"]),
    SEEN: st.sampled_from([NOW + timedelta(days=gap) for gap in (-3, -1, 0, 1)]),
    "boolean_1": st.booleans(),
    "list_number": st.lists(st.sampled_from([1, 2, 3]), max_size=2),
    "events": st.lists(EVENT, max_size=2),
}
neighbours = st.fixed_dictionaries({}, optional=NEIGHBOURS)


def trees(rules):
    def grouped(inner):
        return st.builds(
            lambda rules, combinator, negated: group(
                *rules, combinator=combinator, negated=negated
            ),
            st.lists(inner, min_size=1, max_size=4),
            st.sampled_from(["and", "or"]),
            st.booleans(),
        )

    return grouped(st.recursive(rules, grouped, max_leaves=8))


@settings(max_examples=500, deadline=None)
@given(
    trees(POOL),
    trees(POOL | segment_tests(["s0", "gone"])),
    st.lists(neighbours, min_size=1, max_size=40),
)
def test_never_and_always_hold_of_everybody(inner, tree, people):
    trees = {"s0": inner, "it": tree, "gone": group(ask(TEXT, "=", "ab"))}
    conditions = parsed(trees)
    found = analyse(conditions["it"], {"s0": conditions["s0"]})
    matches = [names is True for names in by_python(trees, people, NOW)]

    assert not (found.never and any(matches))
    assert not (found.always and not all(matches))


@settings(max_examples=300, deadline=None)
@given(trees(POOL), st.lists(neighbours, min_size=1, max_size=40))
def test_every_reason_is_true_of_the_parts_that_it_names(tree, people):
    for reason in said(tree).reasons:
        parts = [at(tree, part.path) for part in reason.parts]
        if None in parts:  # inside of a list
            continue
        is_never = "never" in reason.detail
        joined = group(*parts, combinator="and" if is_never else "or")
        truths = by_python({"it": joined}, people, NOW)
        assert True not in truths if is_never else set(truths) == {True}


def at(tree, path):
    if "value" in path:
        return None
    for step in path.split("/")[1::2]:
        tree = tree["rules"][int(step)]
    return tree


@settings(max_examples=300, deadline=None)
@given(releases(), visitors)
def test_never_and_always_hold_of_conditions_of_every_kind(trees, facts):
    conditions = parsed(trees)
    matched = compile(conditions)(facts, NOW)

    for name, condition in conditions.items():
        found = analyse(condition, conditions)
        assert not (found.never and name in matched)
        assert not (found.always and name not in matched)


OF_ONE_FIELD = st.builds(
    ask,
    st.just(AGE),
    st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "null", "notNull"]),
    st.sampled_from([1, 2, 3]),
)
EVERY_AGE = [{}, *({AGE: half / 2} for half in range(8))]


@settings(max_examples=500, deadline=None)
@given(trees(OF_ONE_FIELD))
def test_over_one_field_nothing_is_overlooked(tree):
    matches = [each is True for each in by_python({"it": tree}, EVERY_AGE, NOW)]

    assert said(tree).never is not any(matches)
    assert said(tree).always is all(matches)
