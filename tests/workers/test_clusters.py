"""Visitors made with two tastes are found as two groups, and by a condition found again."""

from datetime import UTC, datetime

import numpy as np
import pytest

from rules import BUILT_IN, compile, describe, parse
from tests.workers.regulars import NOW, deeds, two_tastes
from workers.training.affinity import leanings
from workers.training.clusters import find_groups
from workers.training.deeds import CART, DAY, PURCHASE, VIEW
from workers.training.group_conditions import differences, find_again
from workers.training.interactions import NotEnoughData
from workers.training.portraits import names_for, portraits
from workers.training.rfm import fifths, rfm

WHEN = datetime.fromtimestamp(NOW, UTC)


def known(rows):
    return portraits(rows, now=NOW, recent=100, names=names_for(rows))


@pytest.fixture(scope="module")
def crowd():
    return two_tastes()


@pytest.fixture(scope="module")
def groups(crowd):
    return find_groups(known(crowd), before={}, taken=(), seed=1)


def facts_of(rows, visitor):
    """As a page view would know the visitor."""
    own = rows.rows(rows.visitors == visitor)
    bought = own.rows(own.kinds == PURCHASE)
    events = [
        {"id": str(n), "type": "view", "category": rows.names[code], "at": WHEN}
        for n, code in enumerate(own.categories)
    ]
    return {
        "visits": int(own.visits()[visitor]),
        "frequency": len(bought),
        "monetary": float(bought.paid.sum()),
        "recency": float(NOW - own.at.max()) / DAY,
        "events": events,
    }


def test_who_was_made_alike_is_in_one_group(crowd, groups):
    places = groups.of(known(crowd))

    for taste in (0, 1):
        own = places[taste::2]
        others = places[1 - taste :: 2]
        shared = set(own.tolist()) & set(others.tolist())
        assert np.isin(own, list(shared)).mean() < 0.1


def test_its_condition_finds_nine_of_ten_of_a_taste_again(crowd):
    portrait = known(crowd)
    likes_boots = portrait.visitors % 2 == 0

    found = find_again(portrait, likes_boots, seed=1)

    assert found.is_faithful
    condition = parse(found.condition, BUILT_IN)
    match = compile({"it": condition})
    matching = {v for v in portrait.visitors.tolist() if match(facts_of(crowd, v), WHEN)}
    right = set(portrait.visitors[likes_boots].tolist())
    assert len(matching & right) >= 0.9 * len(right)
    assert len(matching & right) >= 0.9 * len(matching)
    assert len(describe(condition)) < 120, "short enough to be read"


def test_what_it_says_of_its_quality_is_what_the_condition_does(crowd):
    portrait = known(crowd)
    likes_boots = portrait.visitors % 2 == 0

    found = find_again(portrait, likes_boots, seed=1)

    match = compile({"it": parse(found.condition, BUILT_IN)})
    matching = np.array([bool(match(facts_of(crowd, v), WHEN)) for v in portrait.visitors.tolist()])
    assert abs((matching & likes_boots).sum() / likes_boots.sum() - found.recall) < 0.05
    assert abs((matching & likes_boots).sum() / matching.sum() - found.precision) < 0.05


def test_it_says_what_sets_a_group_apart(crowd):
    portrait = known(crowd)

    told = differences(portrait, portrait.visitors % 2 == 0)

    assert "events:boots" in {each.of for each in told}
    assert all(each.here > each.everybody for each in told if each.of.startswith("events:"))


def test_a_group_keeps_its_name_the_next_night(crowd, groups):
    tomorrow = find_groups(
        known(two_tastes(seed=5)), before=groups.kept(), taken=groups.keys, seed=2
    )

    assert set(tomorrow.keys) == set(groups.keys)
    today, then = groups.of(known(crowd)), tomorrow.of(known(crowd))
    same = [groups.keys[a] == tomorrow.keys[b] for a, b in zip(today, then, strict=True)]
    assert np.mean(same) > 0.9


def test_a_name_that_was_ever_given_is_not_given_to_another_group(crowd):
    found = find_groups(known(crowd), before={}, taken=("g1", "g2"), seed=1)

    assert not {"g1", "g2"} & set(found.keys)


def test_the_same_visitors_and_seed_give_the_same_groups(crowd, groups):
    again = find_groups(known(crowd), before={}, taken=(), seed=1)

    assert again.kept() == groups.kept()


def test_a_handful_of_visitors_makes_no_groups():
    with pytest.raises(NotEnoughData):
        find_groups(known(two_tastes(visitors=20)), before={}, taken=(), seed=1)


def test_visitors_who_are_all_alike_make_no_groups():
    rows = [(v, float(step), VIEW, 0, 0.0) for v in range(300) for step in range(4)]

    with pytest.raises(NotEnoughData):
        find_groups(known(deeds(rows, 300, ("boots",))), before={}, taken=(), seed=1)


def test_fifths_rank_customers_and_treat_equals_alike():
    assert fifths(np.array([10.0, 20, 30, 40, 50])).tolist() == [1, 2, 3, 4, 5]
    assert fifths(np.array([1.0, 1, 1, 1, 9])).tolist() == [1, 1, 1, 1, 5]


def test_rfm_is_of_customers_only():
    rows = [(0, 1.0, PURCHASE, -1, 90.0), (1, 30.0, PURCHASE, -1, 10.0), (2, 0.5, VIEW, -1, 0.0)]

    scores = rfm(deeds(rows, 3))

    assert scores[2].tolist() == [0, 0, 0]
    assert scores[0, 0] > scores[1, 0]
    assert scores[0, 2] > scores[1, 2]


def test_an_affinity_is_a_share_in_which_purchases_and_new_deeds_weigh_more():
    rows = [
        (0, 1.0, VIEW, 0, 0.0),
        (0, 1.0, CART, 1, 0.0),
        (1, 0.0, VIEW, 0, 0.0),
        (1, 60.0, VIEW, 1, 0.0),
        (2, 0.0, VIEW, -1, 0.0),
    ]

    found = dict(leanings(deeds(rows, 3, ("boots", "lamps"))))

    assert found[0] == (("lamps", 0.75), ("boots", 0.25))
    assert found[1] == (("boots", 0.8), ("lamps", 0.2))
    assert 2 not in found
