"""Where rules, experiments and campaigns stand right now: running, later, over, off.

As edited, from the rows; as published, from the live release.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from personalization.publish.frozen_slots import Scheduled, window
from personalization.targeting import models
from rules.schedules import read_schedule
from rules.types import Experiment, Release, Rule, Window

RUNNING: Final = "running"
RESTING: Final = "resting"  # within its window, but not at these hours
LATER: Final = "later"
OVER: Final = "over"
OFF: Final = "off"
CAMPAIGN_OFF: Final = "campaign_off"
DRAFT: Final = "draft"  # of a campaign as published: nothing of it is


def state_of(row: Scheduled, now: datetime, zone: str) -> str:
    """Of a rule or an experiment as edited. Needs its campaign loaded."""
    if not row.is_enabled:
        return OFF
    if row.campaign is not None and not row.campaign.is_enabled:
        return CAMPAIGN_OFF
    state = _of_window(window(row), now)
    when = read_schedule(row.when) if isinstance(row, models.Rule) else None
    if state == RUNNING and when is not None and not when.is_open(now, zone):
        return RESTING
    return state


def campaign_as_edited(campaign: models.Campaign, now: datetime) -> str:
    if not campaign.is_enabled:
        return OFF
    return _of_window(Window(campaign.start, campaign.end), now)


def campaign_as_published(
    release: Release | None, campaign: models.Campaign, members: Collection[str], now: datetime
) -> str:
    """`members`: keys of its rules and experiments, for releases that do not name campaigns."""
    windows = list(_published_windows(release, campaign.key, members)) if release else []
    if not windows:
        return DRAFT
    if not campaign.is_enabled:
        return OFF
    states = {_of_window(each, now) for each in windows}
    return next(state for state in (RUNNING, LATER, OVER) if state in states)


def _published_windows(
    release: Release, campaign: str, members: Collection[str]
) -> Iterable[Window]:
    for slot in release.slots.values():
        both: tuple[Rule | Experiment, ...] = (*slot.rules, *slot.experiments)
        for one in both:
            if one.campaign == campaign or (one.campaign is None and one.key in members):
                yield one.window


def _of_window(of: Window, now: datetime) -> str:
    if of.end is not None and of.end <= now:
        return OVER
    return LATER if of.start is not None and now < of.start else RUNNING
