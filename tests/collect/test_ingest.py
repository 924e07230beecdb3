"""Events in: stored once, only with consent, only for whom the caller may speak."""

from datetime import timedelta

import pytest

from personalization.catalog.models import Item
from personalization.clock import now, to_us
from personalization.collect.consent import choose
from personalization.collect.exposures import Claims, sign
from personalization.collect.ingest import ingest
from personalization.collect.models import Event, Exposure
from personalization.govern.models import Site
from personalization.govern.pseudonyms import visitor_key
from personalization.profiles.models import Profile
from personalization.profiles.reading import read_visitor
from rules.purposes import NONE_GRANTED, Purpose
from tests.collect.conftest import listed_events


def counts(outcome):
    return outcome.accepted, outcome.duplicates, outcome.withheld, len(outcome.rejected)


def test_the_next_page_view_sees_what_was_accepted(site, visitor, row):
    Item.objects.create(site=site, key="shoe", title="Shoe", category="shoes")

    ingest(site, [row(visitor=visitor(), item="shoe", value=12.34)], trusted=True)

    seen = read_visitor(site, "v1", now=now())
    assert seen.facts["visits"] == 1
    (event,) = seen.facts["events"]
    assert (event["category"], event["value"]) == ("shoes", 12.34)
    assert [signal.item for signal in seen.signals] == ["shoe"]


def test_a_retry_changes_nothing(site, visitor, row):
    batch = [row("a", visitor=visitor()), row("b", type="purchase", value=5)]
    assert counts(ingest(site, batch, trusted=True)) == (2, 0, 0, 0)
    before = Profile.objects.values().get()

    assert counts(ingest(site, batch, trusted=True)) == (0, 2, 0, 0)

    assert Profile.objects.values().get() == before
    assert Event.objects.count() == 2


def test_of_two_rows_with_one_id_the_first_wins(site, visitor, row):
    visitor()

    outcome = ingest(site, [row("a", type="click"), row("a", type="view")], trusted=True)

    assert counts(outcome) == (1, 1, 0, 0)
    assert Event.objects.get().type == "click"


def test_without_consent_rows_are_withheld_and_leave_nothing(site, row):
    outcome = ingest(site, [row("a"), row("b")], trusted=True)

    assert counts(outcome) == (0, 0, 2, 0)
    assert not Event.objects.exists()
    assert not Profile.objects.exists()


def test_what_is_withheld_says_nothing_of_what_others_stored(site, visitor, row):
    ingest(site, [row("known", visitor=visitor("v1"))], trusted=True)

    outcome = ingest(site, [row("known", visitor="v2"), row("new", visitor="v2")], trusted=True)

    assert counts(outcome) == (0, 0, 2, 0)


def test_a_withheld_row_takes_no_id_from_anybody(site, visitor, row):
    visitor("v1")

    outcome = ingest(site, [row("a", visitor="v2"), row("a", visitor="v1")], trusted=True)

    assert counts(outcome) == (1, 0, 1, 0)


def test_a_browser_speaks_only_for_the_visitor_whom_it_proved(site, visitor, row):
    visitor("v1"), visitor("v2")

    outcome = ingest(site, [row("a"), row("b", visitor="v2")], proven_visitor="v1")

    assert counts(outcome) == (1, 0, 0, 1)
    assert (outcome.rejected[0].index, outcome.rejected[0].code) == (1, "visitor_token")
    assert counts(ingest(site, [row("c")])) == (0, 0, 0, 1)


def test_bad_rows_do_not_stop_good_ones(site, visitor, row):
    visitor()

    outcome = ingest(site, [row("a"), {"id": "b"}, 7, row("c")], trusted=True)

    assert counts(outcome) == (2, 0, 0, 2)
    assert [rejection.index for rejection in outcome.rejected] == [1, 2]


def test_a_row_without_visitor_is_rejected(site, row):
    batch = [{key: value for key, value in row().items() if key != "visitor"}]

    (rejection,) = ingest(site, batch, trusted=True).rejected

    assert rejection.code == "required"
    assert "visitor" in rejection.detail


def test_crawlers_leave_no_trace(site, visitor, row):
    visitor()

    assert counts(ingest(site, [row()], trusted=True, crawler=True)) == (0, 0, 1, 0)
    assert not Event.objects.exists()


def test_the_signal_takes_its_purposes_from_what_is_stored(site, visitor, row):
    visitor()

    ingest(site, [row()], trusted=True, gpc=True)

    assert Event.objects.get().purposes == 1 + 2


def test_the_signal_withholds_what_it_leaves_no_purpose(site, visitor, row):
    visitor("v1", "training")

    assert counts(ingest(site, [row()], trusted=True, gpc=True)) == (0, 0, 1, 0)


def test_without_personalization_an_event_is_stored_and_not_looked_at(site, visitor, row):
    visitor("v1", "analytics")

    assert counts(ingest(site, [row()], trusted=True)) == (1, 0, 0, 0)

    assert Event.objects.get().purposes == 1
    assert not listed_events()
    assert Profile.objects.get().first_seen is None
    assert "visits" not in read_visitor(site, "v1", now=now()).facts


