"""A likelihood holds what it says, tells likely visitors apart, or is not offered."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.regulars import NOW, deeds, shop
from workers.training.deeds import DAY, PURCHASE, VIEW
from workers.training.interactions import NotEnoughData
from workers.training.outlooks import outlooks
from workers.training.propensity import FLOOR, buys, lapses, learn_chance, reliability


def learnt(rows, did=buys):
    return learn_chance(rows, did, now=NOW, days=14, seed=1)


@pytest.fixture(scope="module")
def buying():
    return learnt(shop())


def test_buyers_are_told_apart_from_others(buying):
    _chance, judged = buying

    assert judged.is_useful
    assert judged.auc > 0.75
    assert judged.brier < judged.brier_of_mean


def test_of_those_who_are_said_to_buy_so_many_do(buying):
    _chance, judged = buying

    assert len(judged.groups) >= 2
    for group in judged.groups:
        assert abs(group.said - group.did) < 0.15


def test_regulars_are_said_to_buy_sooner_than_others(buying):
    chance, _judged = buying

    seen = outlooks(shop(), NOW, 14)
    said = chance.of(seen.figures)

    is_regular = seen.visitors % 3 == 0
    assert said[is_regular].mean() > 3 * said[~is_regular].mean()


def test_nobody_is_foretold_for_certain(buying):
    chance, _judged = buying

    said = chance.of(outlooks(shop(), NOW, 14).figures)

    assert 0 < said.min() <= said.max() < 1


def test_those_who_stay_away_are_told_apart_too():
    _chance, judged = learnt(shop(), lapses)

    assert judged.is_useful


def test_where_all_is_chance_nothing_is_offered():
    _chance, judged = learnt(shop(signal=False))

    assert not judged.is_useful


def test_the_same_deeds_and_seed_give_the_same_chances():
    figures = outlooks(shop(), NOW, 14).figures

    first, second = learnt(shop())[0].of(figures), learnt(shop())[0].of(figures)

    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 1.0, VIEW, -1, 0.0)],
        [(v, 20.0 + v / 100, VIEW, -1, 0.0) for v in range(500)],  # nobody ever bought
    ],
)
def test_too_little_is_said_so(rows):
    with pytest.raises(NotEnoughData):
        learnt(deeds(rows, 500))


def test_nothing_of_the_future_is_in_the_figures():
    before = [(0, 20.0, VIEW, -1, 0.0), (1, 18.0, VIEW, -1, 0.0)]
    later = [(0, 3.0, PURCHASE, -1, 9.0), (1, 13.9, VIEW, -1, 0.0)]

    without, with_it = (outlooks(deeds(r, 2), NOW - 14 * DAY, 14) for r in (before, before + later))

    assert without.figures.tobytes() == with_it.figures.tobytes()
    assert with_it.bought.tolist() == [True, False]
    assert with_it.came.tolist() == [True, True]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=300))
def test_every_visitor_is_in_one_group_of_fifty_or_more(pairs):
    said = np.array([pair[0] for pair in pairs], float)
    did = np.array([pair[1] for pair in pairs], bool)

    groups = reliability(said, did)

    assert sum(group.visitors for group in groups) == (len(pairs) if len(pairs) >= FLOOR else 0)
    assert all(group.visitors >= FLOOR for group in groups)
