"""What happens by the clock. The admin shows these as periodic tasks and may change their times."""

import json
from typing import Any, Final

from celery.schedules import crontab
from django.db import transaction
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from personalization.govern.models import Site
from personalization.outbox import after_commit
from personalization.targeting.places import SETTLE
from workers.tasks import OF_EACH_SITE

ASK: Final = "workers.ask"

SCHEDULE: Final[dict[str, dict[str, Any]]] = {  # in Celery's own form
    "Make live what is due": {
        "task": ASK,
        "schedule": crontab(),
        "args": ("publish.activate_due",),
    },
    "Move visitors through journeys": {
        "task": ASK,
        "schedule": crontab(),
        "args": ("journeys.tick",),
    },
    "Look for whom conditions of journeys hold": {
        "task": ASK,
        "schedule": crontab(minute="*/10"),
        "args": ("journeys.sweep",),
    },
    "Refresh suggestions": {
        "task": ASK,
        "schedule": crontab(minute="*/10"),
        "args": ("learn.refresh",),
    },
    "Train models": {
        "task": ASK,
        "schedule": crontab(hour="3", minute="10"),
        "args": ("learn.train",),
    },
    "Remind of drafts that are due": {
        "task": ASK,
        "schedule": crontab(hour="6", minute="0"),
        "args": ("drafts.remind",),
    },
    "Score visitors": {
        "task": ASK,
        "schedule": crontab(hour="3", minute="40"),
        "args": ("learn.score",),
    },
    "Give what audiences ask a column": {
        "task": ASK,
        "schedule": crontab(hour="4", minute="50"),
        "args": (SETTLE,),
    },
    "Delete what has served its time": {
        "task": ASK,
        "schedule": crontab(hour="4", minute="20"),
        "args": ("govern.retain",),
    },
}


@transaction.atomic
def install() -> None:
    """Put into the admin what is not there yet. What people changed stays as they left it.

    Celery's own `beat_schedule` would set every entry back whenever the scheduler starts.
    """
    for name, entry in SCHEDULE.items():
        if PeriodicTask.objects.filter(name=name).exists():
            continue
        times = CrontabSchedule.from_schedule(entry["schedule"])
        if times.pk is None:
            times.save()
        PeriodicTask.objects.create(
            name=name, task=entry["task"], args=json.dumps(entry["args"]), crontab=times
        )


def ask(task: str) -> None:
    """Ask for the work through the outbox, once; for a site's work once for each site."""
    if task not in OF_EACH_SITE:
        after_commit(task, unique=task)
        return
    for site_id in Site.objects.values_list("pk", flat=True):
        after_commit(task, unique=f"{task}:{site_id}", site_id=site_id)
