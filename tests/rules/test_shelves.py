"""Shelves: what a marketer asks of a carousel holds, whatever the strategy finds."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.invalid import Invalid
from rules.recommendations import STRATEGIES, suggest
from rules.shelf_codec import read_shelf, write_shelf
from rules.types import Item, Learned, Promotion, Scored, Shelf, Signal, SuggestionSpec, Window
from tests.rules.worlds import NOW, asking, visitor, visitors

BRANDS = ("oak", "elm", "ash")
CATEGORIES = ("boots", "hats")
N_ITEMS = 40
ITEMS = {
    f"i{n:02}": Item(
        f"i{n:02}",
        f"Thing {n}",
        category=CATEGORIES[n % 2],
        tags=("sale",) if n % 5 == 0 else (),
        attributes={"brand": BRANDS[n % 3]} if n % 7 else {},
        amount=float(n),
        available=n % 11 != 10,
    )
    for n in range(N_ITEMS)
}
KEYS = list(ITEMS)
BUYER = visitor(signals=(Signal("i01", "view", NOW),), bought=frozenset({"i02", "i03"}))


class InOrder:
    """A ranker that likes items in the order of their keys."""

    def for_visitor(self, signals, now, limit, exclude):
        return [Scored(key, 1.0) for key in KEYS if key not in exclude][:limit]

    similar = None

    def bought_together(self, item, limit, exclude):
        return []


def shop(**more):
    return Learned(
        1,
        ITEMS,
        popular=tuple(Scored(key, 1.0) for key in KEYS),
        ranker=InOrder(),
        unknown=tuple(reversed(KEYS)),
        **more,
    )


def where(field, operator, value):
    return {"combinator": "and", "rules": [{"field": field, "operator": operator, "value": value}]}


def shown(limit=4, strategy="popular", who=BUYER, exclude=frozenset(), learned=None, **shelf):
    spec = SuggestionSpec(strategy, limit, read_shelf(shelf))
    return suggest(learned or shop(), spec, who, asking(), exclude)


def keys(*args, **more):
    return [each.item.key for each in shown(*args, **more)]


def test_a_filter_asks_for_fields_and_attributes_of_items():
    dear = where("price", ">=", 30)
    oak = {"keep": where("brand", "=", "oak"), "fields": {"brand": "string"}}

    assert keys(2, keep=dear) == ["i30", "i31"]
    assert keys(2, **oak) == ["i03", "i06"]
    assert keys(2, keep=where("tags", "hasAny", ["sale"])) == ["i00", "i05"]


def test_a_model_is_asked_further_where_the_filter_leaves_too_few():
    found = shown(2, "for_you", keep=where("price", ">=", 38))

    assert [(each.item.key, each.reason) for each in found] == [
        ("i38", "for_you"),
        ("i39", "for_you"),
    ]


def test_a_pin_stands_at_its_place_whatever_the_filter_says():
    pin = {"do": "pin", "item": "i39", "place": 2}

    assert keys(3, keep=where("price", "<", 5), promotions=[pin]) == ["i00", "i39", "i01"]
    assert shown(3, promotions=[pin])[1].moved == "pin"


def test_what_cannot_be_shown_is_not_pinned():
    pins = [{"do": "pin", "item": key} for key in ("i10", "gone", "i05")]
    excluded = {"do": "exclude", "item": "i05"}

    assert keys(2, promotions=[*pins, excluded]) == ["i00", "i01"]


def test_a_category_is_boosted_to_the_front_and_a_tag_buried():
    boost = {"do": "boost", "category": "hats", "strength": 1}
    bury = {"do": "bury", "tag": "sale", "strength": 1}

    found = shown(3, promotions=[boost, bury])

    assert [each.item.key for each in found] == ["i01", "i03", "i07"]
    assert {each.moved for each in found} == {"boost"}


def test_what_is_boosted_comes_even_where_the_strategy_did_not_find_it():
    learned = replace(shop(), popular=tuple(Scored(key, 1.0) for key in KEYS[:3]))

    assert "i39" in keys(
        4, learned=learned, promotions=[{"do": "boost", "item": "i39", "strength": 1}]
    )


def test_a_promotion_counts_within_its_window_only():
    pin = {"do": "pin", "item": "i30"}
    tomorrow, yesterday = NOW + timedelta(days=1), NOW - timedelta(days=1)

    assert keys(1, promotions=[{**pin, "start": tomorrow.isoformat()}]) == ["i00"]
    assert keys(1, promotions=[{**pin, "end": yesterday.isoformat()}]) == ["i00"]
    assert keys(1, promotions=[{**pin, "start": yesterday.isoformat()}]) == ["i30"]


def test_one_of_each_group_and_those_without_one_stand_alone():
    found = shown(6, one_per="brand")
    named = [each.item.attributes["brand"] for each in found if each.item.attributes]

    assert sorted(named) == sorted(set(named))
    assert len(found) == 6
    assert [each.item.category for each in shown(4, one_per="category")] == ["boots", "hats"]


def test_variety_brings_other_categories_and_none_of_it_changes_nothing():
    boots_first = sorted(KEYS, key=lambda key: (int(key[1:]) % 2, key))
    learned = replace(shop(), popular=tuple(Scored(key, 1.0) for key in boots_first))

    def hats(diversity):
        found = shown(8, learned=learned, diversity=diversity)
        return sum(each.item.category == "hats" for each in found)

    assert hats(0.0) == 0
    assert hats(0.7) > 1


def test_what_was_bought_is_left_out_of_any_strategy_if_asked():
    assert keys(3, hide_bought=True) == ["i00", "i01", "i04"]
    assert keys(3) == ["i00", "i01", "i02"]


def test_a_share_of_the_places_explores_what_is_little_known():
    found = shown(10, explore=0.2)

    assert [each.moved for each in found] == [""] * 8 + ["explore"] * 2
    assert keys(10, explore=0.2) == keys(10, explore=0.2)


def test_a_part_of_a_place_is_explored_in_that_part_of_the_hours():
    spec = SuggestionSpec("popular", 4, read_shelf({"explore": 0.125}))
    hours = [asking(now=NOW + timedelta(hours=n)) for n in range(400)]

    explored = [sum(e.moved == "explore" for e in suggest(shop(), spec, BUYER, at)) for at in hours]

    assert set(explored) == {0, 1}
    assert 0.4 < sum(explored) / len(explored) < 0.6


def test_new_shows_what_came_within_the_month_in_the_order_of_the_taste():
    moment = NOW.timestamp()
    came = (("i20", 1), ("i05", 2), ("i09", 40))
    arrived = tuple(Scored(key, moment - days * 86_400) for key, days in came)
    learned = shop(arrived=arrived)

    assert keys(2, "new", learned=learned) == ["i05", "i20"]
    assert keys(2, "new", visitor(), learned=learned) == ["i20", "i05"]
    assert shown(3, "new", learned=learned)[2].reason == "popular"


def test_back_in_stock_shows_first_what_the_visitor_had_looked_at():
    moment = NOW.timestamp()
    restocked = (Scored("i20", moment - 5), Scored("i01", moment - 500))

    assert keys(2, "back_in_stock", learned=shop(restocked=restocked)) == ["i01", "i20"]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([], ""),
        ({"colour": 1}, "colour"),
        ({"keep": where("colour", "=", "red")}, "keep/rules/0/field"),
        ({"keep": where("segment", "in", ["pro"])}, "keep"),
        ({"keep": where("brand", "=", "x"), "fields": {"brand": "list"}}, "fields"),
        ({"keep": where("brand", "=", "x"), "fields": ["brand"]}, "fields"),
        ({"promotions": {}}, "promotions"),
        ({"promotions": [{"do": "sell", "item": "a"}]}, "promotions/0/do"),
        ({"promotions": [{"do": "pin", "category": "a"}]}, "promotions/0"),
        ({"promotions": [{"do": "boost", "category": "a", "tag": "b"}]}, "promotions/0"),
        ({"promotions": [{"do": "boost", "tag": ""}]}, "promotions/0/tag"),
        ({"promotions": [{"do": "pin", "item": "a", "place": 0}]}, "promotions/0/place"),
        ({"promotions": [{"do": "bury", "item": "a", "strength": 2}]}, "promotions/0/strength"),
        ({"promotions": [{"do": "pin", "item": "a", "start": "soon"}]}, "promotions/0/start"),
        ({"promotions": [{"do": "pin", "item": "a", "end": "2026-01-01"}]}, "promotions/0/end"),
        ({"one_per": 3}, "one_per"),
        ({"diversity": 1.1}, "diversity"),
        ({"explore": 0.6}, "explore"),
        ({"hide_bought": "yes"}, "hide_bought"),
    ],
)
def test_what_is_wrong_in_a_shelf_is_named(document, path):
    with pytest.raises(Invalid) as refused:
        read_shelf(document)

    assert refused.value.path == path


def test_a_window_that_ends_before_it_starts_is_refused():
    window = {"start": "2026-12-02T00:00:00+00:00", "end": "2026-12-01T00:00:00+00:00"}

    with pytest.raises(Invalid, match="after the start"):
        read_shelf({"promotions": [{"do": "pin", "item": "a", **window}]})


# ---------------------------------------------------------------- at random

names = st.sampled_from([*KEYS[:12], "gone"])
instants = st.none() | st.sampled_from([NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)])
windows = st.builds(Window, st.none() | st.just(NOW - timedelta(days=2)), instants)
abouts = (
    st.tuples(st.just("item"), names)
    | st.tuples(st.just("category"), st.sampled_from(CATEGORIES))
    | st.tuples(st.just("tag"), st.just("sale"))
)
lifts = st.builds(
    lambda do, about, strength, window: Promotion(do, *about, strength=strength, window=window),
    st.sampled_from(["boost", "bury"]),
    abouts,
    st.sampled_from([0.1, 0.5, 1.0]),
    windows,
)
exclusions = st.builds(
    lambda about, window: Promotion("exclude", *about, window=window), abouts, windows
)
pins = st.builds(
    lambda item, place, window: Promotion("pin", "item", item, place, window=window),
    names,
    st.integers(1, 48),
    windows,
)
keeps = st.sampled_from(
    [{}, {"keep": where("price", "<", 20)}, {"keep": where("item", "!=", "i04")}]
)
all_shelves = st.builds(
    lambda keep, promotions, **more: replace(
        read_shelf(keep), promotions=tuple(promotions), **more
    ),
    keeps,
    st.lists(lifts | exclusions | pins, max_size=5),
    one_per=st.sampled_from([None, "category", "brand"]),
    diversity=st.sampled_from([0.0, 0.3, 1.0]),
    hide_bought=st.booleans(),
    explore=st.sampled_from([0.0, 0.1, 0.5]),
)


@given(all_shelves, st.sampled_from(sorted(STRATEGIES)), st.integers(0, 12), visitors)
def test_whatever_is_asked_nothing_is_shown_that_must_not_be(shelf, strategy, limit, who):
    learned = replace(shop(), ranker=None)
    excluded = frozenset({"i00"})
    on_now = [each for each in shelf.promotions if each.window.is_open(NOW)]

    found = suggest(learned, SuggestionSpec(strategy, limit, shelf), who, asking(), excluded)

    assert len(found) <= limit
    assert len({each.item.key for each in found}) == len(found)
    for each in found:
        assert each.item.available and each.item.key not in excluded
        assert not any(one.do == "exclude" and one.is_about(each.item) for one in on_now)
        assert not (shelf.hide_bought and each.item.key in who.bought)
    free = [each.item for each in found if each.moved != "pin"]
    if shelf.keep is not None:
        assert all(item.amount < 20 or item.key != "i04" for item in free)
    if shelf.one_per == "category":
        assert len({item.category for item in free}) == len(free)


@given(all_shelves)
def test_a_shelf_is_read_back_as_it_was_written(shelf):
    assert read_shelf(write_shelf(shelf)) == shelf


plain = st.none() | st.booleans() | st.floats() | st.text(max_size=5)
values = st.recursive(plain, lambda v: st.lists(v) | st.dictionaries(st.text(max_size=5), v))
parts = ("keep", "promotions", "one_per", "fields", "diversity", "explore", "hide_bought")


@given(values | st.fixed_dictionaries({}, optional=dict.fromkeys(parts, values)))
def test_no_document_does_more_than_be_refused(document):
    try:
        shelf = read_shelf(document)
    except Invalid as refused:
        assert refused.detail
    else:
        assert isinstance(shelf, Shelf)
