"""Suggestions: as many as there can be, none that may not be shown."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.purposes import ALL_PURPOSES, Purpose
from rules.recommendations import STRATEGIES, suggest
from rules.types import NOTHING_LEARNED, STRANGER, Signal, SuggestionSpec
from tests.rules.worlds import NOW, asking, learned, requests, visitor, visitors

VIEWER = visitor(signals=(Signal("d", "view", NOW),))


def suggested(strategy, limit=3, who=VIEWER, request=None, **more):
    found = suggest(learned(), SuggestionSpec(strategy, limit), who, request or asking(), **more)
    return [(each.item.key, each.reason) for each in found]


def keys(*args, **more):
    return [key for key, _ in suggested(*args, **more)]


def test_for_you_comes_from_the_model():
    assert suggested("for_you") == [("e", "for_you"), ("f", "for_you"), ("g", "for_you")]


@pytest.mark.parametrize("missing", [Purpose.PERSONALIZATION, Purpose.PROFILING_AI])
def test_for_you_needs_both_of_its_purposes(missing):
    reasons = {
        reason
        for _, reason in suggested(
            "for_you",
            who=visitor(purposes=ALL_PURPOSES - {missing}, signals=VIEWER.signals),
        )
    }

    assert reasons == {"popular"}


def test_for_you_leaves_out_what_was_bought():
    buyer = visitor(signals=VIEWER.signals, bought=frozenset("ef"))

    assert keys("for_you", who=buyer) == ["g", "a", "b"]


def test_what_is_missing_is_filled_from_popular_and_says_so():
    found = suggested("similar", 5, request=asking(item="a"))

    assert [each for each in found if each[1] == "similar"] == [("g", "similar"), ("f", "similar")]
    assert [reason for _, reason in found].count("popular") == 3


def test_the_item_of_the_page_is_not_suggested():
    assert "a" not in keys("popular", 8, request=asking(item="a"))


def test_trending_and_popular_come_in_their_order():
    assert keys("popular", 4) == ["a", "b", "d", "e"]
    assert suggested("trending", 1) == [("h", "trending")]


def test_recent_shows_what_the_visitor_looked_at_newest_first():
    seen = (Signal("d", "view", NOW), Signal("a", "view", NOW), Signal("d", "view", NOW))

    assert suggested("recent", 2, visitor(signals=seen)) == [("d", "recent"), ("a", "recent")]


def test_the_filling_is_the_same_for_everybody_and_turns_with_the_hour():
    spec = SuggestionSpec("for_you", 7)
    hours = [asking(now=NOW + timedelta(hours=each)) for each in range(24)]

    orders = {
        tuple(each.item.key for each in suggest(learned(), spec, STRANGER, hour)) for hour in hours
    }
    others = {
        tuple(each.item.key for each in suggest(learned(), spec, visitor("u9"), hour))
        for hour in hours
    }

    assert orders == others
    assert len(orders) > 5


def test_nothing_learnt_suggests_nothing():
    assert suggest(NOTHING_LEARNED, SuggestionSpec("for_you", 9), VIEWER, asking()) == ()


@given(
    st.sampled_from([*STRATEGIES, "unheard-of"]),
    st.integers(-1, 12),
    visitors,
    requests,
    st.frozensets(st.sampled_from("abcdefghz")),
)
def test_never_fewer_than_possible_and_never_what_is_hidden(
    strategy, limit, someone, request, excluded
):
    found = suggest(learned(), SuggestionSpec(strategy, limit), someone, request, excluded)
    hidden = excluded | {request.item} | (someone.bought if strategy == "for_you" else frozenset())
    possible = {key for key, item in learned().items.items() if item.available} - hidden

    assert {each.item.key for each in found} <= possible
    assert len({each.item.key for each in found}) == len(found)
    assert len(found) == min(max(0, limit), len(possible))
