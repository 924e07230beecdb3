"""Models that were trained, and the snapshots that pages use."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.privacy import NoVisitorData


class ModelVersion(models.Model):
    """One trained model: what it was trained on, how well it did, where its arrays lie."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="models", verbose_name=_("site"))
    number = models.PositiveIntegerField(_("number"))
    family = models.CharField(_("family"), max_length=40)
    parameters = models.JSONField(_("parameters"), default=dict)
    metrics = models.JSONField(_("metrics"), default=dict)
    fingerprint = models.CharField(_("data fingerprint"), max_length=64)
    counts = models.JSONField(_("trained on"), default=dict)
    artefact = models.CharField(_("artefact"), max_length=300)  # relative to DATA_DIR
    sha256 = models.CharField(max_length=64)
    seconds = models.FloatField(_("training time (s)"), default=0)
    created_at = models.DateTimeField(_("trained"), auto_now_add=True)
    promoted_at = models.DateTimeField(_("promoted"), null=True, blank=True)
    promoted_by = models.CharField(_("promoted by"), max_length=200, blank=True)

    privacy: ClassVar = NoVisitorData("item vectors only; visitors' vectors are never kept")

    class Meta:
        ordering = ["site", "-number"]
        verbose_name = _("model")
        verbose_name_plural = _("models")
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="one_model_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.number}"


class LearnedSnapshot(models.Model):
    """One numbered snapshot of items, popularity and the promoted model, as pages use it."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="learned", verbose_name=_("site"))
    number = models.PositiveIntegerField(_("number"))
    model = models.ForeignKey(
        ModelVersion,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("model"),
    )
    artefact = models.CharField(_("artefact"), max_length=300)  # a folder, relative to DATA_DIR
    sha256 = models.CharField(max_length=64)
    counts = models.JSONField(_("contains"), default=dict)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    privacy: ClassVar = NoVisitorData("items and sums over many visitors")

    class Meta:
        ordering = ["site", "-number"]
        verbose_name = _("suggestion snapshot")
        verbose_name_plural = _("suggestion snapshots")
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="one_learned_per_number")
        ]

    def __str__(self) -> str:
        return str(self.number)


class ScoringRun(models.Model):
    """The newest night's work on visitors of a site: what was foretold, and how good that was."""

    site = models.OneToOneField(
        Site, models.CASCADE, related_name="scoring", verbose_name=_("site")
    )
    at = models.DateTimeField(_("scored"))
    visitors = models.PositiveIntegerField(_("visitors scored"), default=0)
    days = models.PositiveIntegerField(_("days foretold"), default=0)
    chances = models.JSONField(_("likelihoods"), default=dict)  # field -> state and judgement
    middles = models.JSONField(default=dict, editable=False)  # of groups: where the next one starts

    privacy: ClassVar = NoVisitorData("means over at least 50 visitors")

    class Meta:
        verbose_name = _("scoring of visitors")
        verbose_name_plural = _("scorings of visitors")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class FoundGroup(models.Model):
    """Alike visitors that the workers found, and a condition that finds them again.

    A row outlives its group, so that its key is never given to another and a no stays a no.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    key = models.CharField(_("key"), max_length=64)
    name = models.CharField(_("name"), max_length=200, blank=True)
    condition = models.JSONField(_("who belongs to it"), default=dict)
    differences = models.JSONField(default=list)  # [[figure, mean of the group, of everybody], …]
    precision = models.FloatField(default=0)
    recall = models.FloatField(default=0)
    visitors = models.PositiveIntegerField(_("visitors"), default=0)  # that the condition finds
    is_found = models.BooleanField(default=True)  # in the newest night
    is_faithful = models.BooleanField(default=False)  # its condition is good enough to offer
    found_at = models.DateTimeField(_("found"))
    dismissed_at = models.DateTimeField(_("dismissed"), null=True, blank=True)
    dismissed_by = models.CharField(_("dismissed by"), max_length=200, blank=True)
    segment = models.CharField(_("segment"), max_length=100, blank=True)  # key of what was made

    privacy: ClassVar = NoVisitorData("means over at least 50 visitors")

    class Meta:
        ordering = ["site", "-visitors", "key"]
        verbose_name = _("group of alike visitors")
        verbose_name_plural = _("groups of alike visitors")
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="one_group_per_key")]

    def __str__(self) -> str:
        return self.name or self.key
