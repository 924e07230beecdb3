"""The relay: hands jobs that are due to the broker, since requests never talk to it.

A message only wakes a worker; the work is found in the job's row. So a message that was lost costs
the time until it is sent again, and one that came twice costs nothing.
"""

import logging
import threading
from datetime import timedelta
from typing import Final

from celery import Celery
from django.db import Error, connection
from django.db.models import DateTimeField, ExpressionWrapper, Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from workers.jobs import free_jobs

AGAIN: Final = timedelta(seconds=45)  # a message that nobody followed is sent again
PAUSE: Final = 1.0  # seconds
MOST: Final = 100
RUN: Final = "workers.run"
log: Final = logging.getLogger("personalization.workers")


def hand_over(app: Celery) -> int:
    """Send a message for each job that is free and was not announced lately; how many."""
    long_ago = ExpressionWrapper(Now() - AGAIN, output_field=DateTimeField())
    unannounced = Q(handed_at__isnull=True) | Q(handed_at__lt=long_ago)
    jobs = list(free_jobs().filter(unannounced).order_by("due_at", "pk")[:MOST])
    for job in jobs:
        app.send_task(RUN, args=(job.pk,), ignore_result=True, expires=AGAIN.total_seconds() * 4)
        type(job).objects.filter(pk=job.pk).update(handed_at=Now())
    return len(jobs)


def keep_handing_over(app: Celery, stop: threading.Event) -> None:
    """Until stopped. A database or a broker that is away is tried again after a pause.

    The log says once that it is away, and once that it is back.
    """
    away = _errors_of_absence(app)
    is_waiting = False
    while not stop.wait(PAUSE):
        try:
            hand_over(app)
        except away as error:
            if not is_waiting:
                log.warning("relay.waiting error=%s", type(error).__name__)
            connection.close()
            is_waiting = True
        else:
            if is_waiting:
                log.info("relay.back")
            is_waiting = False


def _errors_of_absence(app: Celery) -> tuple[type[Exception], ...]:
    """What the database and the broker's driver raise; the relay must outlive all of it."""
    link = app.connection_for_write()
    return (Error, OperationalError, *link.connection_errors, *link.channel_errors)
