"""Where a link leads to what is not there any more: a page that says so, and what one may do.

What was deleted lately can be brought back from here, as far as the audit trail holds it.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from personalization.exceptions import Refusal
from personalization.govern.models import AuditEntry
from personalization.govern.roles import may, sites_of
from personalization.studio.current import demand
from personalization.targeting.restoring import DELETED, kind_of, restore

View = Callable[..., HttpResponse]
SHOWN: Final = 3  # of what was deleted lately
LOOKED_AT: Final = 20


def told_where_missing(view: View, of: "ModelAdmin[Any] | None" = None) -> View:
    """`of`: the page of the table in which something was looked for."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if not _is_for_a_person(request):
                raise
            return missing_page(request, of)

    return told


def _is_for_a_person(request: HttpRequest) -> bool:
    """Scripts ask for anything; whoever follows a link asks for a page."""
    return "text/html" in request.headers.get("Accept", "text/html")


def missing_page(request: HttpRequest, of: "ModelAdmin[Any] | None") -> HttpResponse:
    is_listed = of is not None and of.has_view_permission(request)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("This is not here"),
        "opts": of.opts if of is not None and is_listed else None,
        "gone": list(_gone(request, of)) if of is not None and is_listed else [],
        "sees_trail": may(request.user, "view"),
    }
    return TemplateResponse(request, "studio/missing.html", context, status=404)


def _gone(request: HttpRequest, of: "ModelAdmin[Any]") -> Iterator[dict[str, Any]]:
    """What was deleted last and has not come back, newest first."""
    entries = AuditEntry.objects.filter(
        site__in=sites_of(request.user), action=f"{of.opts.model_name}{DELETED}"
    ).select_related("site")
    seen: set[tuple[int | None, str]] = set()
    for entry in entries[:LOOKED_AT]:
        kind, what = kind_of(entry), (entry.site_id, entry.target)
        if kind is None or what in seen:
            continue
        seen.add(what)
        if not kind.model._default_manager.filter(site=entry.site, key=entry.target).exists():
            name = entry.changes["document"][0].get("name") or entry.target
            may_edit = may(request.user, "edit", entry.site_id)
            yield {"entry": entry, "what": name, "may_edit": may_edit}
        if len(seen) == SHOWN:
            return


@require_POST
def bring_back(request: HttpRequest, entry: int) -> HttpResponse:
    """As a draft, under its key; pages change once somebody publishes."""
    mine = AuditEntry.objects.filter(site__in=sites_of(request.user)).select_related("site")
    row = get_object_or_404(mine, pk=entry)
    if row.site is not None:
        demand(request, "edit", row.site)
    try:
        restored = restore(row, by=str(request.user))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        for error in refusal.errors:
            messages.error(request, f"{error.path}: {error.detail}")
        return HttpResponseRedirect(reverse("admin:index"))
    messages.success(request, _("“%s” is back.") % restored)
    name = restored._meta.model_name
    return HttpResponseRedirect(
        reverse(f"admin:personalization_{name}_change", args=(restored.pk,))
    )
