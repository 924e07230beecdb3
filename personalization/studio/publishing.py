"""Publishing from the studio: what would change, what speaks against it, now or at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import is_naive, localtime
from django.utils.translation import gettext as _

from personalization import clock
from personalization.exceptions import Malformed, Refusal
from personalization.govern.models import Site
from personalization.publish import releases
from personalization.publish.diff import changes
from personalization.publish.findings import Finding
from personalization.publish.freeze import freeze
from personalization.publish.lint import lint
from personalization.publish.models import PublishedRelease
from personalization.publish.reading import read_release
from personalization.publish.wording import in_words
from personalization.studio.current import allowed, current_site, demand
from personalization.studio.places import Place, place_of, places
from personalization.studio.typed import typed

SHOWN_RELEASES = 20


def publish_page(request: HttpRequest) -> HttpResponse:
    """The diff against what is live, the linter's findings, and the button."""
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    if request.method == "POST" and _published(request, site):
        return HttpResponseRedirect(reverse("admin:personalization_publish"))
    rows = PublishedRelease.objects.filter(site=site).defer("document")
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Publish"),
        "site": site,
        "may_publish": allowed(request, "publish", site),
        "releases": [(row, row.state(site.live_release)) for row in rows[:SHOWN_RELEASES]],
        "scheduled": scheduled(site),
        "typed": request.POST,
        "live": rows.filter(number=site.live_release or 0).first(),
        **_what_would_change(site),
    }
    return TemplateResponse(request, "studio/publish.html", context)


def _what_would_change(site: Site) -> dict[str, Any]:
    try:
        before = read_release(site.pk, site.live_release) if site.live_release else None
        drafts = freeze(site, (site.live_release or 0) + 1)
        found = changes(site, frozen=drafts)
        findings = lint(site, frozen=drafts)
    except Refusal as refusal:
        there = places(site, [error.path for error in refusal.errors])
        errors = [(error, place_of(there, error.path)) for error in refusal.errors]
        return {"refusal": refusal, "errors": errors}
    return {
        "changes": [in_words(change, before, drafts) for change in found],
        "findings": _by_sentence(site, findings),
        "seen": releases.fingerprint(site, drafts),
        "is_live": before is not None and releases.are_alike(before, drafts),
    }


def _by_sentence(site: Site, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """What is said of several things is said once."""
    there = places(site, [finding.where for finding in findings])
    grouped: dict[tuple[str, str], dict[str, Any]] = {}
    for finding in findings:
        name = finding.severity, finding.sentence
        group = grouped.setdefault(name, {"finding": finding, "places": []})
        place = place_of(there, finding.where) or Place(finding.where, "")
        if place not in group["places"]:
            group["places"].append(place)
    return list(grouped.values())


def _published(request: HttpRequest, site: Site) -> bool:
    """Exactly what the page showed; after a refusal it shows what is there now."""
    demand(request, "publish", site)
    try:
        release = releases.publish(
            site,
            note=typed(request.POST, "note", longest=500),
            by=str(request.user),
            due_at=_due_at(request, site),
            seen=request.POST.get("seen"),
        )
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        for error in refusal.errors:
            messages.error(request, f"{error.path}: {error.detail}")
        return False
    messages.success(request, said_of(release))
    return True


def scheduled(site: Site) -> list[PublishedRelease]:
    """What is to go live by itself, the next one first; late ones too.

    While a newer one is live, it gives way to that.
    """
    due = PublishedRelease.objects.filter(releases.MAY_GO_LIVE, site=site, activated_at=None)
    newer = due.filter(number__gt=site.live_release or 0)
    return list(newer.exclude(due_at=None).defer("document").order_by("due_at"))


def said_of(release: PublishedRelease) -> str:
    """What became of a release that was just published or approved."""
    if release.is_waiting:
        sentence = _("Release %(number)s waits for a colleague's yes. Pages stay as they are.")
    elif release.is_scheduled:
        sentence = _(
            "Release %(number)s is planned for %(when)s; until then pages stay as they are."
        )
    else:
        sentence = _("Release %(number)s is live. Pages show it within a second.")
    return sentence % {"number": release.number, "when": when_due(release)}


def when_due(release: PublishedRelease) -> str:
    """In words, by the clock of the site; "" for what is not scheduled."""
    return date_format(localtime(release.due_at), "DATETIME_FORMAT") if release.due_at else ""


def _due_at(request: HttpRequest, site: Site) -> datetime | None:
    """A time as a form field gives it, in the site's zone; None is now."""
    if request.POST.get("when") != "later":
        return None
    text = request.POST.get("due_at", "").strip()
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise _wrong_time(_("“%s” is no time. Choose a day and an hour.") % text[:40])
    if is_naive(moment):
        moment = moment.replace(tzinfo=ZoneInfo(site.zone))
    if moment <= clock.now():
        raise _wrong_time(_("This time has passed. Choose a later one, or publish now."))
    return moment


def _wrong_time(sentence: str) -> Malformed:
    return Malformed(" ".join((_("Nothing was published."), sentence)))
