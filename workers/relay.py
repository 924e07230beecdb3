"""The relay: hands jobs that are due to the broker, since requests never talk to it.

A message only wakes a worker; the work is found in the job's row. So a message that was lost costs
the time until it is sent again, and one that came twice costs nothing.
"""

import logging
import threading
from datetime import timedelta
from typing import Final

from celery import Celery
from django.db import DatabaseError, connection
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
    """Until stopped. A database or a broker that is away is tried again after a pause."""
    while not stop.wait(PAUSE):
        try:
            hand_over(app)
        except (DatabaseError, OperationalError) as error:
            log.warning("relay.waiting error=%s", type(error).__name__)
            connection.close()
