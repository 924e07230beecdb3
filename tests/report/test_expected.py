"""Whom publishing would reach: the same visitors, before and after."""

import pytest

from personalization.profiles.models import Profile
from personalization.publish import releases
from personalization.publish.freeze import freeze
from personalization.publish.reading import read_release
from personalization.report.expected import expected_change
from personalization.targeting import documents
from personalization.targeting.models import Campaign, Slot
from tests.report.test_slot_reach import often, save, visitors  # noqa: F401 - fixtures
from tests.summaries import summarized
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def sample(site, hero, note, visitors):  # noqa: F811
    """A hundred and sixty visitors, half of whom came nine times; live, all see “plain”."""
    note("offer")
    releases.publish(site, note="", by="test")


def expected(site):
    site.refresh_from_db()
    return expected_change(site, read_release(site.pk, site.live_release), freeze(site, 99))


def offer(site, key, **more):
    save(site, key, content="offer", **more)


def shifts(change):
    return {shift.content: (shift.before, shift.after) for shift in change.shifts}


def test_a_new_rule_is_counted_beside_what_is_live(site):
    offer(site, "regulars", condition=often(5))

    found = expected(site)

    (change,) = found.slots
    assert (found.sample, change.slot, change.differs) == ("160", "home.hero", "50 %")
    assert shifts(change) == {"offer": ("0 %", "50 %"), "plain": ("100 %", "50 %")}


def test_before_the_first_release_everybody_sees_nothing(site):
    (change,) = expected_change(site, None, freeze(site, 1)).slots

    assert shifts(change) == {"plain": ("0 %", "100 %"), None: ("100 %", "0 %")}


def test_other_words_of_the_same_content_are_a_change_for_all_who_see_it(site, note):  # noqa: F811
    note("plain", "Other words")

    (change,) = expected(site).slots

    assert change.differs == "100 %"
    assert [(shift.content, shift.is_edited) for shift in change.shifts] == [("plain", True)]


def test_a_slot_that_is_taken_away_shows_nothing_any_more(site):
    Slot.objects.all().delete()

    (change,) = expected(site).slots

    assert shifts(change) == {"plain": ("100 %", "0 %"), None: ("0 %", "100 %")}


def test_what_nobody_would_see_changes_nothing(site):
    save(site, "everyone")
    offer(site, "behind", condition=often(5))

    assert expected(site).slots == ()


def test_a_campaign_that_is_off_reaches_nobody(site):
    documents.save_campaign(site, {"key": "spring"}, by="test")
    offer(site, "everyone", campaign="spring")
    Campaign.objects.update(is_enabled=False)

    assert expected(site).slots == ()


def test_no_group_below_the_floor_is_told(site):
    Profile.objects.filter(visits=9, last_seen__gt=40).update(visits=8)
    summarized()
    offer(site, "few", condition=often(9))

    (change,) = expected(site).slots

    assert change.differs == shifts(change)["offer"][1] == "< 31 %"


def test_the_answer_is_kept_for_a_minute(site):
    offer(site, "regulars", condition=often(5))
    first = expected(site)
    Profile.objects.all().delete()

    assert expected(site) == first
    offer(site, "everyone")
    assert expected(site).sample == "0"
