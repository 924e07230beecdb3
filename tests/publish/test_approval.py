"""Where publishing takes two people, exactly what the second one saw goes live, or nothing."""

from datetime import timedelta

import pytest

from personalization import clock
from personalization.exceptions import Conflict, Forbidden
from personalization.govern.models import AuditEntry
from personalization.publish import live, releases
from personalization.publish.approval import approve, decline
from personalization.publish.models import PublishedRelease


@pytest.fixture
def strict(drafts):
    """A site with one release live, where publishing takes two people from now on."""
    releases.publish(drafts, by="Ada")
    drafts.two_people = True
    drafts.save()
    live.expire(drafts.pk)
    return drafts


def yes(site, release, by="Grace", **seen):
    answer = approve(site, release.number, by=by, **{**looked_at(site, release), **seen})
    live.expire(site.pk)
    return answer


def looked_at(site, release):
    site.refresh_from_db()
    return {"sha256": release.sha256, "replaces": site.live_release}


def test_what_one_person_publishes_waits_and_shows_nowhere(strict, shown, note):
    note("servus", "Griaß di")
    waiting = releases.publish(strict, by="Ada")
    live.expire(strict.pk)

    assert waiting.state(strict.live_release) == "waiting"
    assert "Griaß di" not in shown()
    with pytest.raises(Conflict, match="second person"):
        releases.activate(strict, waiting.number, by="Grace")


def test_a_colleagues_yes_makes_it_live(strict, shown, note):
    note("servus", "Griaß di")

    approved = yes(strict, releases.publish(strict, by="Ada"))

    assert "Griaß di" in shown()
    entry = AuditEntry.objects.get(action="release.approved")
    assert (entry.actor, entry.changes["proposed by"]) == ("Grace", "Ada")
    assert entry.changes["sha256"] == approved.sha256


def test_drafts_written_after_the_proposal_are_not_part_of_the_yes(strict, shown, note):
    note("servus", "first words")
    waiting = releases.publish(strict, by="Ada")
    note("servus", "second thoughts")

    yes(strict, waiting)

    assert "first words" in shown()
    assert "second thoughts" not in shown()


def test_nobody_approves_their_own(strict):
    waiting = releases.publish(strict, by="Ada")

    with pytest.raises(Forbidden, match="colleague"):
        yes(strict, waiting, by="Ada")
    assert PublishedRelease.objects.get(number=waiting.number).is_waiting


@pytest.mark.parametrize("seen", [{"sha256": "0" * 64}, {"replaces": 99}])
def test_a_yes_to_something_else_is_refused(strict, seen):
    waiting = releases.publish(strict, by="Ada")

    with pytest.raises(Conflict, match="Look at the changes again"):
        yes(strict, waiting, **seen)
    strict.refresh_from_db()
    assert strict.live_release == 1


def test_of_two_proposals_the_second_yes_has_to_look_again(strict):
    first, second = releases.publish(strict, by="Ada"), releases.publish(strict, by="Ada")
    before = looked_at(strict, second)
    yes(strict, first)

    with pytest.raises(Conflict):
        approve(strict, second.number, by="Grace", **before)


def test_a_no_is_final_and_says_why(strict):
    waiting = releases.publish(strict, by="Ada")

    declined = decline(strict, waiting.number, by="Grace", reason="The price is wrong.")

    assert (declined.state(strict.live_release), declined.reason) == (
        "declined",
        "The price is wrong.",
    )
    with pytest.raises(Conflict):
        yes(strict, waiting)
    with pytest.raises(Conflict, match="not approved"):
        releases.activate(strict, waiting.number, by="Grace")


def test_a_scheduled_proposal_goes_live_at_its_time_only_with_a_yes(strict, shown, note):
    note("servus", "Griaß di")
    due = clock.now() + timedelta(hours=1)
    waiting = releases.publish(strict, by="Ada", due_at=due)

    assert releases.activate_due(due + timedelta(minutes=1)) == 0
    yes(strict, waiting)
    assert "Griaß di" not in shown()
    assert releases.activate_due(due + timedelta(minutes=1)) == 1
    live.expire(strict.pk)
    assert "Griaß di" in shown()


def test_a_schedule_can_be_taken_back(drafts):
    due = clock.now() + timedelta(hours=1)
    scheduled = releases.publish(drafts, by="Ada", due_at=due)

    releases.unschedule(drafts, scheduled.number, by="Ada")

    assert releases.activate_due(due) == 0
    with pytest.raises(Conflict, match="not scheduled"):
        releases.unschedule(drafts, scheduled.number, by="Ada")
