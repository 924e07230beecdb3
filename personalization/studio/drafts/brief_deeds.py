"""What is done with a brief: ask, cancel, try again, keep as a template; and what its form asks."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from personalization.catalog.models import Item
from personalization.drafts import asking, briefs
from personalization.drafts.brand_models import BriefTemplate
from personalization.drafts.models import Brief, Order
from personalization.drafts.people import person
from personalization.exceptions import Refusal
from personalization.govern.roles import sites_of
from personalization.studio.condition_form import plain_reading
from personalization.studio.current import current_site, demand
from personalization.studio.drafts.asking_price import price_of
from personalization.studio.drafts.brief_form import BriefForm
from personalization.studio.drafts.brief_pages import brief_of, page_of
from personalization.studio.drafts.progress import progress_of
from personalization.targeting.blocks import find_block
from personalization.targeting.models import Segment

OFFERED: Final = 8  # items that a search shows
MOST_ASKED: Final = 100  # briefs whose progress a page asks for


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    brief = brief_of(request, pk, "edit")
    try:
        orders = asking.ask(brief, by=person(request.user, brief.site))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        n = len(orders)
        said = ngettext("%d text is asked for.", "%d texts are asked for.", n) % n
        messages.success(request, said)
    return HttpResponseRedirect(page_of(brief))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    brief = brief_of(request, pk, "edit")
    asking.cancel(brief, by=person(request.user, brief.site))
    messages.success(request, _("Cancelled. What is written already stays, to be decided on."))
    return HttpResponseRedirect(page_of(brief))


@require_POST
def again(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """A failed one once more, as a new order."""
    brief = brief_of(request, pk, "edit")
    row = get_object_or_404(Order, pk=order, brief=brief)
    try:
        asking.try_again(row, by=person(request.user, brief.site))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, _("It is asked for once more."))
    return HttpResponseRedirect(page_of(brief))


@require_POST
def keep_as_template(request: HttpRequest, pk: int) -> HttpResponse:
    brief = brief_of(request, pk, "edit")
    document = {
        k: v for k, v in briefs.brief_document(brief).items() if k not in ("due_at", "items")
    }
    name = request.POST.get("name", "")
    try:
        row = briefs.save_template(brief.site, name, document, by=person(request.user, brief.site))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, _("“%s” is a template now.") % row)
    return HttpResponseRedirect(page_of(brief))


@require_POST
def drop_template(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        BriefTemplate.objects.select_related("site"), pk=pk, site__in=sites_of(request.user)
    )
    demand(request, "edit", row.site)
    briefs.delete_template(row, by=person(request.user, row.site))
    messages.success(request, _("The template is deleted; briefs that began with it stay."))
    return HttpResponseRedirect(reverse("admin:personalization_brief_add"))


@require_POST
def estimate_view(request: HttpRequest) -> HttpResponse:
    """What the brief that is being typed would cost; nothing of it is stored."""
    site = current_site(request, "edit")
    if site is None:
        raise PermissionDenied
    block = find_block(site, request.POST.get("block", ""))
    if block is None:
        return JsonResponse({"refusal": _("There is no such block on this site.")}, status=404)
    form = BriefForm(site, block, request.POST)
    form.is_valid()
    try:
        with transaction.atomic():
            brief = briefs.save_brief(site, form.document(), by=person(request.user, site))
            price = price_of(brief)
            transaction.set_rollback(True)
    except Refusal as refusal:
        return JsonResponse({"refusal": refusal.detail})
    said: dict[str, Any] = {"said": price.in_words(), "left": price.left_in_words()}
    return JsonResponse(
        {
            **said,
            "affordable": price.is_affordable,
            "texts": len(brief.items or [""]) * len(brief.locales) * brief.variants,
        }
    )


@require_GET
def items_view(request: HttpRequest) -> HttpResponse:
    """Items on offer whose title or key fits what was typed."""
    site = current_site(request)
    asked = request.GET.get("q", "").strip()
    if site is None:
        raise PermissionDenied
    if not asked:
        return JsonResponse({"items": []})
    rows = Item.objects.filter(site=site, is_available=True)
    found = rows.filter(title__icontains=asked) | rows.filter(key__icontains=asked)
    named = found.order_by("title").values_list("key", "title")[:OFFERED]
    return JsonResponse({"items": [{"key": key, "title": title} for key, title in named]})


@require_GET
def audience_view(request: HttpRequest) -> HttpResponse:
    """Who belongs to a segment, in the words that a model is told."""
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    row = Segment.objects.filter(site=site, key=request.GET.get("segment", "")).first()
    said = plain_reading(row.site, row.condition) if row else _("Everybody who comes.")
    return JsonResponse({"said": said})


@require_GET
def progress_view(request: HttpRequest) -> HttpResponse:
    """How far these briefs are, for the list."""
    if current_site(request) is None:
        raise PermissionDenied
    asked = [int(each) for each in request.GET.getlist("id")[:MOST_ASKED] if each.isdigit()]
    rows = Brief.objects.filter(pk__in=asked, site__in=sites_of(request.user))
    found = progress_of(rows)
    return JsonResponse(
        {
            str(pk): {
                "said": each.in_words(),
                "cost": each.cost_in_words,
                "running": each.is_running,
            }
            for pk, each in found.items()
        }
    )
