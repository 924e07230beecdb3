"""Days and hours follow the clock on the wall of the site, through summer time and midnight."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.engine import decide
from rules.invalid import Invalid
from rules.schedules import Schedule, read_schedule, write_schedule
from rules.types import STRANGER
from tests.rules.worlds import asking, learned, release, rule, schedules, slot

BERLIN = "Europe/Berlin"
ZONES = ["UTC", BERLIN, "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Asia/Beirut"]
FIRST, LAST = datetime(2026, 3, 1), datetime(2026, 11, 30)
OFFICE = {"days": [1, 2, 3, 4, 5], "from": "09:00", "until": "18:00"}
NIGHT = {"days": [5], "from": "22:00", "until": "02:00"}


def at(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def is_open(when, text, zone=BERLIN):
    return read_schedule(when).is_open(at(text, zone), zone)


@pytest.mark.parametrize(
    ("when", "moment", "expected"),
    [
        (OFFICE, "2026-11-23T08:59:59", False),  # a Monday
        (OFFICE, "2026-11-23T09:00:00", True),
        (OFFICE, "2026-11-23T17:59:59", True),
        (OFFICE, "2026-11-23T18:00:00", False),
        (OFFICE, "2026-11-22T12:00:00", False),
        (NIGHT, "2026-11-27T21:59:00", False),
        (NIGHT, "2026-11-27T22:00:00", True),
        (NIGHT, "2026-11-28T01:59:00", True),  # Saturday's first hours belong to Friday
        (NIGHT, "2026-11-28T02:00:00", False),
        (NIGHT, "2026-11-28T22:30:00", False),
        (NIGHT, "2026-11-27T01:00:00", False),
        ({"days": [7]}, "2026-11-29T00:00:00", True),
        ({"days": [7]}, "2026-11-30T00:00:00", False),
        ({"from": "18:00", "until": "24:00"}, "2026-11-29T23:59:59", True),
        ({"from": "18:00", "until": "00:00"}, "2026-11-30T00:00:00", False),
        ({"from": "02:30", "until": "02:45"}, "2026-03-29T03:35:00", False),  # it did not come
        ({"from": "02:30", "until": "05:00"}, "2026-03-29T03:00:00", True),
        ({"from": "02:30", "until": "02:45"}, "2026-10-25T02:35:00", True),
    ],
)
def test_it_is_open_by_the_clock_on_the_wall(when, moment, expected):
    assert is_open(when, moment) is expected


def test_the_hour_that_comes_twice_is_open_twice():
    when = read_schedule({"from": "02:30", "until": "02:45"})
    first = at("2026-10-25T02:35:00")

    assert when.is_open(first, BERLIN)
    assert not when.is_open(first + timedelta(minutes=20), BERLIN)
    assert when.is_open(first + timedelta(hours=1), BERLIN)


def test_the_next_turn_is_found_where_clocks_jump_over_it():
    when = read_schedule({"from": "02:30", "until": "05:00"})

    assert when.next_turn(at("2026-03-29T01:10:00"), BERLIN) == at("2026-03-29T03:00:00")


def test_a_day_a_week_whose_hour_falls_out_turns_the_week_after():
    when = read_schedule({"days": [7], "from": "02:10", "until": "02:50"})

    assert when.next_turn(at("2026-03-22T03:00:00"), BERLIN) == at("2026-04-05T02:10:00")


def test_beyond_the_time_asked_for_no_turn_is_told():
    when, now = read_schedule(OFFICE), at("2026-11-23T08:00:00")

    assert when.next_turn(now, BERLIN, timedelta(minutes=59)) is None
    assert when.next_turn(now, BERLIN, timedelta(minutes=60)) == at("2026-11-23T09:00:00")


@given(schedules, st.sampled_from(ZONES), st.datetimes(FIRST, LAST))
@example(Schedule(start=150, end=300), BERLIN, datetime(2026, 3, 28, 23))
@example(Schedule(start=150, end=165), BERLIN, datetime(2026, 10, 25, 0, 40))
@example(Schedule(frozenset({7})), "Asia/Beirut", datetime(2026, 3, 28, 20))
def test_nothing_changes_before_the_next_turn_and_then_it_does(schedule, zone, moment):
    now = moment.replace(tzinfo=UTC)

    turn = schedule.next_turn(now, zone)

    assert turn is not None and turn > now
    before = {schedule.is_open(each, zone) for each in _minutes_between(now, turn)}
    assert before == {schedule.is_open(now, zone)}
    assert schedule.is_open(turn, zone) is not schedule.is_open(now, zone)


def _minutes_between(start, end):
    """Every minute of the last and first hours, every quarter of an hour between."""
    last = end - timedelta(microseconds=1)
    close = [last - timedelta(minutes=back) for back in range(90)]
    quarters = int((end - start) / timedelta(minutes=15))
    far = [start + timedelta(minutes=15 * step) for step in range(quarters + 1)]
    return [each for each in (start, *close, *far) if start <= each < end]


@given(schedules)
def test_what_is_written_is_read_back(schedule):
    assert read_schedule(write_schedule(schedule)) == schedule


@given(schedules, schedules)
def test_covering_means_being_open_whenever_the_other_is(one, other):
    monday = datetime(2026, 6, 1, tzinfo=UTC)
    week = [monday + timedelta(minutes=each) for each in range(0, 10_080, 7)]
    both = [(one.is_open(each, "UTC"), other.is_open(each, "UTC")) for each in week]

    if one.covers(other):
        assert all(mine for mine, others in both if others)
    if any(mine and others for mine, others in both):
        assert one.meets(other)
    assert one.covers(one)


@pytest.mark.parametrize(
    "when", [None, {}, {"days": [1, 2, 3, 4, 5, 6, 7]}, {"from": "00:00", "until": "24:00"}]
)
def test_always_is_no_schedule(when):
    assert read_schedule(when) is None


@pytest.mark.parametrize(
    ("when", "path"),
    [
        ("09:00-18:00", ""),
        ({"hours": [9, 18]}, "hours"),
        ({"days": []}, "days"),
        ({"days": [0]}, "days"),
        ({"days": [True]}, "days"),
        ({"days": [1.0]}, "days"),
        ({"days": "1,2"}, "days"),
        ({"days": [[1]]}, "days"),
        ({"from": "09:00"}, "until"),
        ({"until": "09:00"}, "from"),
        ({"from": "9:00", "until": "18:00"}, "from"),
        ({"from": "09:00", "until": 1080}, "until"),  # what YAML makes of 18:00 without quotes
        ({"from": "09:60", "until": "18:00"}, "from"),
        ({"from": "24:00", "until": "18:00"}, "from"),
        ({"from": "09:00", "until": "09:00"}, "until"),
        ({"from": "٠٩:00", "until": "18:00"}, "from"),
    ],
)
def test_what_says_nothing_clear_is_refused_where_it_stands(when, path):
    with pytest.raises(Invalid) as caught:
        read_schedule(when)
    assert caught.value.path == path


def test_a_rule_runs_at_its_hours_in_the_sites_zone():
    published = release(slot(rules=[rule("r", "gold", when=OFFICE)]), zone="Asia/Kathmandu")

    def shown(moment):
        asked = asking(now=at(moment, "Asia/Kathmandu"))
        return decide(published, learned(), STRANGER, asked).slots[0].choices[0].content

    assert shown("2026-11-23T08:59:00") == "plain"
    assert shown("2026-11-23T09:00:00") == "gold"
