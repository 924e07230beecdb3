"""What has served its time goes: aged rows as their models declare, done jobs, orphan keys."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.apps import apps
from django.db.models import Manager, Model

from personalization import conf
from personalization.clock import DAY, to_us
from personalization.govern import keystore
from personalization.govern.subjects import models_with_visitors
from personalization.outbox import Job

JOB_DAYS: Final = 30
CHUNK: Final = 5000


def retain(now: datetime) -> Mapping[str, int]:
    """Delete what is too old; how much, by kind."""
    removed = {
        str(model._meta.model_name): _delete_aged(model._default_manager, subject.ages_by, now)
        for model, subject in models_with_visitors()
        if subject.ages_by is not None
    }
    jobs = Job.objects.filter(
        state__in=[Job.DONE, Job.FAILED], finished_at__lt=now - timedelta(days=JOB_DAYS)
    )
    removed["job"] = jobs.delete()[0]
    removed["key"] = _destroy_orphans(now)
    return removed


def cutoff(now: datetime) -> int:
    """What was received before this (microseconds) has served its time."""
    return to_us(now) - int(conf.get("EVENT_DAYS")) * DAY


def _delete_aged(rows: Manager[Model], field: str, now: datetime) -> int:
    """In pieces, so that no lock is held for long."""
    aged, deleted = rows.filter(**{f"{field}__lt": cutoff(now)}), 0
    while keys := list(aged.values_list("pk", flat=True)[:CHUNK]):
        deleted += rows.filter(pk__in=keys).delete()[0]
    return deleted


def _destroy_orphans(now: datetime) -> int:
    """Destroy keys that no visitor holds: of erasures and introductions cut short.

    Keys younger than a day may belong to a transaction that still runs.
    """
    old = keystore.all_ids(to_us(now) - DAY)
    held = set(
        apps.get_model("personalization", "Profile")._default_manager.values_list(
            "key_id", flat=True
        )
    )
    orphans = old - held
    if orphans:
        keystore.destroy(*orphans)
    keystore.compact()
    return len(orphans)
