"""Hand work over after commit: a job is a row of the same transaction; a relay wakes a worker.

A job is found by its row, never by its broker message, so a lost message or a killed worker costs
time and nothing else: whoever holds no valid lease is taken over, once.
"""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from personalization.privacy import NoVisitorData


@transaction.atomic
def after_commit(
    task: str,
    *,
    unique: str = "",
    due_at: datetime | None = None,
    **arguments: Any,  # JSON values
) -> "Job":
    """Ask for work in the caller's transaction; a waiting job of the same `unique` is that work.

    Without `due_at` it is due at once by the database's clock, which is the one that is asked.
    """
    if unique:
        waiting = Job.objects.filter(unique=unique, state=Job.WAITING).first()
        if waiting is not None:
            return waiting
    job = Job.objects.create(task=task, unique=unique, due_at=due_at or Now(), arguments=arguments)
    job.refresh_from_db(fields=["due_at"])
    return job


class Job(models.Model):
    """One piece of work. `lease_until` is renewed by a heartbeat while a worker is on it."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    task = models.CharField(_("task"), max_length=60)
    arguments = models.JSONField(_("arguments"), default=dict)
    unique = models.CharField(max_length=120, blank=True)  # at most one waiting job of this name
    state = models.CharField(
        _("state"),
        max_length=10,
        default=WAITING,
        choices=[
            (WAITING, _("waiting")),
            (RUNNING, _("running")),
            (DONE, _("done")),
            (FAILED, _("failed")),
        ],
    )
    due_at = models.DateTimeField(_("due"), db_index=True)
    handed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    lease_owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    progress = models.CharField(_("progress"), max_length=200, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    privacy: ClassVar = NoVisitorData("arguments are ids of sites, models and releases")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["state", "due_at"], name="jobs_by_state")]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"
