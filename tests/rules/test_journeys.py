"""Visitors move through journeys: by events in their order, by conditions of now, by time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import BUILT_IN, Invalid, parse
from rules.journey_codec import read_journey, write_journey
from rules.journeys import MOST_STEPS, Stay, advance, plan, unreachable

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def tree(*rules):
    return {"combinator": "and", "not": False, "rules": list(rules)}


def did(kind):
    return {"event": tree({"field": "type", "operator": "=", "value": kind})}


def holds(field, operator, value):
    return {"condition": tree({"field": field, "operator": operator, "value": value})}


def stage(key, **said):
    nothing = {"name": "", "enter": None, "from": [], "leave": None, "after": None}
    return {"key": key, **nothing, "to": None, "webhook": None, **said}


def journey(*stages, key="cart", **said):
    open_ends = {"name": "", "again": None, "start": None, "end": None, "campaign": None}
    return read_journey({"key": key, **open_ends, "stages": list(stages), **said}, BUILT_IN)


def reminder(**said):
    """Put in the cart and did not buy within two days."""
    return journey(
        stage(
            "waiting", enter=did("add_to_cart"), leave=did("purchase"), after="2d", to="reminder"
        ),
        stage("reminder", leave=did("purchase"), after="7d"),
        **said,
    )


def happened(*told):
    """(kind, hours after the start), as the catalogue's `events`."""
    return {
        "events": tuple(
            {"id": f"e{place}", "type": kind, "at": START + hours * HOUR}
            for place, (kind, hours) in enumerate(told)
        )
    }


def new_to(*journeys):
    return {each.key: Stay(None, START - HOUR, is_new=True) for each in journeys}


def walk(journeys, facts, hours, stays=None, segments=None):
    ahead = plan(journeys, segments or {})
    return advance(ahead, stays or new_to(*journeys), facts, START + hours * HOUR)


def way(progress):
    return [(step.stage, (step.at - START) / HOUR, step.by) for step in progress.steps]


# ---------------------------------------------------------------- examples


def test_who_puts_something_in_the_cart_waits():
    progress = walk([reminder()], happened(("add_to_cart", 1)), 2)

    assert way(progress) == [("waiting", 1, "event")]
    assert progress.stays["cart"] == Stay("waiting", START + HOUR)
    assert progress.is_settled


def test_who_does_not_buy_in_two_days_is_reminded_and_drops_out_a_week_later():
    facts = happened(("add_to_cart", 1), ("view", 3))

    assert way(walk([reminder()], facts, 49)) == [("waiting", 1, "event"), ("reminder", 49, "time")]
    assert way(walk([reminder()], facts, 24 * 30))[2:] == [(None, 24 * 9 + 1, "time")]


def test_who_buys_in_time_is_out_even_if_nobody_looked_before():
    facts = happened(("add_to_cart", 1), ("purchase", 48))

    assert way(walk([reminder()], facts, 500)) == [("waiting", 1, "event"), (None, 48, "event")]


def test_what_was_done_before_the_journey_began_moves_nobody():
    assert not walk([reminder()], happened(("add_to_cart", -2)), 1).steps


def test_who_left_comes_back_when_the_journey_says_so():
    facts = happened(("add_to_cart", 1), ("purchase", 2), ("add_to_cart", 20), ("add_to_cart", 30))

    assert way(walk([reminder()], facts, 31))[2:] == []
    assert way(walk([reminder(again="1d")], facts, 31))[2:] == [("waiting", 30, "event")]


def test_an_event_of_tomorrow_waits_for_its_time():
    facts = happened(("add_to_cart", 5))

    early = walk([reminder()], facts, 4)
    later = walk([reminder()], facts, 6)

    assert (early.steps, early.is_settled) == ((), False)
    assert way(later) == [("waiting", 5, "event")]


def test_a_campaign_s_window_lets_in_and_keeps_nobody_from_going_on():
    closed = reminder(end=(START + HOUR).isoformat())

    assert not walk([closed], happened(("add_to_cart", 1)), 2).steps
    inside = {"cart": Stay("waiting", START)}
    assert way(walk([closed], {}, 48, inside)) == [("reminder", 48, "time")]


def test_a_condition_moves_by_what_holds_now():
    lapsed = journey(
        stage("away", enter=holds("recency", ">", 30)),
        stage("back", enter=holds("recency", "<=", 30), after="1d", **{"from": ["away"]}),
    )

    assert way(walk([lapsed], {"recency": 31}, 0)) == [("away", 0, "condition")]
    away = {"cart": Stay("away", START)}
    assert way(walk([lapsed], {"recency": 0}, 5, away)) == [("back", 5, "condition")]
    assert not walk([lapsed], {}, 0).steps  # unknown is not a match


