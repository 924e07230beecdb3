"""Publishing from the studio: what would change, what speaks against it, the switch back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.govern.roles import may
from personalization.publish import releases
from personalization.publish.diff import changes
from personalization.publish.freeze import freeze
from personalization.publish.lint import lint
from personalization.publish.models import PublishedRelease
from personalization.studio.current import allowed, current_site
from personalization.studio.scoped import ReadOnlyAdmin
from personalization.targeting.models import Slot
from personalization.targeting.switches import switch_site, switch_slot

SHOWN_RELEASES = 20


def publish_page(request: HttpRequest) -> HttpResponse:
    """The diff against what is live, the linter's findings, and the button."""
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    if request.method == "POST":
        return _publish(request, site)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Publish"),
        "site": site,
        "may_publish": allowed(request, "publish", site),
        "releases": PublishedRelease.objects.filter(site=site).defer("document")[:SHOWN_RELEASES],
    }
    try:
        drafts = freeze(site, (site.live_release or 0) + 1)
        context["changes"] = changes(site, frozen=drafts)
        context["findings"] = lint(site, frozen=drafts)
    except Refusal as refusal:
        context["refusal"] = refusal
    return TemplateResponse(request, "studio/publish.html", context)


def _publish(request: HttpRequest, site: Site) -> HttpResponse:
    _must(request, "publish", site)
    try:
        release = releases.publish(
            site, note=request.POST.get("note", "")[:500], by=str(request.user)
        )
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        for error in refusal.errors:
            messages.error(request, f"{error.path}: {error.detail}")
    else:
        messages.success(
            request,
            _("Release %(number)s is live. Pages show it within a second.")
            % {"number": release.number},
        )
    return HttpResponseRedirect(reverse("admin:personalization_publish"))


@require_POST
def switch_to(request: HttpRequest, number: int) -> HttpResponse:
    """Make an earlier (or later) release the live one."""
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    _must(request, "publish", site)
    try:
        releases.activate(site, number, by=str(request.user))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, _("Release %(number)s is live again.") % {"number": number})
    return HttpResponseRedirect(reverse("admin:personalization_publish"))


@require_POST
def switch_site_view(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site, pk=pk)
    _must(request, "publish", site)
    on = request.POST.get("on") == "1"
    switch_site(site, on, by=str(request.user))
    messages.success(
        request,
        _("Personalization is on.") if on else _("Everything is off: pages show the defaults."),
    )
    return HttpResponseRedirect(reverse("admin:index"))


@require_POST
def switch_slot_view(request: HttpRequest, pk: int) -> HttpResponse:
    slot = get_object_or_404(Slot.objects.select_related("site"), pk=pk)
    _must(request, "publish", slot.site)
    on = request.POST.get("on") == "1"
    switch_slot(slot, on, by=str(request.user))
    sentence = _("“%(slot)s” is on.") if on else _("“%(slot)s” is off: it shows its default.")
    messages.success(request, sentence % {"slot": slot})
    return HttpResponseRedirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    if request.GET.get("back") == "slots":
        return reverse("admin:personalization_slot_changelist")
    return reverse("admin:index")


def _must(request: HttpRequest, ability: str, site: Site) -> None:
    if not may(request.user, ability, site.pk):
        raise PermissionDenied


class ReleaseAdmin(ReadOnlyAdmin):
    """The history of releases; publishing and switching back live on the publish page."""

    list_display = ("number", "site", "note", "author", "created_at", "activated_at")
    list_filter = ("site",)
    search_fields = ("note", "author", "number")
    fields = (
        *("number", "site", "note", "author", "created_at", "activated_at", "due_at", "sha256"),
    )
