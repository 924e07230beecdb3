"""Visitors move: soon after what they do, when time has passed, when a condition holds by now."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization import clock
from personalization.collect.consent import choose
from personalization.collect.merging import merge
from personalization.govern.erasure import erase
from personalization.govern.export import export
from personalization.journeys import advancing, moving, planning
from personalization.journeys.models import LiveJourney
from personalization.outbox import Job
from personalization.profiles.models import Profile, Stay, Step
from personalization.profiles.reading import read_visitor
from personalization.profiles.traits import patch
from personalization.publish import live, releases
from personalization.render.core import page
from personalization.targeting import documents
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.switches import switch_campaign, switch_site
from rules import parse
from rules.purposes import ALL_PURPOSES, NONE_GRANTED, Purpose
from rules.types import NOTHING_LEARNED, Request
from tests.journeys.conftest import CART, REMINDER, WAITING, did, tree
from tests.summaries import summarized
from tests.targeting.audiences import exact_ids

AWAY = {"key": "away", "stages": [{"key": "away", "enter": {"condition": tree("visits", ">", 3)}}]}


def jobs(task):
    return Job.objects.filter(task=task, state=Job.WAITING).count()


def test_who_puts_something_in_the_cart_waits_and_leaves_by_buying(cart, visitor):
    visitor("v1")
    cart.does("v1", "add_to_cart")
    assert cart.stages("v1") == []

    cart.move()
    assert cart.stages("v1") == ["cart:waiting"]

    cart.does("v1", "purchase")
    cart.move()
    assert cart.stages("v1") == []
    assert [(s.before, s.stage, s.by) for s in Step.objects.order_by("pk")] == [
        ("", "waiting", "event"),
        ("waiting", "", "event"),
    ]


def test_who_does_not_buy_in_two_days_comes_to_the_reminder(cart, visitor):
    visitor("v1")
    cart.does("v1", "add_to_cart")
    cart.move()
    cart.pass_time("v1", days=2)

    assert moving.ask_where_due() == 1
    cart.move()

    assert cart.stages("v1") == ["cart:reminder"]
    assert moving.ask_where_due() == 0


def test_a_burst_of_events_asks_for_one_piece_of_work(cart, visitor):
    for number in range(20):
        cart.does(visitor(f"v{number}"), "add_to_cart")

    assert jobs("journeys.move") == 1
    assert cart.move() == {"visitors": 20, "steps": 20}
    assert not Profile.objects.filter(is_unsettled=True).exists()


def test_without_a_live_journey_events_mark_nobody(shop, visitor):
    shop.publish()
    shop.does(visitor("v1"), "add_to_cart")

    assert not Profile.objects.filter(is_unsettled=True).exists()
    assert jobs("journeys.move") == 0


def test_what_was_done_before_the_journey_went_live_moves_nobody(shop, visitor):
    visitor("v1")
    shop.publish()
    shop.does("v1", "add_to_cart")

    shop.publish(CART)
    shop.move()

    assert shop.stages("v1") == []


def test_a_draft_moves_nobody(cart, visitor, site):
    visitor("v1")
    changed = {**CART, "stages": [{**WAITING, "enter": did("view")}, REMINDER]}
    documents.save_journey(site, changed, by="test")
    cart.does("v1", "view")
    cart.move()
    assert cart.stages("v1") == []

    cart.publish()
    cart.does("v1", "view")
    cart.move()
    assert cart.stages("v1") == ["cart:waiting"]


def test_going_live_takes_in_those_for_whom_a_condition_holds_already(shop, visitor):
    for number, visits in enumerate((2, 5, 9)):
        visitor(f"v{number}")
        Profile.objects.filter(pk=shop.profile(f"v{number}").pk).update(visits=visits)
    summarized()

    shop.publish(AWAY)

    assert [shop.stages(f"v{number}") for number in range(3)] == [[], ["away:away"], ["away:away"]]
    assert shop.look()["steps"] == 0


def test_time_alone_can_make_a_condition_true(shop, visitor):
    quiet = {"key": "quiet", "enter": {"condition": tree("recency", ">", 30)}}
    back = {"key": "back", "enter": did("view"), "from": ["quiet"]}
    shop.publish({"key": "lapsed", "stages": [quiet, back]})
    shop.does(visitor("v1"), "view")
    shop.look()
    assert shop.stages("v1") == []

    month = 31 * clock.DAY
    Profile.objects.update(last_seen=shop.profile("v1").last_seen - month)
    summarized()
    assert moving.ask_to_look() == 1
    shop.look()
    assert shop.stages("v1") == ["lapsed:quiet"]

    shop.does("v1", "view")
    shop.move()
    assert shop.stages("v1") == ["lapsed:back"]


def test_a_trait_moves_somebody_too(shop, visitor, site):
    documents.save_traits_schema(site, {"plan": {"type": "string"}}, by="test")
    shop.publish(
        {"key": "club", "stages": [{"key": "in", "enter": {"condition": tree("plan", "=", "pro")}}]}
    )
    visitor("v1")
    site.refresh_from_db()

    patch(site, "v1", {"plan": "pro"})
    assert jobs("journeys.move") == 1
    shop.move()

    assert shop.stages("v1") == ["club:in"]


def test_a_killed_worker_leaves_everybody_marked_and_the_next_goes_on(cart, visitor, monkeypatch):
    for number in range(3):
        cart.does(visitor(f"v{number}"), "add_to_cart")
    monkeypatch.setattr(advancing, "AT_ONCE", 2)
    real, batches = advancing.hand_over, []

    def killed(*arguments, **more):
        batches.append(1)
        if len(batches) == 2:
            raise SystemExit
        real(*arguments, **more)

    monkeypatch.setattr(advancing, "hand_over", killed)
    with pytest.raises(SystemExit):
        cart.move()
    assert (Step.objects.count(), Profile.objects.filter(is_unsettled=True).count()) == (2, 1)

    monkeypatch.setattr(advancing, "hand_over", real)
    cart.move()

    assert Step.objects.count() == Stay.objects.count() == 3


def test_a_batch_told_again_changes_nothing(cart, visitor):
    visitor("v1")
    cart.does("v1", "add_to_cart", id="one")
    cart.move()
    cart.does("v1", "add_to_cart", id="one")
    Profile.objects.update(is_unsettled=True)

    assert cart.move() == {"visitors": 1, "steps": 0}


def test_a_journey_that_is_switched_off_keeps_its_visitors_for_a_month(cart, visitor, site):
    visitor("v1")
    cart.does("v1", "add_to_cart")
    cart.move()
    cart.publish({**CART, "enabled": False})
    cart.does("v1", "purchase")
    cart.move()
    assert cart.stages("v1") == ["cart:waiting"]

    gone = LiveJourney.objects.get()
    assert gone.gone is not None
    LiveJourney.objects.update(gone=gone.gone - 2 * planning.REMEMBERED)
    cart.look()

    assert cart.stages("v1") == []
    assert not LiveJourney.objects.exists()


def test_nobody_moves_where_the_campaign_or_everything_is_off(shop, visitor, site):
    campaign = documents.save_campaign(site, {"key": "spring"}, by="test")
    shop.publish({**CART, "campaign": "spring"})
    shop.does(visitor("v1"), "add_to_cart")

    switch_campaign(campaign, False, by="test")
    shop.move()
    assert shop.stages("v1") == []
    switch_campaign(campaign, True, by="test")
    switch_site(site, False, by="test")
    shop.move()
    assert shop.stages("v1") == []
    switch_site(site, True, by="test")
    shop.move()

    assert shop.stages("v1") == ["cart:waiting"]


# ---------------------------------------------------------------- pages and audiences


def test_a_rule_on_the_stage_changes_the_page_and_the_audience_counts_it(
    shop, visitor, site, hero, note
):
    note("reminder")
    rule = {"key": "r", "slot": "home.hero", "content": "reminder"}
    documents.save_journey(site, CART, by="test")
    asked = tree("stage", "hasAny", ["cart:waiting"])
    documents.save_rule(site, {**rule, "condition": asked}, by="test")
    shop.publish()
    visitor("v1"), visitor("v2")

    def shown(who):
        seen = read_visitor(site, who, now=clock.now())
        live.expire(site.pk)
        release = live.current(site.pk).release
        request = Request(slots=("home.hero",), now=clock.now(), locale="en")
        return page(release, NOTHING_LEARNED, seen, request, None).slots["home.hero"].html

    assert shown("v1") == "<p>plain</p>"
    shop.does("v1", "add_to_cart")
    shop.move()

    assert (shown("v1"), shown("v2")) == ("<p>reminder</p>", "<p>plain</p>")
    condition = parse(asked, site_catalogue(site))
    assert exact_ids(site, condition) == [shop.profile("v1").pk]
    nowhere = parse(tree("stage", "hasNone", ["cart:waiting"]), site_catalogue(site))
    assert exact_ids(site, nowhere) == [shop.profile("v2").pk]


def test_a_stage_that_no_live_journey_has_stands_in_the_way_of_publishing(shop, site):
    from personalization.exceptions import Malformed
    from personalization.publish.lint import lint

    documents.save_segment(
        site, {"key": "s", "condition": tree("stage", "hasAny", ["x:y"])}, by="t"
    )
    entering = {"key": "in", "enter": {"condition": tree("segment", "in", ["s"])}}
    documents.save_journey(site, {"key": "club", "stages": [entering]}, by="test")

    with pytest.raises(Malformed, match="x:y"):
        releases.publish(site, by="test")
    assert [(found.code, found.where) for found in lint(site)] == [
        ("unknown_stage", "segments.s.condition")
    ]


# ---------------------------------------------------------------- consent


def test_only_visitors_who_allow_personalization_move(cart, visitor):
    visitor("v1", "analytics", "training")
    cart.does("v1", "add_to_cart")
    Profile.objects.update(is_unsettled=True)

    cart.move()

    assert not Stay.objects.exists()
    assert not Step.objects.exists()
    assert not Profile.objects.filter(is_unsettled=True).exists()


def test_withdrawal_takes_stays_and_steps_for_good(cart, visitor, site):
    visitor("v1")
    cart.does("v1", "add_to_cart")
    cart.move()
    cart.does("v1", "view")  # marked, too

    choose(site, "v1", purposes=NONE_GRANTED, policy="p", source="s")

    assert not Stay.objects.exists()
    assert not Step.objects.exists()
    fresh = Profile(site=site)
    stored = cart.profile("v1")
    assert (stored.stages, stored.is_unsettled) == (fresh.stages, fresh.is_unsettled)


purposes = st.frozensets(st.sampled_from(list(Purpose)))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(purposes | st.just("acts"), min_size=2, max_size=6))
def test_somebody_stands_in_a_stage_only_while_they_allow_it(cart, site, tried, deeds):
    with tried():
        allowed = False
        for deed in deeds:
            if deed == "acts":
                cart.does("v1", "add_to_cart")
                cart.move()
                assert Stay.objects.filter(profile=cart.profile("v1")).exists() <= allowed
            else:
                choose(site, "v1", purposes=deed, policy="p", source="s")
                allowed = Purpose.PERSONALIZATION in deed
            if not allowed:
                assert not Stay.objects.exists()
                assert not Step.objects.exists()


def test_erasure_leaves_nothing_and_the_export_shows_everything(cart, visitor, site):
    visitor("v1")
    cart.does("v1", "add_to_cart")
    cart.move()

    stored = export(site, "v1")["stored"]
    assert [(row["journey"], row["stage"]) for row in stored["stay"]] == [("cart", "waiting")]
    assert stored["step"][0]["at"].startswith("20")
    assert stored["profile"][0]["stages"] == ["cart:waiting"]

    erase(site, "v1", by="test")
    assert not Stay.objects.exists()
    assert not Step.objects.exists()


def test_a_merge_joins_the_journeys_and_the_targets_place_wins(shop, visitor, site):
    shop.publish(CART, AWAY)
    for who in ("anon", "ada"):
        shop.does(visitor(who), "add_to_cart")
    shop.move()
    shop.does("ada", "purchase")
    shop.move()
    Profile.objects.filter(pk=shop.profile("anon").pk).update(visits=9)
    summarized()
    shop.look()
    assert shop.stages("anon") == ["away:away", "cart:waiting"]

    merge(site, "anon", "ada", by="test")

    assert shop.stages("ada") == ["away:away"]
    assert Step.objects.filter(profile=shop.profile("ada")).count() == 4
    assert shop.profile("ada").is_unsettled


def test_a_merge_into_somebody_who_refuses_moves_nothing(cart, visitor, site):
    cart.does(visitor("anon"), "add_to_cart")
    cart.move()
    visitor("ada", "analytics")

    merge(site, "anon", "ada", by="test")

    assert not Stay.objects.exists()
    assert not Step.objects.exists()
    assert not cart.profile("ada").is_unsettled


def test_aged_steps_are_deleted_and_stays_are_kept(cart, visitor):
    from datetime import timedelta

    from personalization.collect.retention import retain

    cart.does(visitor("v1"), "add_to_cart")
    cart.move()

    retain(clock.now() + timedelta(days=401))

    assert (Step.objects.count(), Stay.objects.count()) == (0, 1)


def test_the_purposes_of_everybody_stay_those_that_they_chose(cart, visitor):
    visitor("v1")
    cart.does("v1", "add_to_cart")
    cart.move()

    assert read_visitor(cart.site, "v1", now=clock.now()).purposes == ALL_PURPOSES
