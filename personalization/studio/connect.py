"""The page that connects a website: the snippet with its key, and what has arrived since."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from personalization import conf
from personalization.govern.models import ApiKey
from personalization.studio.current import current_site
from personalization.targeting.models import Slot, UndeclaredSlot


def connect_page(request: HttpRequest) -> HttpResponse:
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    key = ApiKey.objects.filter(site=site, kind=ApiKey.PUBLISHABLE, is_active=True).first()
    slot = Slot.objects.filter(site=site).order_by("key").values_list("key", flat=True).first()
    context = {
        **admin.site.each_context(request),
        "title": _("Connect your site"),
        "site": site,
        "key": key.shown if key else None,
        "address": conf.get("PUBLIC_URL") or request.build_absolute_uri("/").rstrip("/"),
        "slot": slot or "home.hero",
        "undeclared": UndeclaredSlot.objects.filter(site=site)[:20],
    }
    return TemplateResponse(request, "studio/connect.html", context)
