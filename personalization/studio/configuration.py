"""Configuration as YAML: written down for another site, and taken in from one."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from personalization.exceptions import Malformed, Refusal
from personalization.govern.models import Site
from personalization.publish import config_imports
from personalization.publish.config import export_config
from personalization.publish.config_text import write_text
from personalization.publish.diff import Change
from personalization.publish.models import ConfigImport
from personalization.publish.wording import Part
from personalization.studio.current import allowed, current_site, demand
from personalization.studio.differing import parts_that_differ


def configuration_page(request: HttpRequest) -> HttpResponse:
    """Download, upload; what an upload would change, and where both sides changed a thing."""
    site = _site(request)
    if request.method == "POST":
        demand(request, "edit", site)
        return _take_in(request, site) if request.POST.get("upload") else _upload(request, site)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Configuration"),
        "site": site,
        "may_edit": allowed(request, "edit", site),
        "last": ConfigImport.objects.filter(site=site, applied_at__isnull=False).first(),
    }
    if request.GET.get("upload", "").isdecimal():
        context["upload"] = upload = _waiting(site, request.GET["upload"])
        try:
            context["plan"] = plan = config_imports.plan(upload)
            context["rows"] = [
                (change, list(_parts(site, change)), (change.kind, change.key) in plan.edited_here)
                for change in plan.changes
            ]
        except Refusal as refusal:
            context["refusal"] = refusal
    return TemplateResponse(request, "studio/configuration.html", context)


def download(request: HttpRequest) -> HttpResponse:
    site = _site(request)
    name = f"{site.key}-{localdate():%Y-%m-%d}.yaml"
    return HttpResponse(
        write_text(export_config(site)),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _upload(request: HttpRequest, site: Site) -> HttpResponse:
    try:
        row = config_imports.upload(
            site, _text_of(request), by=str(request.user), prune=request.POST.get("prune") == "1"
        )
    except Refusal as refusal:
        _say(request, refusal)
        return HttpResponseRedirect(reverse("admin:personalization_configuration"))
    return HttpResponseRedirect(_page_of(row))


def _take_in(request: HttpRequest, site: Site) -> HttpResponse:
    row = _waiting(site, request.POST["upload"])
    conflicts = [tuple(name.split(" ", 1)) for name in request.POST.getlist("conflict")]
    taken = [tuple(name.split(" ", 1)) for name in request.POST.getlist("take")]
    try:
        changes = config_imports.take_in(
            row,
            by=str(request.user),
            fingerprint=request.POST.get("fingerprint", ""),
            keep=[(kind, key) for kind, key in conflicts if (kind, key) not in taken],
        )
    except Refusal as refusal:
        _say(request, refusal)
        return HttpResponseRedirect(_page_of(row))
    sentence = _("%d drafts were changed. Pages show them once you publish.")
    messages.success(request, sentence % len(changes))
    return HttpResponseRedirect(reverse("admin:personalization_publish"))


def _text_of(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        raise Malformed(_("Choose the file first: YAML, as this page or export_config writes it."))
    try:
        return file.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(_("The file is not text in UTF-8. Export it again.")) from error


def _parts(site: Site, change: Change) -> Iterator[Part]:
    """Only of what is here and in the file: what is new or gone is all new or all gone."""
    if change.before is None or change.after is None:
        return iter(())
    return parts_that_differ(site, change.before, change.after)


def _say(request: HttpRequest, refusal: Refusal) -> None:
    messages.error(request, refusal.detail)
    for error in refusal.errors[1:]:
        messages.error(request, f"{error.path}: {error.detail}")


def _waiting(site: Site, pk: str) -> ConfigImport:
    rows = ConfigImport.objects.filter(site=site, applied_at__isnull=True)
    return get_object_or_404(rows.select_related("site"), pk=int(pk) if len(pk) < 12 else 0)


def _page_of(row: ConfigImport) -> str:
    return f"{reverse('admin:personalization_configuration')}?upload={row.pk}"


def _site(request: HttpRequest) -> Site:
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    return site
