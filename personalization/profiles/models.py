"""What we may know of a visitor."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.privacy import Subject


class Profile(models.Model):
    """One visitor of one site, under a keyed hash. Times are microseconds since 1970, UTC.

    The JSON texts `recent`, `traits` and `shown` are what a page view reads, in one query.
    `Event.is_recent` and `Trait` are the same facts, typed and indexed, for counting audiences;
    one transaction writes both.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="profiles", verbose_name=_("site"))
    key = models.CharField(_("visitor"), max_length=64)
    key_id = models.CharField(max_length=32, editable=False)  # in the key store
    sealed_id = models.BinaryField(editable=False)  # the site's own id, under the visitor's key
    sealed_personal = models.BinaryField(editable=False, default=b"")  # personal traits
    sealed_unit = models.BinaryField(editable=False, default=b"")  # unit of before a merge
    purposes = models.PositiveSmallIntegerField(_("purposes"), default=0)  # bits, govern.purposes
    consented_us = models.BigIntegerField(default=0)  # receipt of the newest choice
    policy = models.CharField(_("policy"), max_length=100, blank=True)
    first_seen = models.BigIntegerField(null=True)
    last_seen = models.BigIntegerField(null=True)
    visits = models.PositiveIntegerField(_("visits"), default=0)
    frequency = models.PositiveIntegerField(_("purchases"), default=0)
    monetary = models.BigIntegerField(_("spent"), default=0)  # minor units, the site's currency
    applied = models.PositiveIntegerField(default=0, editable=False)  # events ever counted here
    cluster = models.CharField(max_length=64, null=True)  # noqa: DJ001 - NULL is unknown
    propensity_buy = models.FloatField(null=True)
    propensity_lapse = models.FloatField(null=True)
    recent = models.TextField(default="[]", editable=False)
    traits = models.TextField(default="{}", editable=False)
    shown = models.TextField(default="{}", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    privacy: ClassVar = Subject("id")

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        constraints = [
            models.UniqueConstraint(fields=["site", "key"], name="one_profile_per_visitor")
        ]
        indexes = [
            models.Index(fields=["site", "purposes", "last_seen"], name="profiles_by_last_seen"),
            models.Index(fields=["site", "purposes", "frequency"], name="profiles_by_frequency"),
        ]

    def __str__(self) -> str:
        return self.key[:8]


class Trait(models.Model):
    """One declared trait of a visitor, typed and indexed.

    A list is one row at position 0 with its length, and one row an element from position 1; an
    object in a list is one row with `truth` set, and one row a member (`member`). Exactly one of
    the value columns is set; `version` texts are kept as their sortable key.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="typed_traits")
    name = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)
    member = models.CharField(max_length=64, default="")
    text = models.TextField(null=True)  # noqa: DJ001 - NULL: the value is of another type
    number = models.FloatField(null=True)
    truth = models.BooleanField(null=True)
    at = models.BigIntegerField(null=True)

    privacy: ClassVar = Subject("profile_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "name", "position", "member"], name="one_value_per_trait"
            )
        ]
        indexes = [
            models.Index(fields=["site", "name", "number", "profile"], name="traits_by_number"),
            models.Index(fields=["site", "name", "at", "profile"], name="traits_by_time"),
        ]

    def __str__(self) -> str:
        return self.name
