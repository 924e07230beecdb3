"""Items that a page can show, and pictures."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.privacy import NoVisitorData


class Item(models.Model):
    """A product or an article."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="items", verbose_name=_("site"))
    key = models.CharField(_("item"), max_length=200)
    title = models.CharField(_("title"), max_length=500)
    category = models.CharField(_("category"), max_length=200, blank=True)
    price = models.BigIntegerField(
        _("price"), null=True, blank=True, help_text=_("In minor units.")
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    url = models.CharField(_("address"), max_length=2000, blank=True)
    image = models.CharField(_("picture"), max_length=2000, blank=True)
    text = models.TextField(_("text"), blank=True)
    is_available = models.BooleanField(_("available"), default=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    restocked_at = models.DateTimeField(_("available again since"), null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    privacy: ClassVar = NoVisitorData("the catalogue")

    class Meta:
        ordering = ["title", "key"]
        verbose_name = _("item")
        verbose_name_plural = _("items")
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="one_item_per_key")]
        indexes = [models.Index(fields=["site", "category"], name="items_by_category")]

    def __str__(self) -> str:
        return self.title


class Media(models.Model):
    """A picture that contents may use."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="media", verbose_name=_("site"))
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to="media/%Y/%m/")
    kind = models.CharField(_("kind"), max_length=20, default="image", editable=False)
    alternative = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_(
            "What somebody who cannot see the picture should know. Empty if it only decorates."
        ),
    )
    width = models.PositiveIntegerField(_("width"), default=0, editable=False)
    height = models.PositiveIntegerField(_("height"), default=0, editable=False)
    sha256 = models.CharField(max_length=64, default="", editable=False)  # of the file's bytes
    generated = models.JSONField(default=dict, editable=False)  # by which model, for which draft
    is_offered = models.BooleanField(default=True, editable=False)  # contents may use it
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    privacy: ClassVar = NoVisitorData("pictures for pages")

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [models.Index(fields=["sha256"], name="media_by_bytes")]

    def __str__(self) -> str:
        return self.title
