"""Generated copy: what was asked for, what a model wrote, who looked at it, what it cost.

A brief becomes orders, one call to a model each; an order becomes drafts, one a variant. A draft
has revisions, which never change; a review is bound to the hash of the revision looked at.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.catalog.models import Media
from personalization.govern.models import Site
from personalization.privacy import NoVisitorData

NO_VISITOR = NoVisitorData("briefs and copy for segments; no prompt names a visitor")
PERSON = settings.AUTH_USER_MODEL


class Brief(models.Model):
    """What a marketer asks a model to write: where, for whom, what for, from which facts.

    `audience` is the segment's reading in plain English when the brief was asked for. `items`: one
    or none for a single brief, many for a batch; of them only the fields in `facts` are told.
    """

    TEXT, IMAGE = "text", "image"
    OPEN, ASKED, CANCELLED = "open", "asked", "cancelled"

    site = models.ForeignKey(Site, models.CASCADE, related_name="briefs", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        default=TEXT,
        choices=[(TEXT, _("texts")), (IMAGE, _("pictures"))],
    )
    block = models.CharField(_("block"), max_length=100)
    slot = models.CharField(_("slot"), max_length=100, blank=True)
    segment = models.CharField(_("segment"), max_length=100, blank=True)
    audience = models.TextField(_("audience"), blank=True)
    goal = models.TextField(_("goal"))
    tone = models.CharField(_("tone"), max_length=300, blank=True)
    items = models.JSONField(_("items"), default=list, blank=True)  # keys
    facts = models.JSONField(_("facts that may be used"), default=list, blank=True)  # item fields
    locales = models.JSONField(_("languages"), default=list)
    variants = models.PositiveSmallIntegerField(_("variants"), default=3)
    limits = models.JSONField(_("length limits"), default=dict, blank=True)  # field -> characters
    state = models.CharField(
        _("state"),
        max_length=10,
        default=OPEN,
        choices=[(OPEN, _("not asked yet")), (ASKED, _("asked")), (CANCELLED, _("cancelled"))],
    )
    author = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    by = models.CharField(_("by"), max_length=200, blank=True)  # stays when the account goes
    assigned_to = models.ForeignKey(
        PERSON,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to be reviewed by"),
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        ordering = ["-id"]
        verbose_name = _("brief")
        verbose_name_plural = _("briefs")

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    """One piece of a brief for a model: an item, a language. It ends exactly once.

    `round` rises when somebody asks anew, with a `remark` on the draft that it `redoes`. Cancelled
    stays cancelled, whatever a worker on its way brings back. `prompt` names the version of the
    words that were sent ("shipped:1a2b3c4d" or "site:3").
    """

    WAITING, RUNNING = "waiting", "running"
    WRITTEN, FAILED, CANCELLED = "written", "failed", "cancelled"

    brief = models.ForeignKey(Brief, models.CASCADE, related_name="orders", verbose_name=_("brief"))
    item = models.CharField(_("item"), max_length=200, blank=True)
    locale = models.CharField(_("language"), max_length=35)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    remark = models.TextField(_("remark"), blank=True)
    redoes = models.ForeignKey(
        "Draft",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("instead of"),
    )
    author = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    by = models.CharField(_("by"), max_length=200, blank=True)  # stays when the account goes
    state = models.CharField(
        _("state"),
        max_length=10,
        default=WAITING,
        choices=[
            (WAITING, _("waiting")),
            (RUNNING, _("being written")),
            (WRITTEN, _("written")),
            (FAILED, _("failed")),
            (CANCELLED, _("cancelled")),
        ],
    )
    progress = models.CharField(_("progress"), max_length=200, blank=True)
    failure = models.CharField(_("failure"), max_length=40, blank=True)  # a code
    sentence = models.CharField(_("why"), max_length=500, blank=True)  # for a person
    provider = models.CharField(_("provider"), max_length=60, blank=True)
    model = models.CharField(_("model"), max_length=120, blank=True)
    prompt = models.CharField(_("prompt"), max_length=60, blank=True)
    temperature = models.FloatField(_("temperature"), null=True, blank=True)
    seed = models.BigIntegerField(_("seed"), null=True, blank=True)
    answer = models.TextField(default="", editable=False)  # of the model, as it came
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        ordering = ["id"]
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(
                fields=["brief", "item", "locale", "round"], name="one_order_per_piece"
            )
        ]
        indexes = [models.Index(fields=["state"], name="orders_by_state")]

    def __str__(self) -> str:
        return " · ".join(filter(None, (str(self.brief_id), self.item, self.locale)))


class Call(models.Model):
    """One try to reach a model. Its cost is reserved before it leaves, and settled by the answer.

    A call that never came back keeps its reservation: it may have been charged for.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="calls", verbose_name=_("order"))
    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    kind = models.CharField(_("kind"), max_length=10, default=Brief.TEXT)
    number = models.PositiveSmallIntegerField(_("try"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    is_settled = models.BooleanField(_("answered"), default=False)
    tokens_in = models.PositiveIntegerField(_("tokens sent"), default=0)
    tokens_out = models.PositiveIntegerField(_("tokens received"), default=0)
    cost = models.PositiveBigIntegerField(_("cost (millionths)"), default=0)
    failure = models.CharField(_("failure"), max_length=40, blank=True)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        ordering = ["-id"]
        verbose_name = _("call to a model")
        verbose_name_plural = _("calls to models")
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="one_call_per_try")]
        indexes = [models.Index(fields=["site", "at"], name="calls_by_month")]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.number}"


