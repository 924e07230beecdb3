"""Journeys at work: which are live, and what webhooks are told."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.privacy import NoVisitorData, Subject
from personalization.profiles.models import Step
from personalization.targeting.models import Webhook


class LiveJourney(models.Model):
    """A journey of the live release. What visitors did before `began` moves nobody into it."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    key = models.CharField(_("key"), max_length=100)
    began = models.DateTimeField(_("live since"))
    gone = models.DateTimeField(_("gone since"), null=True, blank=True)

    privacy: ClassVar = NoVisitorData("names of journeys, and since when they are live")

    class Meta:
        verbose_name = _("live journey")
        verbose_name_plural = _("live journeys")
        constraints = [
            models.UniqueConstraint(fields=["site", "key"], name="one_row_per_live_journey")
        ]

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """One message to a webhook: sent until it is taken, or given up.

    It tells a visitor's step, or `news` of no visitor; without both it is a test.

    Whose step it is, is opened when it is sent; withdrawal and erasure take it with the step.
    """

    WAITING, SENT, FAILED = "waiting", "sent", "failed"

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    webhook = models.ForeignKey(
        Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    step = models.ForeignKey(Step, models.CASCADE, null=True, related_name="deliveries")
    news = models.JSONField(null=True)  # the message itself: {"type": "drafts.waiting", …}
    message = models.CharField(_("message"), max_length=40, unique=True)  # the same in each try
    at = models.BigIntegerField(_("made"))  # microseconds since 1970, UTC
    state = models.CharField(
        _("state"),
        max_length=10,
        default=WAITING,
        choices=[(WAITING, _("waiting")), (SENT, _("sent")), (FAILED, _("failed"))],
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("next try"))
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    privacy: ClassVar = Subject("step__profile_id", ages_by="at")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("message to a webhook")
        verbose_name_plural = _("messages to webhooks")
        indexes = [models.Index(fields=["webhook", "state", "due_at"], name="deliveries_by_due")]

    def __str__(self) -> str:
        return self.message
