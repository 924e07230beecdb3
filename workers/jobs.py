"""Jobs under a lease: taken up by one worker, kept by its heartbeat, finished once.

In:  a job's row. Out: the same row, done or failed, with its result.

The database's clock measures leases. Whoever lost a lease, asleep or cut off, writes nothing more.
"""

import logging
import os
import socket
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import sleep
from typing import Any, Final

from django.db import Error, connection
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from personalization.outbox import Job
from workers.later import Later
from workers.tasks import give_up, perform

LEASE: Final = timedelta(seconds=30)
BEAT: Final = LEASE / 4
TRIES: Final = 3
PATIENCE: Final = timedelta(seconds=20)  # before the second try; the third waits twice as long
POLL: Final = 0.5  # seconds between two looks at what another worker does
LONGEST_PROGRESS, LONGEST_ERROR = 200, 4000
log: Final = logging.getLogger("personalization.workers")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job, until somebody else takes it over."""

    job_id: int
    owner: str = field(default_factory=lambda: _new_owner())  # noqa: PLW0108 - stands below

    def held(self) -> QuerySet[Job]:
        """The job's row while the lease is ours; empty once it is lost."""
        return Job.objects.filter(pk=self.job_id, state=Job.RUNNING, lease_owner=self.owner)

    def renew(self) -> bool:
        return bool(self.held().update(lease_until=_from_now(LEASE)))

    def report(self, progress: str) -> None:
        self.held().update(progress=progress[:LONGEST_PROGRESS])

    def finish(self, result: Any) -> bool:  # a JSON value
        return bool(
            self.held().update(
                state=Job.DONE, result=result, error="", lease_until=None, finished_at=Now()
            )
        )

    def put_off(self, delay: timedelta) -> bool:
        """Go on later. That is no failure, so the try does not count."""
        return bool(
            self.held().update(
                state=Job.WAITING,
                due_at=_from_now(delay),
                attempts=F("attempts") - 1,
                lease_until=None,
                handed_at=None,
            )
        )

    def fail(self, error: str, attempts: int) -> bool:
        """Try again later; after the last try the job has failed, and its row says why."""
        kept = {"error": error[-LONGEST_ERROR:], "lease_until": None, "handed_at": None}
        if attempts < TRIES:
            later = _from_now(PATIENCE * attempts)
            return bool(self.held().update(state=Job.WAITING, due_at=later, **kept))
        return bool(self.held().update(state=Job.FAILED, finished_at=Now(), **kept))


def run_now(job: Job, say: Say | None = None) -> bool:
    """Work on the job here, if nobody else does: True once it was run to its end, or failed."""
    lease = claim(job.pk)
    if lease is None:
        return False
    job.refresh_from_db()
    with heartbeat(lease):
        _run(job, lease, say)
    job.refresh_from_db()
    return True


def wait_for(job: Job, say: Say) -> None:
    """Work on it here; if a worker was faster, say what it says until it is done."""
    said = ""
    while not run_now(job, say=say):
        job.refresh_from_db()
        if job.state in {Job.DONE, Job.FAILED}:
            break
        if job.progress != said:
            said = job.progress
            say(said)
        sleep(POLL)


def claim(job_id: int) -> Lease | None:
    """The lease of a job that waits and is due, or whose worker is gone; None if not ours."""
    lease = Lease(job_id)
    taken = free_jobs().filter(pk=job_id)
    is_ours = taken.update(
        state=Job.RUNNING,
        lease_owner=lease.owner,
        lease_until=_from_now(LEASE),
        attempts=F("attempts") + 1,
        progress="",
    )
    return lease if is_ours else None


def free_jobs() -> QuerySet[Job]:
    """What somebody may take up now."""
    is_due = Q(state=Job.WAITING, due_at__lte=Now())
    is_left = Q(state=Job.RUNNING, lease_until__lt=Now())
    return Job.objects.filter(is_due | is_left)


@contextmanager
def heartbeat(lease: Lease) -> Iterator[None]:
    """Renew the lease from a thread of its own, so that long work needs no thought of it."""
    done = threading.Event()

    def beat() -> None:
        try:
            while not done.wait(BEAT.total_seconds()):
                _renew(lease)
        finally:
            connection.close()  # this thread's own

    thread = threading.Thread(target=beat, name=f"lease of job {lease.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(lease: Lease) -> None:
    """A database that is away for a moment costs a beat; a lost lease is told once it matters."""
    try:
        lease.renew()
    except Error as error:
        log.warning("job.heartbeat_missed job=%s error=%s", lease.job_id, type(error).__name__)
        connection.close()


def _run(job: Job, lease: Lease, say: Say | None) -> None:
    def report(progress: str) -> None:
        lease.report(progress)
        if say is not None:
            say(progress)

    if job.attempts > TRIES:  # its workers died, one after the other
        give_up(job.task, job.arguments)
        lease.fail("Every worker that took this up died.", job.attempts)
        return
    try:
        result = perform(job.task, job.arguments, report)
    except Later as later:
        kept = lease.put_off(later.delay)
    except Exception:  # one task's edge: seen in the log and in the row, and tried again
        log.exception("job.failed job=%s task=%s attempt=%s", job.pk, job.task, job.attempts)
        error = traceback.format_exc()
        if job.attempts >= TRIES:
            give_up(job.task, job.arguments)
        kept = lease.fail(error, job.attempts)
    else:
        kept = lease.finish(result)
    if not kept:
        log.warning("job.lease_lost job=%s task=%s", job.pk, job.task)


def _from_now(delay: timedelta) -> "ExpressionWrapper[CombinedExpression]":
    return ExpressionWrapper(Now() + delay, output_field=DateTimeField())


def _new_owner() -> str:
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
