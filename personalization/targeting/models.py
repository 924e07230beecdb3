"""What editors say: who sees what, where, when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.privacy import NoVisitorData

EDITORS_WORK = NoVisitorData("editors' work, never a visitor's data")


class Keyed(models.Model):
    """Something of a site with a stable key, by which everything refers to it."""

    site = models.ForeignKey(
        Site, models.CASCADE, related_name="%(class)ss", verbose_name=_("site")
    )
    key = models.CharField(
        _("key"),
        max_length=100,
        help_text=_("Stays the same for good; pages and exports refer to it."),
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    privacy: ClassVar = EDITORS_WORK
    warnings: tuple[str, ...] = ()  # what the verb that just saved it has to say

    class Meta:
        abstract = True
        ordering = ["site", "key"]
        constraints = [
            models.UniqueConstraint(fields=["site", "key"], name="one_%(class)s_per_key"),
        ]

    def __str__(self) -> str:
        return self.name or self.key


class Campaign(Keyed):
    """Rules, contents and experiments under one name, window and owner."""

    description = models.TextField(_("note"), blank=True)
    is_enabled = models.BooleanField(
        _("on"), default=True, help_text=_("Off: nothing of it is shown, at once.")
    )
    start = models.DateTimeField(_("from"), null=True, blank=True)
    end = models.DateTimeField(_("until"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )

    class Meta(Keyed.Meta):
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")


class Segment(Keyed):
    """A named condition over visitors."""

    condition = models.JSONField(_("condition"), default=dict)
    description = models.TextField(_("note"), blank=True)

    class Meta(Keyed.Meta):
        verbose_name = _("segment")
        verbose_name_plural = _("segments")


class Webhook(Keyed):
    """An address that is told when a visitor enters a stage. Its secret is kept sealed."""

    url = models.URLField(_("address"), max_length=500)
    is_enabled = models.BooleanField(
        _("on"), default=True, help_text=_("Off: nothing is sent to it, at once.")
    )
    sealed_secret = models.BinaryField(editable=False)

    class Meta(Keyed.Meta):
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")


class Journey(Keyed):
    """Stages through which visitors move: [{"key": "waiting", "enter": {…}, …}, …], in order."""

    stages = models.JSONField(_("stages"), default=list)
    again = models.CharField(_("may come back after"), max_length=12, blank=True)
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="journeys",
        verbose_name=_("campaign"),
    )
    description = models.TextField(_("note"), blank=True)
    is_enabled = models.BooleanField(_("on"), default=True)

    class Meta(Keyed.Meta):
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")


class CustomBlock(Keyed):
    """A block that an editor wrote: a sandboxed template with the schema of its fields."""

    template = models.TextField(_("template"))
    schema = models.JSONField(_("schema"), default=dict)
    example = models.JSONField(_("example"), default=dict, blank=True)

    class Meta(Keyed.Meta):
        verbose_name = _("own block")
        verbose_name_plural = _("own blocks")


class Content(Keyed):
    """A block with its fields filled, per language: {"en": {"headline": …}}."""

    block = models.CharField(_("block"), max_length=100)
    fields = models.JSONField(_("fields"), default=dict)
    shelf = models.JSONField(_("which items"), default=dict, blank=True)  # rules.shelf_codec
    generated = models.JSONField(default=dict, editable=False)  # language -> rules.provenance
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contents",
        verbose_name=_("campaign"),
    )

    class Meta(Keyed.Meta):
        verbose_name = _("content")
        verbose_name_plural = _("contents")

    def is_shown_somewhere(self) -> bool:
        """Does a rule, a default or an experiment name it, published or not?"""
        if self.rules.exists() or Slot.objects.filter(default=self).exists():
            return True
        tests = Experiment.objects.filter(site=self.site_id).values_list("arms", flat=True)
        return any(arm.get("content") == self.key for arms in tests for arm in arms)


class Slot(Keyed):
    """A named place on a page."""

    default = models.ForeignKey(
        Content,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("default content"),
        help_text=_("Shown when nothing else applies, and to visitors who gave no consent."),
    )
    description = models.TextField(_("note"), blank=True)
    is_enabled = models.BooleanField(
        _("on"), default=True, help_text=_("Off: everybody sees the default, at once.")
    )
    min_height = models.PositiveIntegerField(
        _("reserved height"), default=0, help_text=_("In pixels, so that the page does not jump.")
    )

    class Meta(Keyed.Meta):
        verbose_name = _("slot")
        verbose_name_plural = _("slots")


class Rule(Keyed):
    """In a slot, in order: for this audience, in this window and at these hours, show this."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="rules", verbose_name=_("slot"))
    segment = models.ForeignKey(
        Segment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("segment"),
        help_text=_("Empty, with no condition of its own: everyone."),
    )
    condition = models.JSONField(_("own condition"), null=True, blank=True)
    content = models.ForeignKey(
        Content, models.PROTECT, related_name="rules", verbose_name=_("content")
    )
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("campaign"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    start = models.DateTimeField(_("from"), null=True, blank=True)
    end = models.DateTimeField(_("until"), null=True, blank=True)
    when = models.JSONField(_("days and hours"), null=True, blank=True)
    cap_times = models.PositiveIntegerField(_("at most … times per visitor"), null=True, blank=True)
    cap_seconds = models.PositiveIntegerField(_("within seconds"), null=True, blank=True)
    is_enabled = models.BooleanField(_("on"), default=True)

    class Meta(Keyed.Meta):
        ordering = ["slot", "position", "key"]
        verbose_name = _("rule")
        verbose_name_plural = _("rules")


class Experiment(Keyed):
    """A split of a slot's visitors over arms: [{"key": "a", "content": "hero-a"}, …]."""

    slot = models.ForeignKey(
        Slot, models.CASCADE, related_name="experiments", verbose_name=_("slot")
    )
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("segment")
    )
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="experiments",
        verbose_name=_("campaign"),
    )
    arms = models.JSONField(_("arms"), default=list)
    weights = models.JSONField(_("weights"), default=list, blank=True)
    coverage = models.FloatField(_("coverage"), default=1.0)
    seed = models.CharField(_("seed"), max_length=100, blank=True)
    hash_version = models.PositiveSmallIntegerField(_("hash version"), default=2)
    namespace = models.JSONField(_("namespace"), null=True, blank=True)
    phase = models.PositiveIntegerField(_("phase"), default=1)
    position = models.PositiveIntegerField(_("position"), default=0)
    start = models.DateTimeField(_("from"), null=True, blank=True)
    end = models.DateTimeField(_("until"), null=True, blank=True)
    is_enabled = models.BooleanField(_("on"), default=True)

    class Meta(Keyed.Meta):
        ordering = ["slot", "position", "key"]
        verbose_name = _("experiment")
        verbose_name_plural = _("experiments")


class UndeclaredSlot(models.Model):
    """A slot that a page asked for and nobody declared."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    key = models.CharField(_("slot"), max_length=100)
    url = models.CharField(_("page"), max_length=500, blank=True)
    first_at = models.DateTimeField(_("first asked"), auto_now_add=True)
    last_at = models.DateTimeField(_("last asked"), auto_now=True)

    privacy: ClassVar = NoVisitorData("names of slots and paths of pages, without query strings")

    class Meta:
        ordering = ["-last_at"]
        verbose_name = _("undeclared slot")
        verbose_name_plural = _("undeclared slots")
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="one_undeclared_slot")]

    def __str__(self) -> str:
        return self.key
