"""What training leaves out: programs and crowds; and that nobody else is taken for one."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.learn.describing import ItemText
from tests.workers.tastes import camps
from workers.learning.study import MOST_ROWS_OF_A_VISITOR, Row, make_study
from workers.training import sifting
from workers.training.interactions import Interactions
from workers.training.sifting import by_bursts, by_programs

HOUR, DAY = 3600.0, 86_400.0


def rows(*columns):
    """(visitor, item, at) in any order."""
    who, what, at = (np.array(column) for column in zip(*sorted(columns, key=_time), strict=True))
    return Interactions(
        who, what, at.astype(float), np.ones(len(who), np.float32), who.max() + 1, what.max() + 1
    )


def _time(row):
    return row[2], row[0]


def paced(seconds, count, who=0):
    return [(who, n % 30, n * seconds) for n in range(count)]


@pytest.mark.parametrize(
    ("seconds", "count"),
    [(1.0, 60), (5.0, 1000), (HOUR / 2, 60)],
    ids=["a page a second", "a page every five seconds for an hour", "every half hour of a day"],
)
def test_who_is_quicker_or_longer_awake_than_people_is_a_program(seconds, count):
    person = [(1, item, item * 20.0) for item in range(30)]
    found = rows(*paced(seconds, count), *person)

    assert (by_programs(found) == (found.visitors == 0)).all()


@pytest.mark.parametrize(
    ("seconds", "count"),
    [(0.0, 900), (0.01, 900), (3.0, 190), (DAY, 400), (2 * HOUR, 12)],
    ids=["one big basket", "a basket sent line by line", "a keen half hour", "daily", "long days"],
)
def test_people_in_a_hurry_are_none(seconds, count):
    assert not by_programs(rows(*paced(seconds, count))).any()


def others(count=1500):
    """Regular visitors, long known, who like items 0 to 29 alike."""
    return [
        (who, (who * 7 + step) % 30, step * 2 * DAY)
        for who in range(count // 10)
        for step in range(11)
    ]


def crowd(count, item, at, first=1000):
    return [(first + n, item, at + n * 60.0) for n in range(count)]


def test_a_crowd_of_newcomers_on_one_item_is_a_burst_and_their_other_rows_still_count():
    sent = crowd(40, 7, 100 * HOUR)
    else_where = [(who, (who * 3) % 30, at + 900 * 60) for who, _item, at in sent]
    found = rows(*others(), *sent, *else_where)

    burst = by_bursts(found)

    assert burst.sum() == 40
    assert set(found.items[burst]) == {7}
    assert set(found.visitors[burst]) == set(range(1000, 1040))


@pytest.mark.parametrize(
    ("what", "newcomers"),
    [
        ("few", crowd(19, 7, 100 * HOUR)),
        ("spread over a week", [(who, item, at * 60) for who, item, at in crowd(40, 7, HOUR)]),
        ("on all items", [(who, who % 30, at) for who, _item, at in crowd(200, 7, 100 * HOUR)]),
    ],
)
def test_newcomers_who_are_few_or_apart_or_of_many_tastes_are_none(what, newcomers):
    assert not by_bursts(rows(*others(), *newcomers)).any()


def test_what_long_known_visitors_do_at_once_is_no_burst():
    together = [(who, 7, 60 * DAY) for who in range(150)]

    assert not by_bursts(rows(*others(), *together)).any()


def test_a_shop_of_one_day_has_no_bursts_since_nobody_is_known_longer():
    assert not by_bursts(camps(visitors=900, likes=7)).any()


def test_the_page_of_the_recommender_tells_the_rules_as_they_are():
    page = (Path(__file__).parents[2] / "docs" / "recommender.md").read_text(encoding="utf-8")
    told = page.split("## Robustness", 1)[1]

    assert f"more than {sifting.IN_A_MINUTE} different seconds of a minute" in told
    assert f"or {sifting.IN_AN_HOUR} of an hour" in told
    assert f"in {sifting.AWAKE} of any 24 hours" in told
    assert f"{sifting.CROWD} or more newcomers" in told
    assert f"newest {MOST_ROWS_OF_A_VISITOR:,} events" in told
    assert sifting.TIMES == 10


def test_a_study_says_what_it_left_out_and_keeps_the_numbers_of_its_visitors():
    items = {f"i{n}": ItemText(f"thing {n}") for n in range(30)}
    most = MOST_ROWS_OF_A_VISITOR
    program = [Row("robot", f"i{item}", at, 1.0) for _who, item, at in paced(1.0, 80)]
    eager = [Row("eager", f"i{n % 30}", 1000 + n // 40 * DAY, 1.0) for n in range(most + 30)]
    study = make_study(items, [*program, *eager])

    left = study.sifted()

    assert left.dropped == {
        "programs": 1,
        "program_events": 80,
        "burst_events": 0,
        "excess_events": 30,
    }
    assert left.names == study.names
    assert set(left.interactions.visitors.tolist()) == {study.names["eager"]}


def test_a_file_that_counts_rows_instead_of_telling_the_time_has_no_programs():
    items = {f"i{n}": ItemText(f"thing {n}") for n in range(60)}
    counted = [Row(who, f"i{n}", float(n), 1.0) for n in range(60) for who in range(20)]
    study = make_study(items, counted)

    assert study.sifted().dropped["programs"] == 20
    assert study.sifted(most_programs=0.1).dropped["programs"] == 0


times = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(-9999, 9999)))


@given(times)
def test_sifting_never_adds_and_its_order_is_that_of_time(found):
    items = {f"i{n}": ItemText(f"thing {n}") for n in range(6)}
    study = make_study(
        items, [Row(w, f"i{i}", float(at), 1.0) for w, i, at in sorted(found, key=_time)]
    )

    left = study.sifted()

    assert len(left.interactions) + sum(
        count for name, count in left.dropped.items() if name != "programs"
    ) == len(found)
    assert (np.diff(left.interactions.at) >= 0).all()
