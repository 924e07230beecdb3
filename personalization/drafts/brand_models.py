"""What a site decided about generated copy: how it speaks, what it asks, its prompts."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.privacy import NoVisitorData

NO_VISITOR = NoVisitorData("how a site speaks; no visitor's data")


class BrandGuide(models.Model):
    """How a site speaks, which every brief carries. Lists are edited one entry a line."""

    site = models.OneToOneField(
        Site, models.CASCADE, related_name="brand_guide", verbose_name=_("site")
    )
    voice = models.TextField(_("voice"), blank=True)
    dos = models.JSONField(_("do"), default=list, blank=True)  # sentences
    donts = models.JSONField(_("don't"), default=list, blank=True)  # sentences
    glossary = models.JSONField(_("glossary"), default=list, blank=True)  # [{"term", "use"}]
    forbidden = models.JSONField(
        _("forbidden words and claims"), default=list, blank=True
    )  # [{"text", "why", "is_hard"}]
    allowed_hosts = models.JSONField(_("hosts that links may lead to"), default=list, blank=True)
    hardest_reading = models.PositiveSmallIntegerField(
        _("hardest reading level (LIX)"),
        default=50,
        help_text=_("40 is a newspaper, 50 an official text, 60 a law."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        verbose_name = _("brand guide")
        verbose_name_plural = _("brand guides")

    def __str__(self) -> str:
        return str(self.site)


class WritingPolicy(models.Model):
    """What a site asks of generated copy before it may be shown, and what it may cost."""

    site = models.OneToOneField(
        Site, models.CASCADE, related_name="writing_policy", verbose_name=_("site")
    )
    monthly_budget = models.PositiveBigIntegerField(
        _("monthly budget"),
        default=20_000_000,
        help_text=_("In millionths of the currency that prices of models are given in."),
    )
    writer = models.CharField(
        _("model that writes"),
        max_length=60,
        blank=True,
        help_text=_("Its name in the settings. Empty: the first of them."),
    )
    two_approvals = models.BooleanField(_("two people approve every draft"), default=False)
    legal_words = models.JSONField(_("words that need a legal yes"), default=list, blank=True)
    legal_segments = models.JSONField(_("segments that need a legal yes"), default=list, blank=True)
    must_disclose = models.BooleanField(_("tell visitors what was written with AI"), default=False)
    most_lessons = models.PositiveSmallIntegerField(_("lessons in a brief, at most"), default=6)
    webhook = models.CharField(_("webhook that is told"), max_length=100, blank=True)  # its key
    mails_reviewers = models.BooleanField(_("mail reviewers when drafts wait"), default=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        verbose_name = _("set of rules for generated copy")
        verbose_name_plural = _("sets of rules for generated copy")

    def __str__(self) -> str:
        return str(self.site)


class PromptText(models.Model):
    """A site's own words for a prompt; the newest number counts. None: the shipped one does."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="prompts", verbose_name=_("site"))
    name = models.CharField(_("prompt"), max_length=40)
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"), blank=True)  # empty: back to the shipped one
    note = models.CharField(_("note"), max_length=300, blank=True)
    author = models.CharField(_("by"), max_length=200)
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        ordering = ["site", "name", "-number"]
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        constraints = [
            models.UniqueConstraint(fields=["site", "name", "number"], name="one_prompt_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class BriefTemplate(models.Model):
    """A brief to start from: any of a brief's columns as a document."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=200)
    document = models.JSONField(_("brief"), default=dict)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        ordering = ["site", "name"]
        verbose_name = _("template of briefs")
        verbose_name_plural = _("templates of briefs")
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="one_brief_template_per_name")
        ]

    def __str__(self) -> str:
        return self.name
