"""Retention of all that is stored: the visitors' recent lists first, then the rows themselves."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from personalization.clock import now as clock_now
from personalization.collect.models import Event
from personalization.govern import retention
from personalization.profiles.models import Profile
from personalization.profiles.recent import ID, read_entries, write_entries


def retain(now: datetime | None = None) -> Mapping[str, int]:
    """Delete what has served its time; how many rows of each kind."""
    moment = now or clock_now()
    aged = Event.objects.filter(is_recent=True, received__lt=retention.cutoff(moment))
    holders = list(aged.order_by("profile_id").values_list("profile_id", flat=True).distinct())
    for profile_id in holders:
        _shorten(profile_id, moment)
    return retention.retain(moment)


@transaction.atomic
def _shorten(profile_id: int, now: datetime) -> None:
    """Take aged events out of one visitor's recent list."""
    profile = Profile.objects.select_for_update(no_key=True).get(pk=profile_id)
    aged = Event.objects.filter(profile=profile, is_recent=True, received__lt=retention.cutoff(now))
    gone = set(aged.values_list("event", flat=True))
    kept = [entry for entry in read_entries(profile.recent) if entry[ID] not in gone]
    profile.recent = write_entries(kept)
    profile.save(update_fields=["recent"])
    aged.update(is_recent=False)
