"""One release: who published what, what it changed; the second person's yes; the way back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from personalization.exceptions import Refusal
from personalization.govern.models import AuditEntry, Site
from personalization.publish import releases
from personalization.publish.approval import approve, decline
from personalization.publish.diff import between
from personalization.publish.models import PublishedRelease
from personalization.publish.reading import read_release
from personalization.publish.wording import Wording, in_words
from personalization.studio.current import allowed, current_site, demand
from personalization.studio.publishing import said_of, scheduled, when_due
from personalization.studio.records import labelled
from personalization.studio.scoped import ReadOnlyAdmin
from personalization.studio.typed import typed


def release_page(request: HttpRequest, number: int) -> HttpResponse:
    """What is in it, beside what is live (while it waits) or what came before (afterwards)."""
    site = _site(request)
    release = PublishedRelease.objects.filter(site=site, number=number).defer("document").first()
    if release is None:
        raise Http404
    is_mine = release.author == str(request.user)
    may_decide = allowed(request, "publish", site) or allowed(request, "review", site)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": str(release),
        "site": site,
        "release": release,
        "state": release.state(site.live_release),
        "is_mine": is_mine,
        "may_decide": release.is_waiting and may_decide,
        "may_publish": allowed(request, "publish", site),
        "history": _history(site, number),
        **_comparison(site, release),
    }
    return TemplateResponse(request, "studio/release.html", context)


def _comparison(site: Site, release: PublishedRelease) -> dict[str, Any]:
    """`beside`: the release that it is compared with; None if there is none."""
    earlier = PublishedRelease.objects.filter(
        site=site, number__lt=release.number, activated_at__isnull=False
    )
    before = earlier.order_by("-number").values_list("number", flat=True).first()
    beside = site.live_release if release.is_waiting else before
    try:
        return {"beside": beside, "changes": _wordings(site, beside, release.number)}
    except Refusal as refusal:
        return {"beside": beside, "refusal": refusal}


def _wordings(site: Site, older: int | None, newer: int) -> list[Wording]:
    before = read_release(site.pk, older) if older is not None else None
    after = read_release(site.pk, newer)
    return [in_words(change, before, after) for change in between(site, older, newer)]


def _history(site: Site, number: int) -> Any:  # a QuerySet of audit entries
    is_about_it = Q(action__startswith="release.", target=str(number))
    return AuditEntry.objects.filter(is_about_it, site=site).order_by("at", "id")


@require_POST
def switch_to(request: HttpRequest, number: int) -> HttpResponse:
    """Make an earlier (or later) release the live one."""
    site = _site(request)
    demand(request, "publish", site)
    try:
        releases.activate(site, number, by=str(request.user))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, _("Release %(number)s is live again.") % {"number": number})
        for due in scheduled(site):
            sentence = _(
                "On %(when)s release %(number)s still goes live by itself. Take it back below if it"
                " should not."
            )
            messages.warning(request, sentence % {"number": due.number, "when": when_due(due)})
    return HttpResponseRedirect(reverse("admin:personalization_publish"))


@require_POST
def unschedule(request: HttpRequest, number: int) -> HttpResponse:
    site = _site(request)
    demand(request, "publish", site)
    try:
        releases.unschedule(site, number, by=str(request.user))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        sentence = _("Release %(number)s stays in the history and will not go live by itself.")
        messages.success(request, sentence % {"number": number})
    return HttpResponseRedirect(reverse("admin:personalization_publish"))


@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """The second person's answer, about exactly what the page showed."""
    site = _site(request)
    if not (allowed(request, "publish", site) or allowed(request, "review", site)):
        raise PermissionDenied
    try:
        messages.success(request, _answered(request, site, number))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return HttpResponseRedirect(reverse("admin:personalization_release", args=(number,)))
    return HttpResponseRedirect(reverse("admin:personalization_publish"))


def _answered(request: HttpRequest, site: Site, number: int) -> str:
    by = str(request.user)
    if request.POST.get("answer") != "yes":
        decline(site, number, by=by, reason=typed(request.POST, "reason", longest=500))
        return _("Release %(number)s was declined.") % {"number": number}
    replaces = request.POST.get("replaces", "")
    seen = int(replaces) if replaces.isdecimal() else None
    sha256 = request.POST.get("sha256", "")
    return said_of(approve(site, number, by=by, sha256=sha256, replaces=seen))


def _site(request: HttpRequest) -> Site:
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    return site


class ReleaseAdmin(ReadOnlyAdmin):
    """The list of all releases, to search; each has a page of its own under publishing."""

    list_display = ("number", "site", "note", "author", "approved_by", "created_at", "activated_at")
    list_filter = ("site", "needs_approval")
    search_fields = ("note", "author", "number", "approved_by")
    fields = (
        *("number", "site", "note", "author", "created_at", "activated_at", "due_at"),
        *("approved_by", "approved_at", "declined_by", "declined_at", "reason", "checksum"),
    )
    checksum = labelled("sha256", "SHA-256")
