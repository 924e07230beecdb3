"""Where rules and campaigns stand: as edited, from the rows; as published, from the release."""

from datetime import UTC, datetime, timedelta

import pytest

from personalization.publish import live, states
from personalization.targeting import documents
from personalization.targeting.models import Campaign

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
BEFORE, AFTER = (NOW + timedelta(days=days) for days in (-2, 2))


def saved(site, **more):
    rule = {"key": "r", "slot": "home.hero", "content": "plain", **more}
    return documents.save_rule(site, rule, by="test")


@pytest.mark.parametrize(
    ("rule", "campaign", "state"),
    [
        ({}, {}, states.RUNNING),
        ({"enabled": False}, {}, states.OFF),
        ({}, {"enabled": False}, states.CAMPAIGN_OFF),
        ({"start": AFTER}, {}, states.LATER),
        ({"end": NOW}, {}, states.OVER),
        ({}, {"start": AFTER}, states.LATER),
        ({"end": AFTER}, {"end": BEFORE}, states.OVER),
        ({"when": {"days": [1]}}, {}, states.RUNNING),
        ({"when": {"days": [2]}}, {}, states.RESTING),
        ({"when": {"days": [2]}, "start": AFTER}, {}, states.LATER),
    ],
)
def test_a_rule_runs_within_its_window_its_hours_and_its_campaign(drafts, rule, campaign, state):
    documents.save_campaign(drafts, {"key": "c", **campaign}, by="test")

    assert states.state_of(saved(drafts, campaign="c", **rule), NOW, "UTC") == state


@pytest.mark.parametrize(
    ("campaign", "state"),
    [
        ({}, states.RUNNING),
        ({"start": AFTER}, states.LATER),
        ({"end": BEFORE}, states.OVER),
        ({"enabled": False}, states.OFF),
    ],
)
def test_a_campaign_as_edited_follows_its_own_window_and_switch(site, campaign, state):
    row = documents.save_campaign(site, {"key": "c", **campaign}, by="test")

    assert states.campaign_as_edited(row, NOW) == state


def test_a_campaign_as_published_follows_the_release_until_the_next_one(drafts, publish):
    def state():
        release = live.current(drafts.pk).published
        return states.campaign_as_published(release, Campaign.objects.get(), {"r"}, NOW)

    documents.save_campaign(drafts, {"key": "c"}, by="test")
    saved(drafts, campaign="c")
    assert state() == states.DRAFT
    publish()
    assert state() == states.RUNNING

    documents.save_campaign(drafts, {"key": "c", "end": BEFORE}, by="test")
    assert state() == states.RUNNING
    publish()
    assert state() == states.OVER

    documents.save_campaign(drafts, {"key": "c", "end": BEFORE, "enabled": False}, by="test")
    assert state() == states.OFF