def test_a_stage_takes_in_from_the_stages_that_it_names_and_goes_before_leaving():
    funnel = journey(
        stage("cart", enter=did("add_to_cart"), leave=did("purchase")),
        stage("loyal", enter=did("purchase"), **{"from": ["cart"]}),
    )

    assert way(walk([funnel], happened(("purchase", 1)), 2)) == []
    both = happened(("add_to_cart", 1), ("purchase", 2))
    assert way(walk([funnel], both, 3)) == [("cart", 1, "event"), ("loyal", 2, "event")]


def test_a_condition_that_holds_goes_before_time_that_ran_out():
    asked = holds("frequency", ">", 0)
    careful = journey(
        stage("waiting", enter=did("add_to_cart"), leave=asked, after="1d", to="reminder"),
        stage("reminder"),
    )
    waiting = {"cart": Stay("waiting", START)}

    assert way(walk([careful], {"frequency": 1}, 30, waiting)) == [(None, 30, "condition")]
    assert way(walk([careful], {"frequency": 0}, 30, waiting)) == [("reminder", 24, "time")]


def test_a_journey_can_ask_for_the_stage_of_another():
    asked = holds("stage", "hasAny", ["cart:reminder"])
    follows = journey(stage("called", enter=asked), key="call")

    progress = walk([follows, reminder()], happened(("add_to_cart", 1)), 60)

    assert [(step.journey, step.stage) for step in progress.steps] == [
        ("cart", "waiting"),
        ("cart", "reminder"),
        ("call", "called"),
    ]


def test_a_condition_asks_for_a_segment_that_was_published():
    vip = parse(tree({"field": "monetary", "operator": ">", "value": 500}), BUILT_IN)
    club = journey(stage("in", enter=holds("segment", "in", ["vip"])))

    assert way(walk([club], {"monetary": 600}, 0, segments={"vip": vip})) == [
        ("in", 0, "condition")
    ]
    with pytest.raises(Invalid, match="no segment"):
        plan([club], {})


def test_two_conditions_that_both_hold_do_not_send_anybody_round_and_round():
    dizzy = journey(
        stage("in", enter=holds("visits", ">", 0)),
        stage("a", enter=holds("visits", ">", 0), **{"from": ["in", "b"]}),
        stage("b", enter=holds("visits", ">", 0), **{"from": ["a"]}),
    )

    assert [stage for stage, *_rest in way(walk([dizzy], {"visits": 1}, 0))] == ["in", "a", "b"]


def test_a_stage_that_is_gone_lets_its_visitors_out():
    progress = walk([reminder()], {}, 1, {"cart": Stay("gone", START)})

    assert way(progress) == [(None, 1, "end")]


def test_somebody_with_a_long_way_to_go_goes_on_the_next_time():
    clock = journey(
        stage("a", enter=did("view"), after="1h", to="b"), stage("b", after="1h", to="a")
    )

    first = walk([clock], happened(("view", 0)), 200)
    second = walk([clock], happened(("view", 0)), 200, first.stays)

    assert (len(first.steps), first.is_settled) == (MOST_STEPS, False)
    assert second.steps[0].at == first.steps[-1].at + HOUR


