"""Segments: who they are in a form, in plain English, and in numbers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from unfold.decorators import display

from personalization.govern.models import Site
from personalization.govern.roles import sites_of
from personalization.learn import found_groups
from personalization.studio.condition_form import ConditionField, plain_reading
from personalization.studio.condition_offer import offer
from personalization.studio.condition_reading import answer
from personalization.studio.current import visible_site
from personalization.studio.documents import Document, DocumentAdmin, DocumentForm
from personalization.studio.typed import typed
from personalization.targeting import documents
from personalization.targeting.models import Experiment, Segment
from personalization.targeting.suggestions import known_values

EVERYONE = {"combinator": "and", "not": False, "rules": []}


class SegmentForm(DocumentForm):
    verb = documents.save_segment

    condition = ConditionField(label=capfirst(_("who belongs to it")), initial=EVERYONE)

    class Meta:
        model = Segment
        fields = ("site", "name", "key", "condition", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "condition" in self.fields:
            self.fields["condition"].widget.segment = self.instance.key

    def document(self, cleaned: dict[str, Any]) -> Document:
        return {name: cleaned[name] for name in ("key", "name", "condition", "description")}


class SegmentAdmin(DocumentAdmin):
    form = SegmentForm
    list_display = ("segment", "key", "reading", "n_rules", "updated_at")
    list_display_links = ("segment",)
    list_filter = ("site",)
    search_fields = ("key", "name", "description")
    list_select_related = ("site",)
    list_before_template = "studio/found_card.html"
    fields = ("site", "name", "key", "condition", "description")
    change_form_outer_before_template = "studio/drafts/segment_top.html"

    def get_queryset(self, request: HttpRequest) -> Any:  # Django's own type
        return super().get_queryset(request).prefetch_related("rules")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:  # likewise
        """With a word on what the workers would make segments of."""
        waiting = found_groups.waiting(sites_of(request.user, "view"))
        more = {"found": waiting.count()}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    @display(description=_("segment"), ordering="key")
    def segment(self, row: Segment) -> str:
        return str(row)

    @display(description=_("who belongs to it"))
    def reading(self, row: Segment) -> str:
        """The beginning of a long one: the builder shows all of it."""
        said = plain_reading(row.site, row.condition)
        return format_html('<span class="pz-some-lines">{}</span>', said)

    @display(description=_("used by"))
    def n_rules(self, row: Segment) -> str:
        rules = row.rules.all()
        return ", ".join(str(rule) for rule in rules[:3]) + (" …" if len(rules) > 3 else "") or "-"

    def what_now(self, row: Any) -> str:  # a segment
        if row.rules.exists() or Experiment.objects.filter(segment=row).exists():
            return super().what_now(row)
        return _t("Saved as a draft. No rule is for it yet: add one to a slot.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # Django's own type
        """Who may only look reads the condition instead of its text."""
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return ["reading" if name == "condition" else name for name in fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # likewise
        return (*super().get_readonly_fields(request, obj), "reading")

    def get_urls(self) -> Any:  # likewise
        views = {"reading": reading, "values": values, "offer": offered}
        return [
            path(
                f"{name}/", self.admin_site.admin_view(view), name=f"personalization_segment_{name}"
            )
            for name, view in views.items()
        ] + super().get_urls()


@require_POST
def reading(request: HttpRequest) -> JsonResponse:
    """What a condition says as it is being edited, on any page that edits one."""
    asked = request.POST
    site = visible_site(request, asked.get("site", ""))
    return JsonResponse(
        answer(
            site,
            asked.get("condition", ""),
            segment=typed(asked, "segment"),
            exact=asked.get("exact") == "1",
        )
    )


@require_GET
def values(request: HttpRequest) -> JsonResponse:
    """Values that fit what was typed into a blank."""
    asked = request.GET
    site = visible_site(request, asked.get("site", ""))
    return JsonResponse({"values": known_values(site, asked.get("field", ""), typed(asked, "q"))})


@require_GET
def offered(request: HttpRequest) -> JsonResponse:
    """What the builder may offer on another site than the page began with."""
    return JsonResponse(offer(visible_site(request, request.GET.get("site", ""))))


def edited_site(request: HttpRequest, model: Any, object_id: str = "") -> Site:
    """The site of what is edited: of the stored row, else the one that is chosen in the form."""
    mine = sites_of(request.user, "view")
    chosen = request.POST.get("site") or ""
    if object_id.isdecimal():
        chosen = model.objects.filter(pk=object_id).values_list("site", flat=True).first() or ""
    site = mine.filter(pk=chosen).first() if str(chosen).isdecimal() else mine.first()
    if site is None:
        raise PermissionDenied
    return site
