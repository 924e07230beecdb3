"""Journeys: the list, and the page of one: its drawing with the counts, its stages as cards."""

from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.journeys.models import LiveJourney
from personalization.journeys.picture import Picture, picture
from personalization.studio.documents import Document, DocumentAdmin, DocumentForm
from personalization.studio.durations import DurationField
from personalization.studio.segments import edited_site
from personalization.studio.stage_cards import sent_cards, stages_of
from personalization.studio.stages_form import StagesField, StagesWidget
from personalization.targeting import documents
from personalization.targeting.models import Journey
from rules import Invalid

Stages = list[dict[str, Any]]  # JSON, as stored
SEE_CARDS: Final = _("Some stages need a correction; see their cards.")
PARTS: Final = {  # of a stage, as its card calls them
    "name": _("Name of the stage"),
    "enter": _("Visitors come in"),
    "from": _("Visitors come in"),
    "leave": _("They leave the journey"),
    "after": _("When time has passed"),
    "to": _("When time has passed"),
    "webhook": _("Webhook"),
}


class JourneyForm(DocumentForm):
    verb = documents.save_journey
    names: ClassVar = {"enabled": "is_enabled"}

    stages = StagesField()
    again = DurationField(
        label=_("May come back after"),
        help_text=_("So long after leaving. Empty: everybody goes through it once at most."),
    )

    class Meta:
        model = Journey
        fields = (
            *("site", "name", "key", "stages", "again", "campaign", "is_enabled", "description"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["stages"].widget if "stages" in self.fields else None
        self.cards = widget if isinstance(widget, StagesWidget) else StagesWidget()
        self.cards.site, self.cards.wrong = self.site_now, {}  # widgets are copied shallowly
        if self.site_now is not None and self.instance.pk is None:
            self.initial["site"] = self.site_now.pk  # what is offered is of this site
        if "campaign" in self.fields and self.site_now is not None:
            campaigns: Any = self.fields["campaign"]  # a ModelChoiceField
            campaigns.queryset = campaigns.queryset.filter(site=self.site_now)

    def document(self, cleaned: dict[str, Any]) -> Document:
        campaign = cleaned.get("campaign")
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "description": cleaned.get("description") or "",
            "campaign": campaign.key if campaign else None,
            "again": cleaned.get("again") or None,
            "enabled": cleaned.get("is_enabled", False),
            "stages": cleaned["stages"],
        }

    def clean_stages(self) -> Stages:
        """From now on a stage is called by its name; through the API it may have a key alone."""
        cards = sent_cards(self.data)
        for place, card in enumerate(cards):
            if not card.key and not card.name.strip():
                self.cards.wrong[place] = [_t("Give the stage a name.")]
        if self.cards.wrong:
            raise forms.ValidationError(SEE_CARDS)
        stages: Stages = self.cleaned_data["stages"]
        return stages

    def _show(self, refusal: Refusal) -> None:
        """What is wrong with a stage is said on its card, and once above all of them."""
        of_stages = [error for error in refusal.errors if error.path.startswith("stages[")]
        for error in of_stages:
            place, part = _place_of(error.path)
            said = f"{part}: {error.detail}" if part else error.detail
            self.cards.wrong.setdefault(place, []).append(said)
        if of_stages:
            self.add_error("stages", SEE_CARDS)
        others = tuple(error for error in refusal.errors if error not in of_stages)
        if others or not of_stages:
            super()._show(type(refusal)(refusal.detail, errors=others))


class JourneyAdmin(DocumentAdmin):
    form = JourneyForm
    list_display = ("journey", "key", "campaign", "n_stages", "state", "updated_at")
    list_display_links = ("journey",)
    list_filter = ("site", "is_enabled")
    list_select_related = ("campaign",)
    search_fields = ("key", "name", "description")
    readonly_fields = ("drawing",)
    compressed_fields = False

    class Media:
        css: ClassVar = {"all": ["personalization/journey.css"]}  # for those who may only look

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        live = LiveJourney.objects.filter(site=OuterRef("site"), key=OuterRef("key"), gone=None)
        return super().get_queryset(request).annotate(began=Subquery(live.values("began")[:1]))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # Django's own type
        """Who may only look sees the drawing and its sentences, not the cards."""
        may_edit = obj is None or self.has_change_permission(request, obj)
        cards = ("stages",) if may_edit else ()
        settings = ("again", "campaign", "is_enabled", "description")
        return ("drawing", "site", "name", "key", *cards, *settings)

    @display(description=_("journey"), ordering="key")
    def journey(self, row: Journey) -> str:
        return str(row)

    @display(description=_("stages"))
    def n_stages(self, row: Journey) -> int:
        return len(row.stages)

    @display(description=_("state"))
    def state(self, row: Journey) -> str:
        return _state(row)[0]

    @display(description=_("drawing"))
    def drawing(self, row: Any) -> SafeString:  # a journey, or what is to become one
        """Asked for several times a page; drawn anew by the script while stages are edited."""
        if not hasattr(row, "drawn"):
            row.drawn = _drawn(row.site if row.pk else None, row, row.stages)
        drawn: SafeString = row.drawn
        return drawn

    def get_urls(self) -> Any:  # Django's own type
        view = self.admin_site.admin_view(require_POST(self.drawing_view))
        own = path("drawing/", view, name="personalization_journey_drawing")
        return [own, path("<int:pk>/drawing/", view), *super().get_urls()]

    def drawing_view(self, request: HttpRequest, pk: int = 0) -> HttpResponse:
        """The drawing of what a form holds now; nothing where it cannot be drawn yet."""
        row = self.get_queryset(request).filter(pk=pk).first() if pk else Journey()
        if row is None or not self.has_add_permission(request):
            raise PermissionDenied
        site = row.site if pk else edited_site(request, Journey)
        try:
            stages = stages_of(sent_cards(request.POST))
            return HttpResponse(_drawn(site, row, stages, picture(site, row.key, stages)))
        except (Invalid, KeyError, TypeError, ValueError):
            return HttpResponse(status=204)


def _place_of(path: str) -> tuple[int, str]:
    """Of `stages[2].enter.condition`: 2, and what the card calls that part."""
    place, _bracket, inner = path.removeprefix("stages[").partition("]")
    part = inner.lstrip(".").replace("[", ".").split(".")[0]
    return int(place), str(PARTS.get(part, ""))


def _drawn(
    site: Site | None, row: Journey, stages: Stages, drawn: Picture | None = None
) -> SafeString:
    context: dict[str, Any] = {"address": _address(row), "picture": drawn}
    if drawn is None and stages and site is not None:
        try:
            context["picture"] = picture(site, row.key, stages)
        except Invalid as refusal:
            context["refusal"] = refusal.placed(_t)
    context["state"], context["state_class"] = _state(row)
    return SafeString(render_to_string("studio/journey_picture.html", context))


def _address(row: Journey) -> str:
    address = reverse("admin:personalization_journey_drawing")
    return address if row.pk is None else address.replace("drawing/", f"{row.pk}/drawing/")


def _state(row: Journey) -> tuple[str, str]:
    """In words, and the colour of it."""
    began = getattr(row, "began", None)  # what is new was in no query
    if began is not None:
        since = date_format(localtime(began), "SHORT_DATETIME_FORMAT")
        return _t("live since %s") % since, "pz-added"
    if not row.is_enabled:
        return _t("off"), "pz-warning"
    return _t("a draft: publish it, and visitors move"), ""
