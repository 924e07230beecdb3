"""The invented shop: always the same, and believable."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from personalization.host.demo.people import make_people
from personalization.host.demo.visits import DAYS, tell
from personalization.host.shop.assortment import DEPARTMENTS
from personalization.host.shop.pictures import draw, motifs
from personalization.host.shop.scenes import names, scene
from personalization.host.shop.shelf import make_products, shelf
from rules.purposes import ALL_PURPOSES, NONE_GRANTED

NOW = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
PRODUCTS = tuple(shelf().values())


@pytest.fixture(scope="module")
def people():
    return make_people(7, 400, DAYS)


@pytest.fixture(scope="module")
def rows(people):
    return tell(people, PRODUCTS, seed=7, now=NOW)


def test_the_same_seed_makes_the_same_shop_people_and_events(people, rows):
    assert make_products(20, 306) == PRODUCTS
    assert make_people(7, 400, DAYS) == people
    assert tell(people, PRODUCTS, seed=7, now=NOW) == rows


def test_another_seed_makes_others(people):
    assert make_products(21, 306) != PRODUCTS
    assert make_people(8, 400, DAYS) != people


def test_a_person_does_not_depend_on_how_many_others_there_are(people):
    assert make_people(7, 10, DAYS) == people[:10]


def test_about_three_hundred_products_fill_nine_departments_evenly():
    shares = Counter(each.department.key for each in PRODUCTS)

    assert len({each.key for each in PRODUCTS}) == len({each.title for each in PRODUCTS}) == 306
    assert set(shares) == {each.key for each in DEPARTMENTS}
    assert set(shares.values()) == {34}


def test_prices_stay_near_what_such_a_thing_costs():
    for each in PRODUCTS:
        kind = next(kind for kind in each.department.kinds if kind.name == each.kind)
        low, high = kind.prices
        assert low * 100 - 100 <= each.price <= high * 100, each.title


@pytest.mark.parametrize("department", [each.key for each in DEPARTMENTS])
def test_every_kind_of_a_department_has_a_drawing_and_no_drawing_is_left_over(department):
    kinds = {each.name for row in DEPARTMENTS if row.key == department for each in row.kinds}
    assert set(motifs(department)) == kinds


def test_every_picture_is_a_drawing_of_its_own_without_foreign_content():
    pictures = [draw(each) for each in PRODUCTS] + [scene(name) for name in names()]

    assert len(set(pictures)) == len(pictures)
    for picture in pictures:
        tags = {node.tag.split("}")[1] for node in ElementTree.fromstring(picture).iter()}
        assert tags <= {"svg", "g", "path", "rect", "circle", "ellipse"}
        assert "$" not in picture


def test_most_people_consent_and_some_refuse(people):
    choices = Counter(each.purposes for each in people)

    assert 0.5 < choices[ALL_PURPOSES] / len(people) < 0.75
    assert 0.04 < choices[NONE_GRANTED] / len(people) < 0.18


def test_who_refused_left_no_event(people, rows):
    refused = {each.id for each in people if not each.purposes}
    assert refused
    assert not refused & {row["visitor"] for row in rows}


def test_events_lie_within_sixty_days_are_in_order_and_have_an_id_each(rows):
    times = [datetime.fromisoformat(row["at"]) for row in rows]

    assert times == sorted(times)
    assert NOW - timedelta(days=DAYS + 1) <= times[0] <= times[-1] <= NOW
    assert len({row["id"] for row in rows}) == len(rows)
    assert NOW - times[-1] < timedelta(days=1)


def test_many_look_some_take_fewer_buy_and_only_purchases_have_a_value(rows):
    kinds = Counter(row["type"] for row in rows)

    assert kinds["view"] > kinds["click"] > kinds["add_to_cart"] > kinds["purchase"] > 0
    assert 0.03 < kinds["purchase"] / kinds["view"] < 0.2
    assert all(("value" in row) == (row["type"] == "purchase") for row in rows)
    assert all(row["value"] == shelf()[row["item"]].price / 100 for row in rows if "value" in row)


def test_what_somebody_did_before_says_more_than_what_is_popular(rows):
    """Otherwise no model could beat popularity, and the demo would show nothing."""
    early: dict[str, Counter[str]] = {}
    middle = len(rows) // 2
    for row in rows[:middle]:
        department = shelf()[row["item"]].department.key
        early.setdefault(row["visitor"], Counter())[department] += 1
    popular = sum(early.values(), Counter()).most_common(1)[0][0]
    late = [row for row in rows[middle:] if row["visitor"] in early]
    wanted = [(row["visitor"], shelf()[row["item"]].department.key) for row in late]

    by_taste = sum(early[visitor].most_common(1)[0][0] == key for visitor, key in wanted)
    by_popularity = sum(popular == key for _, key in wanted)

    assert by_taste > 2.5 * by_popularity
