"""What reviewers did, what it cost and what it earned, by model and prompt; floors are kept."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization import clock
from personalization.collect.models import Event, Exposure
from personalization.drafts.distance import distance
from personalization.drafts.figures import figures
from personalization.drafts.models import Call, Draft, Order
from personalization.drafts.reviewing import approve, reject
from personalization.drafts.revisions import edit
from personalization.drafts.using import use_as_rule
from personalization.govern.purposes import ANALYTICS
from personalization.profiles.models import Profile
from personalization.publish import live, releases
from personalization.publish.generated import live_drafts
from tests.drafts.conftest import DRY, sha_of, soft_of


def now_figures(site, shown=()):
    return figures(site, live=shown, since=clock.now() - timedelta(days=30))


def yes(draft, by):
    return approve(draft, by=by, sha256=sha_of(draft), acknowledged=soft_of(draft))


class TestHowFarATextWasChanged:
    @pytest.mark.parametrize(
        ("before", "after", "share"),
        [
            ("warm feet", "warm feet", 0.0),
            ("warm feet", "warm  feet", 0.0),
            ("warm feet", "dry feet", 0.5),
            ("warm feet", "warm dry feet", 1 / 3),
            ("", "", 0.0),
            ("", "feet", 1.0),
        ],
    )
    def test_in_words(self, before, after, share):
        assert distance(before, after) == pytest.approx(share)

    @given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
    def test_it_is_a_distance(self, one, two, three):
        assert 0 <= distance(one, two) == distance(two, one) <= 1
        assert distance(one, one) == 0


def test_nothing_is_worked_out_from_nothing(site):
    whole, lines = now_figures(site)

    assert (whole.drafts, whole.accepted, whole.edited, whole.cost_per_live) == (
        0,
        None,
        None,
        None,
    )
    assert lines == ()


def test_acceptance_edits_and_time_are_those_of_the_reviewers(site, written, mara, ruben, grace):
    untouched, edited, rejected, _waits = (written(text) for text in _texts())
    yes(untouched, ruben)
    edit(edited, {"text": "Two words are other here now."}, by=mara, sha256=sha_of(edited))
    yes(edited, ruben)
    reject(rejected, by=grace, sha256=sha_of(rejected), reason="off_brand")
    Draft.objects.filter(pk=untouched.pk).update(
        created_at=clock.now() - timedelta(hours=5), decided_at=clock.now()
    )

    whole, ((line),) = now_figures(site)

    assert (whole.drafts, whole.decided) == (4, 3)
    assert whole.accepted == pytest.approx(2 / 3)
    assert 0 < whole.edited < 1
    assert (line.model, line.prompt) == ("writer-1", "shipped:1a2b3c4d")


def test_the_cost_of_what_is_live_counts_what_went_into_the_rest(site, written, hero, mara, ruben):
    used, other = written(), written(DRY)
    for draft in (used, other):
        Call.objects.create(order=draft.order, site=site, number=1, cost=300)
    yes(used, ruben)
    use_as_rule(used, slot=hero, by=mara)
    releases.publish(site, by="Mara")
    live.expire(site.pk)

    whole, _lines = now_figures(site, live_drafts(site))

    assert (whole.live, whole.cost, whole.cost_per_live) == (1, 600, 600)


class TestLift:
    def test_is_told_by_experiments_with_enough_visitors(self, site, written):
        draft = written()
        self.shown(site, draft, visitors=200, converted=60)
        self.shown(site, None, visitors=200, converted=30)

        _whole, (line,) = now_figures(site)

        assert line.lift.ratio == pytest.approx(2.0)
        assert line.lift.is_sure
        assert line.lift.low < 2 < line.lift.high
        assert line.lift.visitors == 400

    @pytest.mark.parametrize(("visitors", "converted"), [(40, 20), (200, 5)])
    def test_is_not_told_from_few(self, site, written, visitors, converted):
        self.shown(site, written(), visitors=visitors, converted=converted)
        self.shown(site, None, visitors=200, converted=30)

        _whole, (line,) = now_figures(site)

        assert line.lift is None

    def test_is_not_told_where_nothing_of_people_stood_beside_it(self, site, written):
        self.shown(site, written(), visitors=200, converted=60)

        _whole, (line,) = now_figures(site)

        assert line.lift is None

    def test_a_good_week_of_a_test_is_no_merit_of_the_model(self, site, written):
        """Ten times as many convert in the one test, on both sides alike."""
        draft = written()
        for test, visitors, converted in (("a", 400, 40), ("b", 100, 100)):
            self.shown(site, draft, visitors=visitors, converted=converted, test=test)
        for test, visitors, converted in (("a", 100, 10), ("b", 400, 400)):
            self.shown(site, None, visitors=visitors, converted=converted, test=test)

        _whole, (line,) = now_figures(site)

        assert line.lift.ratio == pytest.approx(1.0)

    def test_without_analytics_nobody_is_looked_at(self, site, written):
        self.shown(site, written(), visitors=200, converted=60, purposes=0)
        self.shown(site, None, visitors=200, converted=30)

        _whole, (line,) = now_figures(site)

        assert line.lift is None

    def shown(self, site, draft, *, visitors, converted, test="t", purposes=ANALYTICS):
        arm, at = ("model" if draft else "people"), clock.to_us(clock.now())
        names = [f"{test}-{arm}-{number}" for number in range(visitors)]
        profiles = Profile.objects.bulk_create(
            Profile(site=site, key=name, first_seen=at, last_seen=at) for name in names
        )
        Exposure.objects.bulk_create(
            Exposure(
                site=site,
                token=name,
                profile=profile,
                at=at,
                release=1,
                slot="home.hero",
                reason="experiment",
                experiment=test,
                arm=arm,
                draft=draft.pk if draft else None,
                purposes=purposes,
            )
            for name, profile in zip(names, profiles, strict=True)
        )
        Event.objects.bulk_create(
            Event(
                site=site,
                event=name,
                profile=profile,
                type="conversion",
                at=at + 1,
                received=at + 1,
                purposes=purposes,
            )
            for name, profile in list(zip(names, profiles, strict=True))[:converted]
        )


def _texts():
    yield "Warm feet on the way home."
    yield "Two words are different here now."
    yield "A tent for wind and weather."
    yield "Coffee tastes better outside."


def test_a_model_and_a_prompt_have_a_line_of_their_own(site, written):
    written()
    other = written(DRY)
    Order.objects.filter(pk=other.order_id).update(model="writer-2")

    _whole, lines = now_figures(site)

    assert [line.model for line in lines] == ["writer-1", "writer-2"]
