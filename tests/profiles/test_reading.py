"""Reading a visitor: one query, only what consent leaves, typed as conditions expect it."""

from datetime import UTC, datetime, timedelta

import pytest

from personalization.clock import now, to_us
from personalization.collect.consent import choose
from personalization.collect.ingest import ingest
from personalization.govern.purposes import PERSONALIZATION
from personalization.profiles.models import Profile
from personalization.profiles.reading import Needs, read_visitor
from personalization.profiles.scores import SCORED, Scores, write_scores
from personalization.profiles.traits import patch
from rules.purposes import ALL_PURPOSES, NONE_GRANTED, Purpose

WHEN = datetime(2024, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def shopper(site, visitor):
    """A visitor with a view and a purchase."""
    visitor("v1")
    events = [
        {"id": "a", "type": "view", "item": "shoe", "at": WHEN.isoformat()},
        {
            "id": "b",
            "type": "purchase",
            "item": "hat",
            "value": 12.5,
            "at": (WHEN + timedelta(hours=1)).isoformat(),
        },
    ]
    ingest(site, [{"visitor": "v1", **event} for event in events], trusted=True)
    return "v1"


def test_facts_are_typed(site, shopper):
    later = WHEN + timedelta(hours=1, days=2)

    seen = read_visitor(site, shopper, now=later)

    assert seen.facts["first_seen"] == WHEN
    assert seen.facts["last_seen"] == WHEN + timedelta(hours=1)
    assert seen.facts["recency"] == 2.0
    assert (seen.facts["visits"], seen.facts["frequency"]) == (2, 1)
    assert seen.facts["monetary"] == 12.5
    newest, oldest = seen.facts["events"]
    assert newest == {
        "id": "b",
        "type": "purchase",
        "item": "hat",
        "category": None,
        "value": 12.5,
        "currency": None,
        "at": WHEN + timedelta(hours=1),
    }
    assert oldest["id"] == "a"
    assert [(signal.item, signal.type) for signal in seen.signals] == [
        ("hat", "purchase"),
        ("shoe", "view"),
    ]
    assert seen.bought == {"hat"}


def test_it_takes_one_query(site, shopper, django_assert_num_queries):
    with django_assert_num_queries(1):
        read_visitor(site, shopper, now=WHEN)


def test_of_an_unknown_visitor_only_the_unit_is_known(site):
    seen = read_visitor(site, "nobody", now=WHEN)

    assert (seen.unit, seen.purposes, dict(seen.facts)) == ("nobody", NONE_GRANTED, {})


def test_consent_is_read_at_every_request(site, shopper):
    assert read_visitor(site, shopper, now=WHEN).facts

    choose(site, shopper, purposes=NONE_GRANTED, policy="p", source="s")

    assert not read_visitor(site, shopper, now=WHEN).facts


def test_what_workers_found_needs_profiling(site, visitor):
    visitor("v1")
    found = Scores(cluster="c", propensity_buy=0.5, affinity=(("boots", 0.75),))
    write_scores(site, {Profile.objects.get().pk: found})

    facts = read_visitor(site, "v1", now=WHEN).facts

    assert (facts["cluster"], facts["propensity_buy"]) == ("c", 0.5)
    assert facts["affinity"] == [{"category": "boots", "score": 0.75}]
    assert "propensity_lapse" not in facts

    Profile.objects.update(purposes=PERSONALIZATION)
    assert not SCORED & read_visitor(site, "v1", now=WHEN).facts.keys()


def test_without_events_times_are_unknown_and_counts_are_nought(site, visitor):
    facts = read_visitor(site, visitor("v1"), now=WHEN).facts

    assert not {"first_seen", "last_seen", "recency"} & facts.keys()
    assert (facts["visits"], facts["frequency"], facts["monetary"]) == (0, 0, 0)


def test_personal_traits_are_read_only_when_asked_for(site, visitor):
    site.traits_schema = {"name": {"type": "string", "personal": True}}
    patch(site, visitor("v1"), {"name": "Zoë"})

    assert dict(read_visitor(site, "v1", now=WHEN).personal) == {}
    assert "name" not in read_visitor(site, "v1", now=WHEN).facts
    assert read_visitor(site, "v1", now=WHEN, needs=Needs(personal=True)).personal == {
        "name": "Zoë"
    }


class TestRotation:
    @pytest.fixture
    def rotate(self, settings):
        def turn(new, old=""):
            settings.PERSONALIZATION = {
                **settings.PERSONALIZATION,
                "PSEUDONYM_KEY": new,
                "PSEUDONYM_KEY_OLD": old,
            }

        turn("first")
        return turn

    def test_a_visitor_is_found_under_the_old_key(self, site, visitor, rotate):
        visitor("v1")

        rotate("second", "first")

        assert read_visitor(site, "v1", now=WHEN).purposes == ALL_PURPOSES

    def test_the_next_visit_moves_them_under_the_new_key(self, site, rotate, shopper):
        rotate("second", "first")
        event = {"id": "c", "type": "view", "visitor": shopper, "at": WHEN.isoformat()}

        assert ingest(site, [event], trusted=True).accepted == 1

        rotate("second")
        assert read_visitor(site, shopper, now=WHEN).purposes == ALL_PURPOSES
        assert Profile.objects.count() == 1

    def test_without_the_old_key_they_are_unknown(self, site, visitor, rotate):
        visitor("v1")

        rotate("second")

        assert read_visitor(site, "v1", now=WHEN).purposes == NONE_GRANTED

    def test_a_choice_after_rotation_makes_no_second_visitor(self, site, visitor, rotate):
        visitor("v1")
        rotate("second", "first")

        choose(site, "v1", purposes=frozenset({Purpose.ANALYTICS}), policy="p", source="s")

        assert Profile.objects.count() == 1
        assert read_visitor(site, "v1", now=WHEN).purposes == {Purpose.ANALYTICS}


def test_clock_times_survive_to_the_microsecond():
    moment = now()

    assert to_us(moment) % 1_000_000 == moment.microsecond
