"""Retention of all that is stored: the visitors' recent lists first, then the rows themselves."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from personalization.clock import now as clock_now
from personalization.collect.models import Event
from personalization.govern import retention
from personalization.profiles.models import Profile
from personalization.profiles.recent import ID, read_entries, write_entries


def retain(now: datetime | None = None) -> Mapping[str, int]:
    """Delete what has served its time; how many rows of each kind."""
    moment = now or clock_now()
    listed = _aged(moment).filter(at__gte=F("profile__recent_at"))
    holders = list(listed.order_by("profile_id").values_list("profile_id", flat=True).distinct())
    deleted = sum(_shorten(profile_id, moment) for profile_id in holders)
    removed = retention.retain(moment)
    return {**removed, "event": removed["event"] + deleted}


def _aged(now: datetime) -> QuerySet[Event]:
    return Event.objects.filter(received__lt=retention.cutoff(now))


@transaction.atomic
def _shorten(profile_id: int, now: datetime) -> int:
    """Delete one visitor's aged events, in the list of recent ones too; how many."""
    profile = Profile.objects.select_for_update(no_key=True).get(pk=profile_id)
    aged = _aged(now).filter(profile=profile)
    gone = set(aged.values_list("event", flat=True))
    kept = [entry for entry in read_entries(profile.recent) if entry[ID] not in gone]
    profile.recent = write_entries(kept)
    profile.save(update_fields=["recent"])
    return aged.delete()[0]
