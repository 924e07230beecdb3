"""What Spark finds is what this machine finds, within the bounds of docs/recommender.md."""

import numpy as np
import pytest

from benchmarks.shops import series, turning
from personalization.learn.members import Vectors
from personalization.learn.serving import FoldIn, Recency
from workers.learning.audience import Audience
from workers.learning.study import MOST_ROWS_OF_A_VISITOR, Study
from workers.training.factors import Factors
from workers.training.following import Following
from workers.training.interactions import Interactions
from workers.training.nearest import Nearest, Together
from workers.training.popularity import Popularity
from workers.training.sifting import CROWD, DAY, HOUR, MINUTE
from workers.training.spark.families import OnSpark
from workers.training.spark.log import COLUMNS, sample
from workers.training.spark.sifting import sifted
from workers.training.split import temporal

EXACT = [
    *(Popularity(7), Popularity(3650), Following(), Following(window=3, damping=0.3, longest=9)),
    *(Nearest(), Nearest(longest=20), Together()),
]
WITHIN = 1e-5  # of the largest value
FACTORS = Factors(size=32, rounds=8)


@pytest.fixture(scope="module")
def shop():
    """Tastes that turn: some 6,000 events, no two of a visitor at one instant."""
    return turning(1, visitors=400, items=120).interactions


@pytest.fixture(scope="module")
def log(shop, log_of):
    return log_of(shop)


def rows_of(log):
    """A log's rows in their order, as interactions."""
    found = log.rows.toArrow().sort_by("place")
    columns = [found[name].to_numpy() for name in COLUMNS]
    return Interactions(*columns, len(set(columns[0].tolist())), log.n_items)


def assert_same(found, wanted):
    for column in ("visitors", "items", "at", "strengths"):
        np.testing.assert_array_equal(getattr(found, column), getattr(wanted, column))


def test_rows_keep_their_order_and_visitors_get_the_same_numbers(log, shop):
    assert_same(rows_of(log), shop)


@pytest.mark.parametrize("form", EXACT, ids=repr)
def test_tables_and_popularity_are_those_of_this_machine(form, log, shop):
    found, wanted = OnSpark(form).fit(log, seed=1), form.fit(shop, seed=1)

    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        largest = np.abs(array).max(initial=1)
        np.testing.assert_allclose(found[name], array, rtol=0, atol=WITHIN * largest)
        assert found[name].dtype == array.dtype


def test_past_and_future_are_those_of_this_machine(log, shop):
    past, future = log.split(0.25, seed=1)
    wanted = temporal(shop, 0.25, seed=1)

    assert_same(rows_of(past), wanted.past)
    assert_same(rows_of(future), wanted.future)


def test_a_sample_holds_whole_visitors_and_no_more_than_asked(log):
    past, future = log.split(0.25, seed=1)

    found = sample(past, future, 50, seed=1)

    whole, drawn = rows_of(past), np.asarray(found.pseudonyms)  # pseudonyms are numbers here
    assert len(drawn) == 50
    assert len(np.unique(found.split.future.visitors)) == 50
    chosen = whole.rows(np.isin(whole.visitors, drawn))
    np.testing.assert_array_equal(drawn[found.split.past.visitors], chosen.visitors)
    np.testing.assert_array_equal(found.split.past.items, chosen.items)


def test_programs_crowds_and_excess_are_left_out_as_on_this_machine(log_of):
    events = disturbed()
    study = Study(events, tuple(map(str, range(events.n_items))), (), {}).sifted()

    found, dropped = sifted(log_of(events), MOST_ROWS_OF_A_VISITOR)

    assert dropped == dict(study.dropped)
    assert all(dropped.values())  # there was something of each kind
    assert_same(rows_of(found), study.interactions)


def disturbed():
    """Calm visitors, a crawler, a crowd that was sent to one item, and somebody without measure."""
    chance = np.random.default_rng(1)
    calm = [
        (n * 2 / 3 * DAY + who, who, int(chance.integers(40)))
        for who in range(150)
        for n in range(12)
    ]
    crawler = [(DAY + second, 200, second % 40) for second in range(100)]
    sleepless = [(n * HOUR, 201, n % 40) for n in range(60)]
    crowd = [(3 * DAY + n * MINUTE, 300 + n, 39) for n in range(CROWD + 5)]
    eager = [(5 * DAY + n * 7 * DAY, 500, n % 40) for n in range(MOST_ROWS_OF_A_VISITOR + 7)]
    rows = sorted([*calm, *crawler, *sleepless, *crowd, *eager])
    at, visitors, items = (np.array(column) for column in zip(*rows, strict=True))
    numbers = {who: n for n, who in enumerate(dict.fromkeys(visitors.tolist()))}
    numbered = np.array([numbers[who] for who in visitors.tolist()])
    return Interactions(numbered, items, at, np.ones(len(at), np.float32), len(numbers), 40)


@pytest.mark.parametrize("make", [turning, series])
def test_factors_serve_as_well_as_those_of_this_machine(make, log_of):
    study = make(2, visitors=500, items=150)
    split = temporal(study.interactions, 0.25, seed=1)
    audience = Audience.of(split, memory=None)

    def ndcg(vectors):
        member = Vectors.of(vectors, np.zeros(len(vectors), np.float32), FoldIn(1.0, 0.1))
        return audience.ndcg(audience.scores(member, Recency(places=20)))

    here = ndcg(FACTORS.fit(split.past, seed=1)["factors"])
    there = ndcg(OnSpark(FACTORS).fit(log_of(split.past), seed=1)["factors"])

    assert there == pytest.approx(here, rel=0.1)
