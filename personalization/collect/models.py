"""What visitors did, and what they were shown."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.privacy import Subject
from personalization.profiles.models import Profile


class Event(models.Model):
    """One event, stored once. `purposes`: bits granted at receipt and not withdrawn since."""

    site = models.ForeignKey(  # the unique (site, event) finds them
        Site, models.CASCADE, related_name="+", verbose_name=_("site"), db_index=False
    )
    event = models.CharField(_("id"), max_length=100)
    profile = models.ForeignKey(
        Profile,
        models.CASCADE,
        related_name="events",
        verbose_name=_("visitor"),
        db_index=False,
    )
    type = models.CharField(_("type"), max_length=64)
    at = models.BigIntegerField(_("at"))  # microseconds since 1970, UTC
    received = models.BigIntegerField()  # likewise
    item = models.CharField(_("item"), max_length=200, null=True)  # noqa: DJ001 - NULL is unknown
    category = models.CharField(max_length=200, null=True)  # noqa: DJ001 - the item's, at receipt
    value = models.BigIntegerField(_("value"), null=True)  # minor units of `currency`
    currency = models.CharField(max_length=3, null=True)  # noqa: DJ001
    properties = models.TextField(default="")  # JSON
    exposure = models.CharField(max_length=40, null=True)  # noqa: DJ001 - the token it followed
    purposes = models.PositiveSmallIntegerField(default=0)

    privacy: ClassVar = Subject("profile_id", ages_by="received")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.UniqueConstraint(fields=["site", "event"], name="one_event_per_id")]
        indexes = [
            models.Index(fields=["profile", "at"], name="events_by_visitor"),
            models.Index(fields=["site", "at"], name="events_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.item or ''}".strip()


class Exposure(models.Model):
    """This visitor was shown this, as the page's signed token says."""

    site = models.ForeignKey(  # the unique (site, token) finds them
        Site, models.CASCADE, related_name="+", verbose_name=_("site"), db_index=False
    )
    token = models.CharField(max_length=40)  # the token's own random id
    profile = models.ForeignKey(
        Profile, models.CASCADE, related_name="exposures", verbose_name=_("visitor")
    )
    at = models.BigIntegerField(_("at"))  # microseconds since 1970, UTC
    release = models.PositiveIntegerField(_("release"))
    learned = models.PositiveIntegerField(default=0)
    slot = models.CharField(_("slot"), max_length=100)
    content = models.CharField(_("content"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=20)
    rule = models.CharField(_("rule"), max_length=100, blank=True)
    experiment = models.CharField(_("experiment"), max_length=100, blank=True)
    arm = models.CharField(_("arm"), max_length=100, blank=True)
    phase = models.PositiveIntegerField(default=1)
    bucket = models.FloatField(null=True)
    propensity = models.FloatField(null=True)
    items = models.TextField(default="")  # JSON list of suggested items, in order
    draft = models.PositiveBigIntegerField(null=True)  # number of the generated text that was shown
    purposes = models.PositiveSmallIntegerField(default=0)

    privacy: ClassVar = Subject("profile_id", ages_by="at")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("exposure")
        verbose_name_plural = _("exposures")
        constraints = [
            models.UniqueConstraint(fields=["site", "token"], name="one_row_per_exposure")
        ]
        indexes = [
            models.Index(fields=["site", "slot", "at"], name="exposures_by_slot"),
            models.Index(fields=["site", "experiment", "at"], name="exposures_by_experiment"),
        ]

    def __str__(self) -> str:
        return f"{self.slot}: {self.content}"