def test_stages_to_which_no_way_leads_are_found():
    lost = journey(
        stage("in", enter=did("view"), leave=did("click"), to="next"),
        stage("next", enter=did("click"), **{"from": ["lost"]}),
        stage("lost", after="1d", to="next"),
        stage("late", enter=did("click"), **{"from": ["in"]}),
    )

    assert unreachable(lost) == ("next", "lost")
    assert unreachable(reminder()) == ()


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"enter": {"event": tree({"field": "kind", "operator": "=", "value": 1})}},
         "stages/0/enter/event/rules/0/field"),
        ({"leave": holds("nothing", "=", 1)}, "stages/0/leave/condition/rules/0/field"),
        ({"leave": {"event": tree(), "condition": tree()}}, "stages/0/leave"),
        ({"after": "2 days"}, "stages/0/after"),
        ({"after": "30s"}, "stages/0/after"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_where_it_stands(said, path):
    with pytest.raises(Invalid) as refused:
        journey(stage("a", **said))

    assert refused.value.path == path


# ---------------------------------------------------------------- properties

KINDS = ("view", "add_to_cart", "purchase")
KEYS = ("a", "b", "c")


@st.composite
def journeys(draw, conditions=False):
    by_event = st.sampled_from(KINDS).map(did)
    by_condition = st.sampled_from(
        [holds("visits", ">", 2), holds("stage", "hasAny", ["x:a", "y:b"]), holds("visits", "<", 5)]
    )
    trigger = by_event | by_condition if conditions else by_event
    maybe = st.none() | trigger
    others = st.sampled_from([None, *KEYS])
    stages = [
        stage(
            key,
            enter=draw(trigger if key == "a" else maybe),
            leave=draw(maybe),
            after=draw(st.sampled_from([None, "30m", "2h", "1d"])),
            to=draw(others.filter(lambda to, key=key: to != key)),
            **{"from": draw(st.lists(st.sampled_from(KEYS), max_size=2)) if key != "a" else []},
        )
        for key in KEYS
    ]
    return stages, draw(st.sampled_from([None, "1h", "1d"]))


def read_both(drawn):
    return [journey(*s, key=key, again=again) for key, (s, again) in zip("xy", drawn, strict=True)]


@st.composite
def histories(draw):
    """Up to a dozen events at times that do not repeat, in the order of their time."""
    minutes = draw(st.lists(st.integers(0, 3000), unique=True, max_size=12).map(sorted))
    return tuple(
        {"id": f"e{n}", "type": draw(st.sampled_from(KINDS)), "at": START + n * MINUTE}
        for n in minutes
    )


END = START + 4000 * MINUTE
two = st.tuples(journeys(), journeys())
any_two = st.tuples(journeys(conditions=True), journeys(conditions=True))


@given(any_two, histories(), st.integers(0, 6))
def test_a_visitor_is_in_one_stage_of_a_journey_and_each_step_begins_where_the_last_ended(
    drawn, events, visits
):
    both = read_both(drawn)
    stays = new_to(*both)
    progress = advance(plan(both, {}), stays, {"events": events, "visits": visits}, END)

    assert len(progress.steps) <= MOST_STEPS
    for each in both:
        own = [step for step in progress.steps if step.journey == each.key]
        assert all(one.stage == two.before and one.at <= two.at for one, two in pairwise(own))
        assert all(step.stage is None or each.stage(step.stage) for step in own)
        stay = progress.stays[each.key]
        assert (stay.stage, stay.since) == (
            (own[-1].stage, own[-1].at) if own else (None, stays[each.key].since)
        )


@given(any_two, histories(), st.integers(0, 6))
def test_the_same_question_has_the_same_answer(drawn, events, visits):
    facts = {"events": events, "visits": visits}
    answers = [
        advance(plan(both, {}), new_to(*both), facts, END)
        for both in (read_both(drawn), read_both(drawn))
    ]

    assert answers[0] == answers[1]


def settled(ahead, stays, facts, now):
    steps = []
    for _ in range(200):
        progress = advance(ahead, stays, facts, now)
        steps, stays = [*steps, *progress.steps], progress.stays
        if progress.is_settled:
            return steps, stays
    raise AssertionError("it never comes to rest")


@given(two, histories(), st.lists(st.integers(0, 4000), max_size=5).map(sorted))
def test_batches_in_the_order_of_time_end_as_one_batch_does(drawn, events, cuts):
    both = read_both(drawn)
    ahead = plan(both, {})
    at_once = settled(ahead, new_to(*both), {"events": events}, END)

    steps, stays = [], new_to(*both)
    for now in [*(START + cut * MINUTE for cut in cuts), END]:
        known = tuple(event for event in events if event["at"] <= now)
        more, stays = settled(ahead, stays, {"events": known}, now)
        steps.extend(more)

    assert stays == at_once[1]
    for each in both:  # the steps of two journeys may lie between each other in another order
        assert [s for s in steps if s.journey == each.key] == [
            s for s in at_once[0] if s.journey == each.key
        ]


@given(two, histories(), st.randoms())
def test_events_are_taken_by_their_time_in_whatever_order_they_are_told(drawn, events, random):
    both = read_both(drawn)
    mixed = list(events)
    random.shuffle(mixed)

    def ends(told):
        return settled(plan(both, {}), new_to(*both), {"events": tuple(told)}, END)

    assert ends(mixed) == ends(events)


@given(two, histories())
def test_what_is_told_again_changes_nothing(drawn, events):
    both = read_both(drawn)
    ahead = plan(both, {})
    _steps, stays = settled(ahead, new_to(*both), {"events": events}, END)

    assert settled(ahead, stays, {"events": events}, END) == ([], stays)


@given(any_two)
def test_a_journey_is_read_back_as_it_was_written(drawn):
    for each in read_both(drawn):
        assert read_journey(write_journey(each), BUILT_IN) == each
