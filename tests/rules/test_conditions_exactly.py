"""What DESIGN says of conditions, sentence by sentence, asked of everything that can answer."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules import Invalid, compile, describe, explain, parse, to_sql
from rules.consent import permitted_view
from rules.fields import BUILT_IN, PLAIN_TYPES, Catalogue
from rules.operators import OPERATORS
from rules.purposes import ALL_PURPOSES, Purpose
from rules.types import Visitor
from tests.rules.evaluators import EVALUATORS, FIELDS, by_explanation, by_python
from tests.rules.strategies import TYPES

CASES = Path(__file__).parents[1] / "cases"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TRUTHS = {"true": True, "false": False, "unknown": None}


def table(name):
    return json.loads((CASES / f"conditions_{name}.json").read_text(encoding="utf-8"))


TOLD = [*table("operators"), *table("truth"), *table("lists")]


def group(*rules, combinator="and", negated=False):
    return {"combinator": combinator, "not": negated, "rules": list(rules)}


def condition_of(case):
    return case.get("condition") or group(case["rule"])


def facts_of(told):
    """Times are spelled as texts in the tables."""
    return {name: _value(TYPES[name], value) for name, value in told.items()}


def _value(kind, value):
    if isinstance(kind, dict):
        return [{name: _value(kind[name], each[name]) for name in each} for each in value]
    if kind.startswith("list of "):
        return [_value(kind.removeprefix("list of "), each) for each in value]
    return datetime.fromisoformat(value) if kind == "datetime" else value


@pytest.mark.parametrize("ask", EVALUATORS)
@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["claim"])
def test_a_condition_is_as_true_as_the_table_says(ask, case):
    wanted = [(facts, truth) for truth in TRUTHS for facts in case.get(truth, ())]
    people = [facts_of(facts) for facts, _truth in wanted]

    found = ask({"it": condition_of(case), **case.get("segments", {})}, people, NOON)

    assert dict(enumerate(found)) == {n: TRUTHS[truth] for n, (_f, truth) in enumerate(wanted)}


def test_the_tables_try_every_operator_with_every_type_that_it_takes():
    tried = {pair for case in TOLD for pair in pairs(condition_of(case))}

    assert tried >= {(each.key, kind) for each in OPERATORS.values() for kind in each.types}


def pairs(tree):
    """Operator and type of each rule over the visitor's own fields."""
    for rule in tree["rules"]:
        if "rules" in rule:
            yield from pairs(rule)
        elif rule["field"] in TYPES and "match" not in rule:
            kind = TYPES[rule["field"]]
            yield rule["operator"], kind if kind in PLAIN_TYPES else "list"


@pytest.mark.parametrize("case", table("refused"), ids=lambda case: case["claim"])
def test_what_cannot_be_evaluated_is_refused_where_it_stands(case):
    with pytest.raises(Invalid) as refused:
        parse(condition_of(case), FIELDS)

    assert refused.value.path == case["path"]
    assert refused.value.detail.endswith(".")


IS_1 = {"field": "number_1", "operator": "=", "value": 1}


def nested(groups, inner=()):
    tree = group(*inner)
    for _ in range(groups - 1):
        tree = group(tree)
    return tree


def test_groups_go_twenty_deep_and_no_deeper():
    assert parse(nested(20, [IS_1]), FIELDS)

    with pytest.raises(Invalid, match="deeper than 20") as refused:
        parse(nested(21), FIELDS)
    assert refused.value.path == "/".join(["rules/0"] * 20)


def test_groups_inside_a_match_are_as_deep_as_they_stand():
    match = {"field": "list_number", "operator": "=", "match": {"mode": "some"}}

    assert parse(nested(10, [{**match, "value": nested(10)}]), FIELDS)
    with pytest.raises(Invalid, match="deeper than 20"):
        parse(nested(10, [{**match, "value": nested(11)}]), FIELDS)


def test_a_bottomless_condition_is_refused_and_not_climbed_down():
    with pytest.raises(Invalid, match="deeper than 20"):
        parse(nested(100_000), FIELDS)