class Draft(models.Model):
    """One variant that a model wrote, on its way to a person's yes or no."""

    WAITING, CHANGES = "waiting", "changes"
    APPROVED, REJECTED = "approved", "rejected"

    site = models.ForeignKey(Site, models.CASCADE, related_name="drafts", verbose_name=_("site"))
    order = models.ForeignKey(Order, models.CASCADE, related_name="drafts", verbose_name=_("order"))
    brief = models.ForeignKey(Brief, models.CASCADE, related_name="drafts", verbose_name=_("brief"))
    variant = models.PositiveSmallIntegerField(_("variant"))
    block = models.CharField(_("block"), max_length=100)
    slot = models.CharField(_("slot"), max_length=100, blank=True)
    segment = models.CharField(_("segment"), max_length=100, blank=True)
    item = models.CharField(_("item"), max_length=200, blank=True)
    locale = models.CharField(_("language"), max_length=35)
    state = models.CharField(
        _("state"),
        max_length=10,
        default=WAITING,
        choices=[
            (WAITING, _("waiting for review")),
            (CHANGES, _("changes requested")),
            (APPROVED, _("approved")),
            (REJECTED, _("rejected")),
        ],
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)  # the newest number
    picture = models.ForeignKey(
        Media, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    assigned_to = models.ForeignKey(
        PERSON,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        ordering = ["id"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["order", "variant"], name="one_draft_per_variant")
        ]
        indexes = [models.Index(fields=["site", "state", "due_at"], name="drafts_by_state")]

    def __str__(self) -> str:
        return f"{self.brief} · {self.locale} · {self.variant}"


class Revision(models.Model):
    """A draft's text as somebody left it; it never changes.

    `sha256` is over text, block, segment, locale and prompt (`rules.provenance.binding`);
    `findings` are of the checks on exactly this text. `author` None: the model wrote it.
    """

    draft = models.ForeignKey(
        Draft, models.CASCADE, related_name="revisions", verbose_name=_("draft")
    )
    number = models.PositiveSmallIntegerField(_("revision"))
    fields = models.JSONField(_("text"), default=dict)  # the block's fields in one language
    findings = models.JSONField(_("findings"), default=list)
    sha256 = models.CharField(max_length=64, editable=False)
    author = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, related_name="+", verbose_name=_("edited by")
    )
    by = models.CharField(_("by"), max_length=200, blank=True)  # stays when the account goes
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        ordering = ["draft", "number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_revision_per_number")
        ]
        indexes = [models.Index(fields=["sha256"], name="revisions_by_hash")]

    def __str__(self) -> str:
        return f"{self.draft_id}.{self.number}"


class Fingerprint(models.Model):
    """A text of a revision, as a hash: nobody gets it to a page as a text of their own."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    revision = models.ForeignKey(
        Revision, models.CASCADE, related_name="fingerprints", verbose_name=_("revision")
    )
    digest = models.CharField(max_length=64, editable=False)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        verbose_name = _("fingerprint")
        verbose_name_plural = _("fingerprints")
        constraints = [
            models.UniqueConstraint(fields=["revision", "digest"], name="one_fingerprint_per_text")
        ]
        indexes = [models.Index(fields=["site", "digest"], name="fingerprints_by_digest")]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.digest[:8]}"


class Review(models.Model):
    """A person's word on one revision: exactly the text with this hash.

    `audience`: hash of what the segment's condition was then (`rules.provenance`); "" is everyone.
    """

    APPROVE, CHANGES, REJECT = "approve", "changes", "reject"
    EDITORIAL, LEGAL = "editorial", "legal"

    draft = models.ForeignKey(
        Draft, models.CASCADE, related_name="reviews", verbose_name=_("draft")
    )
    revision = models.PositiveSmallIntegerField(_("revision"))
    sha256 = models.CharField(max_length=64, editable=False)
    verdict = models.CharField(
        _("verdict"),
        max_length=10,
        choices=[
            (APPROVE, _("approved")),
            (CHANGES, _("changes requested")),
            (REJECT, _("rejected")),
        ],
    )
    step = models.CharField(
        _("step"),
        max_length=10,
        default=EDITORIAL,
        choices=[(EDITORIAL, _("editorial")), (LEGAL, _("legal"))],
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)  # a code of a list
    remark = models.TextField(_("remark"), blank=True)
    acknowledged = models.JSONField(_("acknowledged findings"), default=list)  # [[code, path], …]
    audience = models.CharField(max_length=64, default="", editable=False)  # of a yes: to whom
    reviewer = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, related_name="+", verbose_name=_("reviewer")
    )
    by = models.CharField(_("by"), max_length=200)  # a guest's name too
    invited_by = models.CharField(_("invited by"), max_length=200, blank=True)  # of a guest
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        ordering = ["id"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self) -> str:
        return f"{self.draft_id}.{self.revision} {self.verdict}"


class Lesson(models.Model):
    """What a reviewer's edit or refusal teaches the next briefs of a site, until switched off."""

    APPROVED, EDITED, REJECTED = "approved", "edited", "rejected"

    site = models.ForeignKey(Site, models.CASCADE, related_name="lessons", verbose_name=_("site"))
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=[
            (APPROVED, _("an approved text")),
            (EDITED, _("an edit")),
            (REJECTED, _("a refusal")),
        ],
    )
    block = models.CharField(_("block"), max_length=100, blank=True)
    locale = models.CharField(_("language"), max_length=35)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    is_on = models.BooleanField(_("on"), default=True)
    draft = models.ForeignKey(
        Draft, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("draft")
    )
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    privacy: ClassVar = NO_VISITOR

    class Meta:
        ordering = ["-id"]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def __str__(self) -> str:
        return (self.after or self.before)[:80]
