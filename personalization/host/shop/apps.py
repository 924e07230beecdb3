"""The Django app of the demo shop."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShopConfig(AppConfig):
    name = "personalization.host.shop"
    label = "shop"
    verbose_name = _("Demo shop")
