"""Sites, keys and roles; the consent ledger; the audit trail."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.exceptions import Immutable
from personalization.govern import audit_words
from personalization.privacy import NoVisitorData, Subject


class Site(models.Model):
    """One website, its settings and what is live on it.

    `revision` rises with every change that pages must see at once; processes compare it.
    """

    key = models.SlugField(_("key"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    origins = models.JSONField(
        _("origins"),
        default=list,
        blank=True,
        help_text=_(
            "Addresses of the pages that may use a publishable key, one a line: https://shop.example"
        ),
    )
    locale = models.CharField(_("language"), max_length=35, default="en")
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    gpc_opts_out = models.JSONField(
        _("Global Privacy Control opts out of"), default=list, blank=True
    )
    holdout_share = models.FloatField(_("holdout share"), default=0.0)
    holdout_seed = models.CharField(_("holdout seed"), max_length=64, default="holdout")
    min_audience = models.PositiveIntegerField(_("smallest audience"), default=0)
    two_people = models.BooleanField(
        _("publishing takes two people"),
        default=False,
        help_text=_("What one person publishes goes live once a colleague has approved it."),
    )
    traits_schema = models.JSONField(_("traits"), default=dict, blank=True)
    places = models.JSONField(default=dict, editable=False)  # read by `profiles.places`
    event_types = models.JSONField(_("own event types"), default=list, blank=True)
    audited = models.JSONField(
        _("compare suggestions between visitors by"), default=list, blank=True
    )
    provider = models.CharField(
        _("compare how often items are shown by"), max_length=64, default="category", blank=True
    )
    reweighted_by = models.CharField(
        _("let small groups count more by"), max_length=64, default="", blank=True
    )
    stages = models.JSONField(default=list, editable=False)  # of the journeys: [[value, label], …]
    groups = models.JSONField(default=list, editable=False)  # found by workers: [[key, name], …]
    has_journeys = models.BooleanField(default=False, editable=False)  # in the live release
    is_enabled = models.BooleanField(_("personalization is on"), default=True)
    live_release = models.PositiveIntegerField(_("live release"), null=True, blank=True)
    live_learned = models.PositiveIntegerField(_("live suggestions"), null=True, blank=True)
    revision = models.PositiveBigIntegerField(default=1, editable=False)
    first_render_at = models.DateTimeField(_("first render"), null=True, blank=True)
    first_event_at = models.DateTimeField(_("first event"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    privacy: ClassVar = NoVisitorData("settings of a website")

    class Meta:
        ordering = ["key"]
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def __str__(self) -> str:
        return self.name or self.key


class ApiKey(models.Model):
    """A publishable (`pk_`) or secret (`sk_`) key. Of a secret one only the SHA-256 is kept."""

    PUBLISHABLE = "publishable"
    SECRET = "secret"  # noqa: S105 - the name of a kind

    site = models.ForeignKey(Site, models.CASCADE, related_name="keys", verbose_name=_("site"))
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=[(PUBLISHABLE, _("publishable (browsers)")), (SECRET, _("secret (servers)"))],
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    shown = models.CharField(
        _("key"),
        max_length=80,
        editable=False,
        help_text=_("A secret key shows only its beginning."),
    )
    scopes = models.JSONField(_("scopes"), default=list, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    privacy: ClassVar = NoVisitorData("keys of a website")

    class Meta:
        ordering = ["site", "kind", "created_at"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return self.shown


class Membership(models.Model):
    """What a person may do on a site."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="members", verbose_name=_("site"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="personalization",
        verbose_name=_("person"),
    )
    role = models.CharField(
        _("role"),
        max_length=20,
        choices=[
            ("marketer", _("marketer")),
            ("editor", _("editor (without publishing)")),
            ("reviewer", _("reviewer")),
            ("legal_reviewer", _("legal reviewer")),
            ("privacy_officer", _("privacy officer")),
            ("analyst", _("analyst")),
            ("admin", _("administrator")),
        ],
    )

    privacy: ClassVar = NoVisitorData("colleagues, not visitors")

    class Meta:
        ordering = ["site", "user"]
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["site", "user"], name="one_role_per_person_and_site")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class AppendOnly(models.QuerySet["ConsentRecord"]):
    """Rows that are added and read, and nothing else."""

    def update(self, **_values: object) -> int:
        raise Immutable(gettext("The consent ledger is append-only."))

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable(gettext("The consent ledger is append-only."))

    def bulk_update(self, *_rows: object, **_options: object) -> int:
        raise Immutable(gettext("The consent ledger is append-only."))


class ConsentRecord(models.Model):
    """One choice of one visitor: append-only, chained by hash over ciphertext.

    `sealed` holds visitor, purposes, policy and source under the visitor's own key, so erasure
    destroys the key and keeps the row and the chain.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("site"))
    sequence = models.PositiveBigIntegerField(_("number"))
    at = models.DateTimeField(_("received"))
    key_id = models.CharField(max_length=32, db_index=True, editable=False)
    sealed = models.BinaryField(editable=False)
    previous = models.CharField(max_length=64, editable=False)
    digest = models.CharField(_("digest"), max_length=64, editable=False)

    objects = AppendOnly.as_manager()
    privacy: ClassVar = Subject("key_id", on_erasure="keep")

    class Meta:
        base_manager_name = "objects"
        ordering = ["site", "sequence"]
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "sequence"], name="ledger_is_one_chain_per_site"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.sequence}"

    def save(self, *args: Any, **options: Any) -> None:  # Django's own signature
        """Add the row; a row that stands is never written again."""
        if not self._state.adding:
            raise Immutable(gettext("The consent ledger is append-only."))
        super().save(*args, **options)

    def delete(self, *_args: object, **_options: object) -> tuple[int, dict[str, int]]:
        raise Immutable(gettext("The consent ledger is append-only."))


class ErasureReceipt(models.Model):
    """Proof that a visitor was erased; the reference says nothing without the visitor's id."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    reference = models.CharField(_("receipt"), max_length=64, unique=True)
    at = models.DateTimeField(_("erased"))
    rows = models.PositiveIntegerField(_("rows deleted"), default=0)

    privacy: ClassVar = NoVisitorData(
        "a receipt that says nothing without the visitor's id, kept after erasure"
    )

    class Meta:
        ordering = ["-at"]
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return self.reference


class AuditEntry(models.Model):
    """Who changed what, from what to what."""

    site = models.ForeignKey(
        Site, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("site")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    actor = models.CharField(_("who"), max_length=200)
    action = models.CharField(_("what"), max_length=60, db_index=True)
    target = models.CharField(_("on"), max_length=200, blank=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True)

    privacy: ClassVar = NoVisitorData(
        "colleagues' deeds; visitors appear under receipt numbers only"
    )

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")

    def __str__(self) -> str:
        return f"{self.actor} {self.in_words}"

    @property
    def in_words(self) -> str:
        return audit_words.in_words(self.action, self.target)
