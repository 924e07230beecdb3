"""What a shared cache may keep is a property of the slot, not of who asks."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.caching import max_age
from rules.schedules import write_schedule
from rules.types import CacheScope
from tests.rules.test_schedules import FIRST, LAST, ZONES
from tests.rules.worlds import NOW, document, experiment, release, rule, schedules, slot, where

CONDITIONS = {
    "pro": where("plan", "=", "pro"),
    "german": where("country", "=", "DE"),
    "late": where("hour", ">", 20),
    "germans": where("segment", "in", ["german"]),
    "pros": where("segment", "in", ["pro"]),
}


def scope(holdout=None, **parts):
    return release(slot(**parts), conditions=CONDITIONS, holdout=holdout).slots["home"].cache


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, ("public", ())),
        ({"default": None}, ("public", ())),
        ({"default": "place"}, ("public", ("country",))),
        ({"default": "languages"}, ("public", ("locale",))),
        ({"default": "top"}, ("public", ())),
        ({"default": "greeting"}, ("private", ())),
        ({"default": "shelf"}, ("private", ())),
        ({"rules": [rule("r", "gold")]}, ("public", ())),
        ({"rules": [rule("r", "gold", "german")]}, ("public", ("country",))),
        ({"rules": [rule("r", "gold", "germans")]}, ("public", ("country",))),
        ({"rules": [rule("r", "greeting", "german")]}, ("private", ("country",))),
        ({"rules": [rule("r", "gold", "pro")]}, ("private", ())),
        ({"rules": [rule("r", "gold", "pros")]}, ("private", ())),
        ({"rules": [rule("r", "gold", cap={"times": 1, "seconds": None})]}, ("private", ())),
        ({"experiments": [experiment("e", "gold", "silver")]}, ("private", ())),
    ],
)
def test_a_slot_is_public_only_if_nothing_in_it_reads_the_visitor(parts, expected):
    found = scope(**parts)

    assert (found.scope, found.vary) == expected


def test_a_holdout_makes_slots_with_rules_private():
    held = {"seed": "h", "share": 0.1}

    assert scope(held, rules=[rule("r", "gold")]).scope == "private"
    assert scope(held).scope == "public"


def test_an_answer_is_kept_until_the_next_window_turns():
    opens, closes = NOW + timedelta(seconds=20), NOW + timedelta(seconds=50)
    found = scope(rules=[rule("r", "gold", start=opens.isoformat(), end=closes.isoformat())])

    assert max_age(found, NOW) == 20
    assert max_age(found, opens) == 30
    assert max_age(found, closes) == 60


def test_a_private_answer_is_kept_five_seconds_at_most():
    assert max_age(CacheScope("private"), NOW) == 5
    assert max_age(CacheScope("private", until=(NOW + timedelta(seconds=2),)), NOW) == 2


def test_what_reads_the_clock_is_kept_until_the_hour_turns():
    found = scope(rules=[rule("r", "gold", "late")])

    assert max_age(found, NOW.replace(minute=59, second=48)) == 12


def test_the_scope_is_worked_out_from_the_document_not_taken_from_it():
    written = document(slot(default="greeting", cache={"scope": "public"}))

    assert "cache" in written["slots"][0]
    assert release(slot(default="greeting")).slots["home"].cache.scope == "private"


@given(schedules, st.sampled_from(ZONES), st.datetimes(FIRST, LAST))
def test_an_answer_is_kept_no_longer_than_until_hours_next_turn(schedule, zone, at):
    now = at.replace(tzinfo=UTC)
    when = write_schedule(schedule)
    rendered = release(slot(rules=[rule("r", "gold", when=when)]), zone=zone)

    kept = max_age(rendered.slots["home"].cache, now)

    assert 0 <= kept <= 60
    assert {schedule.is_open(now + timedelta(seconds=later), zone) for later in range(kept)} <= {
        schedule.is_open(now, zone)
    }
    assert kept == 60 or schedule.is_open(now, zone) is not schedule.is_open(
        now + timedelta(seconds=kept + 1), zone
    )


def test_the_hour_of_a_zone_turns_when_its_own_clock_does():
    found = (
        release(
            slot(rules=[rule("r", "gold", "late")]), conditions=CONDITIONS, zone="Asia/Kathmandu"
        )
        .slots["home"]
        .cache
    )

    assert max_age(found, NOW.replace(minute=14, second=48)) == 12
