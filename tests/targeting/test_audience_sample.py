"""While somebody types, an audience is tried on the visitors seen last, and spoken of with care."""

import pytest

from personalization import clock
from personalization.collect.consent import choose
from personalization.profiles import traits
from personalization.profiles.models import Profile
from personalization.targeting import documents
from personalization.targeting.audience_sample import sample
from personalization.targeting.audience_warnings import warnings
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from personalization.targeting.segments import site_segments
from rules import compile, parse
from rules.purposes import Purpose


def tree(*rules, combinator="and"):
    return {"combinator": combinator, "rules": list(rules)}


def plan_is(plan):
    return {"field": "plan", "operator": "=", "value": plan}


@pytest.fixture
def club(site):
    """Sixty pros, thirty guests who allow everything, and twenty who allow nothing."""
    documents.save_traits_schema(site, {"plan": {"type": "string"}}, by="test")
    documents.save_segment(site, {"key": "pros", "condition": tree(plan_is("pro"))}, by="test")
    documents.save_segment(site, {"key": "guests", "condition": tree(plan_is("guest"))}, by="test")
    for number in range(110):
        allowed = frozenset(Purpose) if number < 90 else frozenset({Purpose.ANALYTICS})
        choose(site, f"v{number}", purposes=allowed, policy="p", source="test")
        if number < 90:
            traits.patch(site, f"v{number}", {"plan": "pro" if number < 60 else "guest"})
    Profile.objects.update(last_seen=clock.to_us(clock.now()))
    return site


def tried(site, *rules):
    condition = parse(tree(*rules), site_catalogue(site))
    return sample(site, condition, site_segments(site), now=clock.now(), labels={})


def said(site, *rules, combinator="and"):
    condition = parse(tree(*rules, combinator=combinator), site_catalogue(site))
    return " ".join(w["text"] for w in warnings(site, condition, site_segments(site), None))


def test_it_counts_those_who_match_and_where_else_they_are(club):
    found = tried(club, plan_is("pro"))

    assert (found.tried, found.matching) == (90, 60)
    assert found.overlaps == {"pros": 60}


def test_a_few_examples_say_why_they_match_under_a_pseudonym(club):
    examples = tried(club, plan_is("pro")).examples

    assert len(examples) == 3
    assert {each.why for each in examples} == {"plan is “pro”"}
    keys = Profile.objects.values_list("key", flat=True)
    assert all(any(key.startswith(each.visitor) for key in keys) for each in examples)


def test_below_the_floor_nobody_is_an_example(club):
    found = tried(club, plan_is("guest"))

    assert (found.matching, found.examples) == (30, ())


def test_who_allows_no_personalization_is_not_tried(club):
    assert tried(club).tried == 90


def test_what_can_never_hold_always_holds_or_is_said_already_is_told(club):
    assert "never" in said(club, plan_is("pro"), plan_is("guest")).lower()
    assert "“pros” says the same" in said(club, plan_is("pro"))
    unknown = {"field": "plan", "operator": "null", "value": None}
    known = {"field": "plan", "operator": "notNull", "value": None}
    assert "Everybody matches" in said(club, unknown, known, combinator="or")


def test_a_field_that_most_visitors_do_not_allow_is_told(club):
    Profile.objects.filter(pk__in=Profile.objects.values("pk")[:80]).update(purposes=1)

    assert "allow what" in said(club, plan_is("pro"))


def test_a_segment_that_cannot_be_read_and_those_that_name_it_are_left_out(club):
    names_it = tree({"field": "segment", "operator": "in", "value": ["guests"]})
    documents.save_segment(club, {"key": "outer", "condition": names_it}, by="test")
    Segment.objects.filter(key="guests").update(condition={"combinator": "xor"})

    found = site_segments(club)

    assert set(found) == {"pros"}
    assert compile(found)
