"""Whom publishing would reach: a part of the pages that publish and approve, loaded after them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from personalization.exceptions import Refusal
from personalization.publish.freeze import freeze
from personalization.publish.reading import read_release
from personalization.publish.wording import name_of
from personalization.report.expected import SlotChange, expected_change
from personalization.studio.current import current_site
from rules.types import Release


@require_GET
def expected_page(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Of the drafts, or of the release with this number, beside what is live."""
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    live = site.live_release
    try:
        before = read_release(site.pk, live) if live else None
        after = freeze(site, (live or 0) + 1) if number is None else read_release(site.pk, number)
    except Refusal as refusal:
        return HttpResponse(refusal.detail, status=refusal.status, content_type="text/plain")
    found = expected_change(site, before, after)
    context = {"sample": found.sample, "slots": list(_named(found.slots, before, after))}
    return render(request, "studio/expected.html", context)


def _named(
    slots: tuple[SlotChange, ...], before: Release | None, after: Release
) -> Iterator[Mapping[str, Any]]:  # what the template shows
    for change in slots:
        yield {
            "name": _name(before, after, "slot", change.slot),
            "differs": change.differs,
            "shifts": [
                {
                    "name": _name(before, after, "content", shift.content),
                    "before": shift.before,
                    "after": shift.after,
                    "is_edited": shift.is_edited,
                }
                for shift in change.shifts
            ],
        }


def _name(before: Release | None, after: Release, kind: str, key: str | None) -> str:
    """As it is called then; what is taken away, as it is called now."""
    if key is None:
        return _("nothing")
    then = name_of(after, kind, key)
    return name_of(before, kind, key) if then == key and before else then
