"""The builder of conditions over items: what a carousel's filter may ask, and how many items fit.

In:  a site and its catalogue of items.
Out: JSON as `condition_offer` and `condition_reading` make it for visitors.
"""

from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from personalization.catalog.items import read_item
from personalization.catalog.models import Item
from personalization.clock import now
from personalization.figures import whole
from personalization.govern.models import Site
from personalization.govern.rounding import shown_share
from personalization.studio.condition_form import ConditionWidget
from personalization.studio.condition_offer import offered_fields
from personalization.studio.condition_words import words
from personalization.studio.current import visible_site
from personalization.studio.json_text import read_typed
from personalization.targeting.shelves import item_attributes
from personalization.targeting.suggestions import item_values
from rules import Invalid, compile, describe, parse
from rules.items import item_catalogue, item_facts

Json = dict[str, Any]  # JSON
TRIED: Final = 5000  # items of which a filter is tried while somebody types


class ItemConditionWidget(ConditionWidget):
    """The builder over the fields of items. Their attributes come from the catalogue."""

    def offered(self) -> Json:
        return item_offer(self.site)


def item_offer(site: Site | None) -> Json:
    catalogue = item_catalogue(item_attributes(site) if site else {})
    addresses = {
        "reading": reverse("admin:personalization_content_item_reading"),
        "values": reverse("admin:personalization_content_item_values"),
        "offer": reverse("admin:personalization_content_item_offer"),
    }
    said = {
        **words(),
        "empty": _("Nothing here yet: all items may be shown."),
        "emptyGroup": _("An empty group fits every item."),
    }
    suggested = frozenset(each.name for each in catalogue.fields.values() if each.type == "string")
    return {
        "site": str(site.pk) if site else "",
        "segment": "",
        "zone": site.zone if site else "UTC",
        **offered_fields(catalogue, site, suggested | {"tags"}),
        "addresses": addresses,
        "words": said,
    }


@require_POST
def item_reading(request: HttpRequest) -> JsonResponse:
    site = visible_site(request, request.POST.get("site", ""))
    return JsonResponse(reading_of(site, request.POST.get("condition", "")))


def reading_of(site: Site, text: str) -> Json:
    """In words, and how many items of the site that may be shown fit."""
    try:
        condition = parse(read_typed(text), item_catalogue(item_attributes(site)))
    except ValueError as refusal:  # not JSON, or `Invalid`
        path = refusal.path if isinstance(refusal, Invalid) else ""
        detail = refusal.said(_) if isinstance(refusal, Invalid) else _("This is not JSON.")
        return {"reading": "", "refusal": {"path": path, "detail": detail}}
    matcher, moment = compile({"keep": condition}), now()
    rows = Item.objects.filter(site=site, is_available=True).order_by("-updated_at")[:TRIED]
    tried = [bool(matcher(item_facts(read_item(row)), moment)) for row in rows]
    said = {"count": whole(sum(tried)), "tried": whole(len(tried))}
    return {
        "reading": describe(condition, None, _),
        "refusal": None,
        "audience": {
            "text": _("%(count)s of %(tried)s items fit.") % said,
            "count": sum(tried),
            "share": shown_share(sum(tried), len(tried)),
            "is_sample": False,
        },
        "overlaps": [],
        "warnings": [] if any(tried) else [{"path": None, "text": _("No item fits.")}],
        "examples": [],
    }


@require_GET
def item_values_view(request: HttpRequest) -> JsonResponse:
    asked = request.GET
    site = visible_site(request, asked.get("site", ""))
    found = item_values(site, asked.get("field", ""), asked.get("q", ""))
    return JsonResponse({"values": found})


@require_GET
def item_offer_view(request: HttpRequest) -> JsonResponse:
    return JsonResponse(item_offer(visible_site(request, request.GET.get("site", ""))))


PAGES = (
    ("item_reading", "item-reading/", item_reading),
    ("item_values", "item-values/", item_values_view),
    ("item_offer", "item-offer/", item_offer_view),
)