def test_money_is_kept_in_minor_units(site, visitor, row):
    visitor()
    rows = [
        row("a", type="purchase", value=0.29),
        row("b", type="purchase", value=500, currency="JPY"),
        row("c", type="purchase", value=1.234, currency="KWD"),
    ]

    ingest(site, rows, trusted=True)

    assert dict(Event.objects.values_list("event", "value")) == {"a": 29, "b": 500, "c": 1234}
    facts = read_visitor(site, "v1", now=now()).facts
    assert (facts["frequency"], facts["monetary"]) == (3, 0.29)


def test_a_sites_own_types_are_taken_and_unknown_ones_not(site, visitor, row):
    visitor()
    site.event_types = ["wishlist"]

    outcome = ingest(site, [row("a", type="wishlist"), row("b", type="other")], trusted=True)

    assert counts(outcome) == (1, 0, 0, 1)
    assert outcome.rejected[0].code == "unknown_type"


def test_the_first_event_of_a_site_is_noted(site, visitor, row):
    visitor()

    ingest(site, [row()], trusted=True)

    assert Site.objects.get().first_event_at is not None


def test_queries_do_not_grow_with_the_batch(site, visitor, row, django_assert_max_num_queries):
    visitor()
    ingest(site, [row("first")], trusted=True)

    with django_assert_max_num_queries(9):
        ingest(
            site, [row(f"e{place}", place, item=f"i{place}") for place in range(500)], trusted=True
        )


class TestExposures:
    @pytest.fixture
    def shown(self, site):
        def token(token="t1", visitor="v1", **more):
            claims = {"rule": "hero", "slot": "home.hero", "reason": "rule", "release": 1, **more}
            key = visitor and visitor_key(site.pk, visitor)
            return sign(site.pk, Claims(token=token, visitor=key, at=to_us(now()), **claims))

        return token

    def test_an_exposure_is_stored_and_counts_for_caps(self, site, visitor, row, shown):
        visitor()
        token = shown(items=("a", "b"), experiment="x", arm="blue", bucket=0.25, propensity=0.5)

        outcome = ingest(site, [row(type="exposure", exposure=token)], trusted=True)

        assert counts(outcome) == (1, 0, 0, 0)
        stored = Exposure.objects.get()
        assert (stored.slot, stored.rule, stored.items) == ("home.hero", "hero", '["a","b"]')
        assert (stored.arm, stored.bucket, stored.propensity) == ("blue", 0.25, 0.5)
        seen = read_visitor(site, "v1", now=now())
        assert len(seen.shown["hero"]) == 1
        assert seen.facts["events"] == ()

    def test_one_token_counts_once(self, site, visitor, row, shown):
        visitor()
        token = shown()
        rows = [row(event, type="exposure", exposure=token) for event in "ab"]

        assert counts(ingest(site, rows, trusted=True)) == (1, 1, 0, 0)
        assert counts(ingest(site, [row("c", type="exposure", exposure=token)], trusted=True)) == (
            0,
            1,
            0,
            0,
        )
        assert len(read_visitor(site, "v1", now=now()).shown["hero"]) == 1

    @pytest.mark.parametrize("exposure", [None, "", "junk", 7])
    def test_without_a_token_of_ours_it_is_rejected(self, site, visitor, row, exposure):
        visitor()

        (rejection,) = ingest(
            site, [row(type="exposure", exposure=exposure)], trusted=True
        ).rejected

        assert rejection.code == "exposure"

    def test_another_visitors_token_is_rejected(self, site, visitor, row, shown):
        visitor("v1"), visitor("v2")

        (rejection,) = ingest(
            site, [row(type="exposure", exposure=shown(visitor="v2"))], trusted=True
        ).rejected

        assert rejection.code == "exposure"

    def test_a_click_may_say_what_it_followed(self, site, visitor, row, shown):
        visitor()

        ingest(site, [row(type="click", exposure=shown())], trusted=True)

        assert Event.objects.get().exposure == "t1"
        assert not Exposure.objects.exists()

    def test_caps_keep_the_newest_in_whatever_order_they_came(self, site, visitor, row, shown):
        visitor()
        rows = [
            row(f"e{place}", type="exposure", exposure=shown(f"t{place}", rule=f"r{place % 3}"))
            for place in range(400)
        ]

        ingest(site, rows[200:], trusted=True)
        ingest(site, rows[:200], trusted=True)

        shown = read_visitor(site, "v1", now=now()).shown
        assert sum(map(len, shown.values())) == 300
        newest = Exposure.objects.order_by("-at", "-rule").values_list("at", flat=True)[299]
        assert min(to_us(at) for ats in shown.values() for at in ats) == newest


def test_events_received_after_a_withdrawal_are_withheld(site, visitor, row):
    visitor()
    choose(site, "v1", purposes=NONE_GRANTED, policy="p", source="s")

    late = row(minutes=-int(timedelta(days=1).total_seconds() // 60))

    assert counts(ingest(site, [late], trusted=True)) == (0, 0, 1, 0)
    assert Purpose.ANALYTICS not in read_visitor(site, "v1", now=now()).purposes