def test_a_condition_has_five_hundred_rules_and_no_more():
    half = group(*[IS_1] * 250)

    assert parse(group(half, half), FIELDS)
    with pytest.raises(Invalid, match="More than 500 rules") as refused:
        parse(group(half, half, IS_1), FIELDS)
    assert refused.value.path == "rules/2"


def test_rules_inside_a_match_count_with_the_others():
    match = {"field": "list_number", "operator": "=", "match": {"mode": "some"}}
    inner = group(*[{"field": "value", "operator": "=", "value": 1}] * 249)
    both = [{**match, "value": inner}, {**match, "value": inner}]

    assert parse(group(*both), FIELDS)
    with pytest.raises(Invalid, match="More than 500 rules"):
        parse(group(*both, IS_1), FIELDS)


@pytest.mark.parametrize("ask", EVALUATORS)
@pytest.mark.parametrize("number", [2**53, -(2**53), 1e300, 5e-324])
def test_the_largest_and_the_smallest_number_are_exact(ask, number):
    rule = {"field": "number_1", "operator": "=", "value": number}

    assert ask({"it": group(rule)}, [{"number_1": number}], NOON) == [True]


@pytest.mark.parametrize("spelled", ["1d", "24h", "1440m"])
@pytest.mark.parametrize("ask", EVALUATORS)
def test_a_day_is_24_hours_even_when_clocks_change(ask, spelled):
    """On 29 March 2026 a day in Berlin had 23 hours."""
    now = datetime(2026, 3, 29, 12, tzinfo=UTC)
    rule = {"field": "datetime_1", "operator": "withinLast", "value": spelled}
    people = [{"datetime_1": now - timedelta(days=1, microseconds=late)} for late in (0, 1)]

    assert ask({"it": group(rule)}, people, now) == [True, False]


@pytest.mark.parametrize("ask", [by_python, by_explanation])
@pytest.mark.parametrize(
    "facts",
    [
        {"number_1": "1"}, {"number_1": True}, {"number_1": float("nan")}, {"number_1": None},
        {"number_1": float("inf")}, {"number_1": [1]},
    ],
    ids=str,
)  # fmt: skip
def test_a_fact_of_another_type_is_unknown(ask, facts):
    assert ask({"it": group(IS_1)}, [facts], NOON) == [None]


@pytest.mark.parametrize("ask", [by_python, by_explanation])
def test_a_time_without_a_zone_is_unknown_and_a_word_is_no_list(ask):
    known = group(
        {"field": "datetime_1", "operator": "notNull"},
        {"field": "list_string", "operator": "notNull"},
        combinator="or",
    )

    facts = {"datetime_1": NOON.replace(tzinfo=None), "list_string": "ab"}

    assert ask({"it": known}, [facts], NOON) == [False]


CONSENTED = Catalogue.from_dict(
    {
        "plan": {"type": "string", "purpose": "personalization"},
        "lapse": {"type": "number", "purpose": ["personalization", "profiling_ai"]},
    }
)


def test_what_consent_removed_is_unknown_and_its_negation_too():
    likely = group({"field": "lapse", "operator": ">", "value": 0.5})
    pro = group({"field": "plan", "operator": "=", "value": "pro"})
    trees = {"likely": likely, "unlikely": group(likely, negated=True), "pro": pro}
    trees["cannot say"] = group({"field": "lapse", "operator": "null"})
    match = compile({name: parse(tree, CONSENTED) for name, tree in trees.items()})
    stored = Visitor(facts={"plan": "pro", "lapse": 0.9}, purposes=ALL_PURPOSES)

    def found(*granted):
        return match(permitted_view(stored, frozenset(granted), CONSENTED).facts, NOON)

    assert found(*Purpose) == {"likely", "pro"}
    assert found(Purpose.PERSONALIZATION) == {"pro", "cannot say"}
    assert found() == {"cannot say"}


def named(key, operator="in"):
    return {"field": "segment", "operator": operator, "value": [key]}


CYCLES = [
    {"a": ["a"]},
    {"a": ["b"], "b": ["a"]},
    {"a": ["b", "c"], "b": [], "c": ["d"], "d": ["b", "a"]},
]


