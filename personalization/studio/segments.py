"""Segments: who they are in a form, in plain English, and in numbers."""

import json
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.govern.roles import sites_of
from personalization.studio.condition_form import ConditionField, labels_of, plain_reading
from personalization.studio.documents import Document, DocumentAdmin, DocumentForm
from personalization.targeting import documents
from personalization.targeting.audience import count
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from rules import Invalid, describe, parse, segments_read

EVERYONE = {"combinator": "and", "not": False, "rules": []}


class SegmentForm(DocumentForm):
    verb = documents.save_segment

    condition = ConditionField(label=_("who belongs to it"), initial=EVERYONE)

    class Meta:
        model = Segment
        fields = ("site", "name", "key", "condition", "description")

    def document(self, cleaned: dict[str, Any]) -> Document:
        return {name: cleaned[name] for name in ("key", "name", "condition", "description")}


class SegmentAdmin(DocumentAdmin):
    form = SegmentForm
    list_display = ("segment", "key", "reading", "n_rules", "updated_at")
    list_display_links = ("segment",)
    list_filter = ("site",)
    search_fields = ("key", "name", "description")
    list_select_related = ("site",)
    readonly_fields: ClassVar = ("size",)
    fields = ("site", "name", "key", "condition", "size", "description")

    def get_queryset(self, request: HttpRequest) -> Any:  # Django's own type
        return super().get_queryset(request).prefetch_related("rules")

    @display(description=_("segment"), ordering="key")
    def segment(self, row: Segment) -> str:
        return str(row)

    @display(description=_("who belongs to it"))
    def reading(self, row: Segment) -> str:
        return plain_reading(row.site, row.condition)

    @display(description=_("used by"))
    def n_rules(self, row: Segment) -> str:
        rules = row.rules.all()
        return ", ".join(str(rule) for rule in rules[:3]) + (" …" if len(rules) > 3 else "") or "-"

    @display(description=_("in plain words, and how many"))
    def size(self, row: Segment) -> SafeString:
        """Filled by the script as the condition is edited."""
        return format_html(
            '<div data-pz-reading data-address="{}" aria-live="polite">{}</div>',
            "../../reading/" if row.pk else "../reading/",
            _t("Counting …"),
        )

    def get_urls(self) -> Any:  # Django's own type
        view = self.admin_site.admin_view(self.reading_view)
        return [
            path("reading/", view, name="personalization_segment_reading"),
            path("<path:object_id>/reading/", view),
            *super().get_urls(),
        ]

    def reading_view(self, request: HttpRequest, object_id: str = "") -> HttpResponse:
        """The reading and the size of a condition as it is being edited."""
        site = edited_site(request, Segment, object_id)
        context: dict[str, Any] = {}
        try:
            condition = parse(
                json.loads(request.POST.get("condition") or "{}"), site_catalogue(site)
            )
            context["reading"] = describe(condition, labels_of(site, segments_read(condition)))
            context["audience"] = count(site, condition)
        except (Invalid, Refusal, ValueError) as refusal:
            context["refusal"] = str(refusal)
        return HttpResponse(render_to_string("studio/reading.html", context, request=request))


def edited_site(request: HttpRequest, model: Any, object_id: str = "") -> Site:
    """The site of what is edited: of the stored row, else the one that is chosen in the form."""
    mine = sites_of(request.user, "view")
    chosen = request.POST.get("site") or ""
    if object_id.isdigit():
        chosen = model.objects.filter(pk=object_id).values_list("site", flat=True).first() or ""
    site = mine.filter(pk=chosen).first() if str(chosen).isdigit() else mine.first()
    if site is None:
        raise PermissionDenied
    return site
