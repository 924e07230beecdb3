"""The drawing of a journey: everything on it, nothing on top of anything else, always the same."""

import re
from itertools import combinations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from personalization.journeys.flow import INSIDE, OUTSIDE, SHARE, draw, wrapped
from personalization.journeys.picture import picture
from personalization.targeting import documents
from rules.journeys import Journey, Stage
from tests.journeys.conftest import CART, did, tree

KEYS = [f"s{number}" for number in range(8)]


@st.composite
def flows(draw):
    keys = KEYS[: draw(st.integers(1, 8))]
    places = st.sampled_from([INSIDE, *keys])
    ways = draw(
        st.lists(
            st.tuples(places, st.sampled_from([*keys, OUTSIDE]), st.text(max_size=60)), max_size=16
        )
    )
    journey = Journey("it", tuple(Stage(key, f"Stage {key}") for key in keys))
    return journey, [way for way in ways if way[0] != way[1]]


def numbers(path):
    return [int(found) for found in re.findall(r"-?\d+", path)]


@given(flows())
def test_every_stage_has_a_box_and_no_two_boxes_touch(flow):
    drawing = draw(*flow, ("Visitors", "Out"))

    assert {box.key for box in drawing.boxes} == {
        INSIDE,
        OUTSIDE,
        *(stage.key for stage in flow[0].stages),
    }
    for one, other in combinations(drawing.boxes, 2):
        assert (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )


@given(flows())
def test_every_way_has_an_arrow_within_the_picture(flow):
    drawing = draw(*flow, ("Visitors", "Out"))

    assert {(arrow.source, arrow.target) for arrow in drawing.arrows} == {
        way[:2] for way in flow[1]
    }
    for arrow in drawing.arrows:
        assert all(0 <= each <= max(drawing.width, drawing.height) for each in numbers(arrow.path))
    for _source, _target, says in flow[1]:
        assert any(says in arrow.whole for arrow in drawing.arrows)


@given(flows())
def test_what_stands_on_arrows_does_not_overlap(flow):
    drawing = draw(*flow, ("Visitors", "Out"))

    places = [(arrow.x, arrow.y) for arrow in drawing.arrows]
    for one, other in combinations(places, 2):
        assert abs(one[0] - other[0]) >= SHARE or abs(one[1] - other[1]) >= 45


@given(flows())
def test_the_same_journey_is_always_drawn_the_same(flow):
    assert draw(*flow, ("in", "out")) == draw(*flow, ("in", "out"))


def test_time_runs_from_top_to_bottom_and_ways_back_beside():
    journey = Journey("it", (Stage("a"), Stage("b"), Stage("c")))
    ways = [
        (INSIDE, "a", ""),
        ("a", "b", ""),
        ("b", "c", ""),
        ("c", "a", "again"),
        ("a", OUTSIDE, ""),
    ]

    drawing = draw(journey, ways, ("in", "out"))

    at = {box.key: box.y for box in drawing.boxes}
    assert at[INSIDE] < at["a"] < at["b"] < at["c"] < at[OUTSIDE]
    back = next(arrow for arrow in drawing.arrows if arrow.target == "a" and arrow.source == "c")
    sideways = [int(found) for found in re.findall(r"H(\d+)", back.path)]
    assert max(sideways) > max(box.x + box.width for box in drawing.boxes)


def test_a_journey_of_three_stages_fits_a_phone():
    journey = Journey("it", (Stage("a"), Stage("b"), Stage("c")))
    ways = [(INSIDE, "a", "enters"), ("a", "b", "after 2 days"), ("b", "c", "after 3 days")]
    ways += [(stage, OUTSIDE, "buys something") for stage in "abc"]

    assert draw(journey, ways, ("in", "out")).width <= 300


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ("",)),
        ("buys something", ("buys something",)),
        ("puts something in the cart", ("puts something in the", "cart")),
        ("visits are more than 3 and spent", ("visits are more than 3", "and spent")),
        ("x" * 40, ("x" * 22 + "…",)),
        (
            "puts something in the cart and then looks at it",
            ("puts something in the", "cart and then looks at…"),
        ),
    ],
)
def test_long_words_are_cut_and_say_so(text, lines):
    assert wrapped(text, 23, 2) == lines


def test_a_picture_says_everything_in_sentences_too(site):
    documents.save_segment(
        site, {"key": "vip", "name": "Best", "condition": tree("visits", ">", 3)}, by="test"
    )
    entering = {"condition": tree("segment", "in", ["vip"])}
    stages = [
        *CART["stages"],
        {"key": "vip", "name": "VIP", "enter": entering, "from": ["waiting"]},
    ]
    stages.append({"key": "late", "enter": did("view"), "from": ["reminder"]})
    saved = documents.save_journey(site, {**CART, "stages": stages}, by="test")

    drawn = picture(site, saved.key, saved.stages)

    assert [(stage.name, stage.sentence) for stage in drawn.stages] == [
        (
            "Waiting",
            "comes in from outside: puts something in the cart; leaves: buys something;"
            " after 2 days goes on to “Reminder”",
        ),
        ("Reminder", "leaves: buys something; after 7 days leaves the journey"),
        ("VIP", "comes in from “Waiting”: is in segment “Best”"),
        ("late", "comes in from “Reminder”: looks at something"),
    ]
    assert {stage.counts.here for stage in drawn.stages} == {"0"}


def test_german_bends_its_words(site):
    saved = documents.save_journey(site, CART, by="test")

    with translation.override("de"):
        waiting, _reminder = picture(site, saved.key, saved.stages).stages

    assert "geht nach 2 Tagen weiter zu „Reminder“" in waiting.sentence


def test_a_stage_is_called_by_its_name_in_conditions(site):
    documents.save_journey(site, CART, by="test")
    asking = {"condition": tree("stage", "hasAny", ["cart:waiting"])}
    other = documents.save_journey(
        site, {"key": "other", "stages": [{"key": "in", "enter": asking}]}, by="test"
    )

    (stage,) = picture(site, other.key, other.stages).stages
    assert stage.sentence == ("comes in from outside: journey stage has any of “Cart → Waiting”")