@pytest.mark.parametrize("names", CYCLES)
def test_segments_in_a_circle_are_refused_and_the_circle_is_named(names):
    conditions = {
        key: parse(group(*[named(each, "notIn") for each in read]), FIELDS)
        for key, read in names.items()
    }

    with pytest.raises(Invalid, match=r"circle: .* → "):
        compile(conditions)
    for dialect in ("sqlite", "postgresql"):
        with pytest.raises(Invalid, match=r"circle: .* → "):
            to_sql(conditions["a"], conditions, {}, dialect, NOON)
    assert explain(conditions["a"], {}, NOON, conditions).text  # it ends


def test_a_segment_that_there_is_not_is_refused():
    gone = parse(group(named("gone")), FIELDS)

    with pytest.raises(Invalid, match="no segment “gone”"):
        compile({"it": gone})
    with pytest.raises(Invalid, match="no segment “gone”"):
        to_sql(gone, {}, {}, "sqlite", NOON)


def test_a_segment_that_is_not_given_to_explain_is_unknown_and_the_others_are_not():
    either = group({"field": "segment", "operator": "in", "value": ["ones", "gone"]})
    ones = {"ones": parse(group(IS_1), FIELDS)}

    def told(facts):
        return explain(parse(either, FIELDS), facts, NOON, ones).truth

    assert [told({"number_1": 1}), told({"number_1": 2}), told({})] == [True, None, None]


def test_the_page_s_fields_need_no_consent_and_the_models_need_two():
    needs = {name: set(map(str, field.purposes)) for name, field in BUILT_IN.fields.items()}

    page = {"url", "path", "query", "referrer", "locale", "country", "device", "hour", "weekday"}
    page |= {f"utm_{part}" for part in ("source", "medium", "campaign", "term", "content")}
    visitor = {"first_seen", "last_seen", "visits", "recency", "frequency", "monetary", "events"}
    model = {"affinity", "propensity_buy", "propensity_lapse", "cluster", "favourite_category"}
    model |= {f"rfm_{part}" for part in ("recency", "frequency", "monetary")}
    assert {name for name, purposes in needs.items() if not purposes} == page | {"segment"}
    assert {n for n, p in needs.items() if p == {"personalization"}} == visitor | {"stage"}
    assert {n for n, p in needs.items() if p == {"personalization", "profiling_ai"}} == model


PRIVATE = Catalogue.from_dict(
    {
        "city": {"type": "string"},
        "first_name": {"type": "string", "personal": True},
        "children": {
            "type": "list",
            "of": {"age": {"type": "number"}, "name": {"type": "string", "personal": True}},
        },
    }
)
NAMED = {"field": "name", "operator": "=", "value": "Ann"}


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"field": "first_name", "operator": "=", "value": "Ann"}, "rules/0/field"),
        ({"field": "first_name", "operator": "notNull"}, "rules/0/field"),
        (
            {"field": "city", "operator": "=", "value": "first_name", "valueSource": "field"},
            "rules/0/value",
        ),
        (
            {
                "field": "children",
                "operator": "=",
                "match": {"mode": "some"},
                "value": group(NAMED),
            },
            "rules/0/value/rules/0/field",
        ),
    ],
)
def test_a_condition_over_a_personal_trait_is_refused(rule, path):
    with pytest.raises(Invalid, match="personal") as refused:
        parse(group(rule), PRIVATE)

    assert refused.value.path == path


def test_segments_that_share_segments_are_explained_in_no_time():
    levels = {f"s{n}": group(named(f"s{n + 1}"), named(f"s{n + 1}")) for n in range(60)}
    conditions = {key: parse(tree, FIELDS) for key, tree in levels.items()}
    conditions["s60"] = parse(group(IS_1), FIELDS)

    assert explain(conditions["s0"], {"number_1": 1}, NOON, conditions).truth is True


def test_every_node_has_its_truth_and_its_words():
    asked = group(IS_1, group({"field": "string_1", "operator": "null"}, combinator="or"))

    said = explain(parse(asked, FIELDS), {"number_1": 2}, NOON)

    assert (said.truth, [part.truth for part in said.parts]) == (False, [False, True])
    assert said.text == describe(parse(asked, FIELDS))
    assert [part.text for part in said.parts] == ["number 1 is 1", "string 1 is unknown"]
