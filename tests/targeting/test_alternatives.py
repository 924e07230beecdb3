"""An "or" is counted in parts: nobody twice, nobody left out, whoever page views would find."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization import clock
from personalization.profiles.models import Profile
from personalization.profiles.traits import patch
from personalization.profiles.visitors import find_profile
from personalization.targeting import audience, documents
from personalization.targeting.alternatives import MOST
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from rules import parse
from tests.summaries import summarized
from tests.targeting.audiences import exact_ids, ids_of_parts

pytestmark = pytest.mark.django_db
TRAITS = {
    "plan": {"type": "string"},
    "age": {"type": "number"},
    "vip": {"type": "boolean"},
    "joined": {"type": "datetime"},
    "taste": {"type": "string", "purpose": ["personalization", "profiling_ai"]},
}
DAYS = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")
NUMBERS = (-7.5, -1.0, 0.0, 0.25, 3.0, 2.0**52)


def rule(field, operator, value):
    return {"field": field, "operator": operator, "value": value}


def group(rules, combinator="or", **more):
    return {"combinator": combinator, "rules": rules, **more}


SHOES = {
    "field": "events",
    "operator": "=",
    "match": {"mode": "some"},
    "value": {"combinator": "and", "rules": [rule("category", "=", "shoes")]},
}


def anything():
    ordered = st.sampled_from(["=", "!=", "<", ">", "<=", ">=", "between"])
    asked = {
        "visits": (ordered, st.integers(0, 4)),
        "frequency": (ordered, st.integers(0, 2)),
        "age": (ordered, st.sampled_from(NUMBERS)),
        "joined": (ordered, st.sampled_from(DAYS)),
        "plan": (
            st.sampled_from(["=", "!=", "<", "in", "contains", "null"]),
            st.sampled_from("abc"),
        ),
        "taste": (st.sampled_from(["=", "!="]), st.sampled_from("abc")),
        "vip": (st.sampled_from(["=", "!="]), st.booleans()),
    }

    @st.composite
    def one(draw):
        field = draw(st.sampled_from(sorted(asked)))
        operators, values = asked[field]
        operator, value = draw(operators), draw(values)
        if operator == "between":
            value = sorted([value, draw(values)])
        return rule(field, operator, [value] if operator == "in" else value)

    segment = st.sampled_from(["often", "known"]).map(lambda key: rule("segment", "in", [key]))
    return st.recursive(
        one() | segment,
        lambda inner: st.builds(
            group,
            st.lists(inner, max_size=3),
            st.sampled_from(["and", "or"]),
            **{"not": st.booleans()},
        ),
        max_leaves=5,
    )


@pytest.fixture
def crowd(site, visitor):
    documents.save_traits_schema(site, TRAITS, by="test")
    often = group([rule("visits", ">", 2), rule("plan", "=", "a")])
    documents.save_segment(site, {"key": "often", "condition": often}, by="test")
    known = group([rule("age", "notNull", None)])
    documents.save_segment(site, {"key": "known", "condition": known}, by="test")
    for number in range(24):
        name = f"v{number}"
        visitor(name, *(() if number % 5 else ("personalization",)))
        Profile.objects.filter(pk=find_profile(site.pk, name).pk).update(
            visits=number % 5, frequency=number % 3
        )
        traits = {
            "plan": [None, "a", "b", "c"][number % 4],
            "age": [None, *NUMBERS][number % 7],
            "vip": [None, True, False][number % 3],
            "joined": [None, *DAYS][number // 2 % 4],
            "taste": [None, "a", "b"][number // 3 % 3],
        }
        patch(site, name, traits)
    summarized()
    site.refresh_from_db()
    return site


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rules=st.lists(anything(), min_size=1, max_size=5))
def test_parts_hold_everybody_once(crowd, rules):
    condition = parse(group(rules), site_catalogue(crowd))
    now = clock.now()
    whole = exact_ids(crowd, condition, now=now)

    parts = ids_of_parts(crowd, condition, now=now)

    assert sorted(each for part in parts for each in part) == whole
    assert audience.exact_count(crowd, condition, now=now) == len(whole)


@pytest.mark.parametrize(
    ("rules", "parts"),
    [
        ([rule("age", ">", 0), rule("visits", ">", 2)], 2),
        ([rule("segment", "in", ["often"]), rule("joined", "<", DAYS[1])], 3),
        ([group([rule("vip", "=", True), rule("plan", "!=", "a")], "and"),
          rule("plan", "=", "b")], 2),
        ([group([rule("vip", "=", True), rule("plan", "contains", "a")], "and"),
          rule("plan", "=", "b")], 1),
        ([rule("age", ">", 0)], 1),
        ([rule("age", ">", 0), rule("plan", "contains", "a")], 1),
        ([rule("age", ">", 0), rule("plan", "!=", "a")], 1),
        ([rule("age", ">", 0), rule("monetary", ">", 2)], 1),
        ([rule("age", ">", 0), group([rule("age", "<", 0)], "and", **{"not": True})], 1),
        ([rule("age", "=", number) for number in range(MOST + 1)], 1),
        ([rule("age", ">", 0), group([rule("visits", ">", 1), SHOES], "and")], 1),
    ],
)  # fmt: skip
def test_what_an_index_begins_with_is_a_part_if_all_are(crowd, rules, parts):
    condition = parse(group(rules), site_catalogue(crowd))

    assert len(ids_of_parts(crowd, condition)) == parts


def test_an_empty_group_among_alternatives_holds_for_everybody(crowd):
    condition = parse(group([rule("visits", ">", 3), group([])]), site_catalogue(crowd))

    assert audience.exact_count(crowd, condition) == 24


def test_segments_that_name_each_other_over_and_over_are_read_once(crowd):
    asked = group([rule("visits", ">", 2), rule("age", ">", 2)])
    for number in range(40):
        documents.save_segment(crowd, {"key": f"s{number}", "condition": asked}, by="test")
        asked = group([rule("segment", "in", [f"s{number}"]) for _ in range(2)])
    condition = parse(asked, site_catalogue(crowd))
    plain = parse(group([rule("visits", ">", 2), rule("age", ">", 2)]), site_catalogue(crowd))

    assert audience.exact_count(crowd, condition) == audience.exact_count(crowd, plain)
    assert len(ids_of_parts(crowd, condition)) == 1


def test_a_long_chain_of_segments_is_counted(crowd):
    asked = group([rule("visits", ">", 2)])
    for number in range(300):
        Segment.objects.create(site=crowd, key=f"s{number}", condition=asked)
        asked = group([rule("segment", "in", [f"s{number}"]), rule("age", "=", number)])
    condition = parse(asked, site_catalogue(crowd))

    assert audience.exact_count(crowd, condition) == len(exact_ids(crowd, condition))
