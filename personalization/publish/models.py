"""Releases, as they were frozen; configurations, as they came from elsewhere."""

from datetime import timedelta
from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization import clock
from personalization.govern.models import Site
from personalization.privacy import NoVisitorData, Subject
from personalization.profiles.models import Profile

LATE: Final = timedelta(minutes=5)  # after its time: a running worker takes a minute


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
    needs_approval = models.BooleanField(_("needs a second person"), default=False)
    approved_by = models.CharField(_("approved by"), max_length=200, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    declined_by = models.CharField(_("declined by"), max_length=200, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    reason = models.CharField(_("why it was declined"), max_length=500, blank=True)

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

    @property
    def is_waiting(self) -> bool:
        """A second person has to say yes or no."""
        return self.needs_approval and self.approved_at is None and self.declined_at is None

    @property
    def may_go_live(self) -> bool:
        return not self.needs_approval or self.approved_at is not None

    def state(self, live: int | None) -> str:
        """Where it stands, on a site with this live release."""
        if self.number == live:
            return "live"
        if self.is_waiting:
            return "waiting"
        if self.declined_at is not None:
            return "declined"
        return "scheduled" if self.is_scheduled else "earlier"

    @property
    def is_scheduled(self) -> bool:
        return self.may_go_live and self.due_at is not None and self.activated_at is None

    @property
    def is_late(self) -> bool:
        """Its time has passed, and no worker made it live."""
        due = self.due_at if self.is_scheduled else None
        return due is not None and due + LATE < clock.now()


class ConfigImport(models.Model):
    """A configuration that somebody uploaded: looked at first, then taken in.

    `theirs`: kind -> key -> document, each as the file has it; next time this tells what was
    edited here from what was edited there.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    by = models.CharField(_("uploaded by"), max_length=200)
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    text = models.TextField(editable=False)
    prune = models.BooleanField(_("delete what the file lacks"), default=False)
    applied_at = models.DateTimeField(_("taken in"), null=True, blank=True)
    theirs = models.JSONField(default=dict, editable=False)

    privacy: ClassVar = NoVisitorData("what editors wrote, on this site or another")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import of a configuration")
        verbose_name_plural = _("imports of configurations")

    def __str__(self) -> str:
        return f"{self.by}, {self.uploaded_at:%Y-%m-%d %H:%M}"


class Preview(models.Model):
    """What somebody looks at: a release or frozen drafts, through certain eyes, for a while.

    `document`: the drafts as they were when the preview was opened; empty for a release.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    key = models.CharField(max_length=32, unique=True, editable=False)
    look = models.JSONField(_("look"), default=dict)
    profile = models.ForeignKey(
        Profile, models.CASCADE, null=True, related_name="+", verbose_name=_("visitor")
    )
    release = models.PositiveIntegerField(_("release"), null=True)
    document = models.TextField(editable=False, blank=True)
    sha256 = models.CharField(max_length=64, editable=False, blank=True)
    page = models.CharField(_("page"), max_length=2000)
    by = models.CharField(_("opened by"), max_length=200)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))

    privacy: ClassVar = Subject("profile_id")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("preview")
        verbose_name_plural = _("previews")

    def __str__(self) -> str:
        return f"{self.by}, {self.opened_at:%Y-%m-%d %H:%M}"
