"""What the workers found out about visitors: groups to make segments of, and what to believe."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from personalization.exceptions import Refusal
from personalization.figures import percent
from personalization.govern.models import Site
from personalization.govern.roles import sites_of
from personalization.govern.rounding import shown_count, shown_share
from personalization.learn import found_groups
from personalization.learn.models import FoundGroup, ScoringRun
from personalization.report.chance_words import told
from personalization.report.group_words import what_sets_apart
from personalization.studio.condition_form import plain_reading
from personalization.studio.current import allowed, current_site, demand
from personalization.targeting.audience import everyone
from personalization.targeting.models import Segment


def found_page(request: HttpRequest) -> HttpResponse:
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    run = ScoringRun.objects.filter(site=site).first()
    groups = FoundGroup.objects.filter(site=site, is_found=True, is_faithful=True)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Found by the workers"),
        "site": site,
        "run": run,
        "scored": shown_count(run.visitors) if run else "",
        "told": list(told(run)) if run else [],
        "groups": _in_words(site, groups.filter(dismissed_at=None)),
        "dismissed": list(groups.exclude(dismissed_at=None)),
        "may_edit": allowed(request, "edit", site),
    }
    return TemplateResponse(request, "studio/found.html", context)


@require_POST
def decide_on_group(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Make it a segment, wave it away, or bring it back."""
    mine = sites_of(request.user, "view")
    group = get_object_or_404(FoundGroup.objects.select_related("site"), pk=pk, site__in=mine)
    demand(request, "edit", group.site)
    by = str(request.user)
    if deed == "segment":
        return _make_segment(request, group, by)
    if deed == "dismiss":
        found_groups.dismiss(group, by=by)
        messages.success(request, _("“%s” is not offered any more.") % group)
    elif deed == "bring-back":
        found_groups.bring_back(group, by=by)
        messages.success(request, _("“%s” is offered again.") % group)
    else:
        raise Http404
    return HttpResponseRedirect(reverse("admin:personalization_found"))


def _make_segment(request: HttpRequest, group: FoundGroup, by: str) -> HttpResponse:
    """The new segment is opened, to be read and edited."""
    try:
        segment = found_groups.make_segment(group, by=by)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return HttpResponseRedirect(reverse("admin:personalization_found"))
    messages.success(
        request, _("“%s” is a segment now. Change what you like; pages do not use it yet.") % group
    )
    return HttpResponseRedirect(reverse("admin:personalization_segment_change", args=(segment.pk,)))


def _in_words(site: Site, groups: Any) -> list[dict[str, Any]]:  # a QuerySet of groups
    made = dict(Segment.objects.filter(site=site).values_list("key", "pk"))
    whole = everyone(site)
    return [
        {
            "group": group,
            "apart": what_sets_apart(group.differences, site),
            "reading": plain_reading(site, group.condition),
            "size": shown_count(group.visitors),
            "share": shown_share(group.visitors, whole),
            "right": percent(group.precision),
            "found": percent(group.recall),
            "segment": made.get(group.segment),
        }
        for group in groups
    ]
