"""Releases, as they were frozen."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.privacy import NoVisitorData


class PublishedRelease(models.Model):
    """One numbered, immutable document; `rules.codec` reads it."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="releases", verbose_name=_("site"))
    number = models.PositiveIntegerField(_("number"))
    document = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    author = models.CharField(_("published by"), max_length=200)
    created_at = models.DateTimeField(_("published"), auto_now_add=True)
    activated_at = models.DateTimeField(_("last switched to"), null=True, blank=True)
    due_at = models.DateTimeField(_("goes live at"), null=True, blank=True)

    privacy: ClassVar = NoVisitorData("what editors published")

    class Meta:
        ordering = ["site", "-number"]
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="one_release_per_number")
        ]

    def __str__(self) -> str:
        return str(_("Release %(number)s") % {"number": self.number})
