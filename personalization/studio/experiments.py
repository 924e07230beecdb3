"""Experiments: a split of a slot's visitors over arms."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from personalization import figures
from personalization.studio.arms_form import ArmsField, ArmsWidget, percent, rows_of
from personalization.studio.documents import Document, DocumentForm
from personalization.studio.rules import key_of
from personalization.studio.times import MomentField, ZonedAdmin, as_typed
from personalization.targeting import documents
from personalization.targeting.models import Experiment


def _percent_field(label: Any, help_text: Any = "") -> forms.FloatField:
    widget = UnfoldAdminDecimalFieldWidget({"min": 0, "max": 100, "step": "any"})
    return forms.FloatField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=100, widget=widget
    )


class ExperimentForm(DocumentForm):
    verb = documents.save_experiment
    names: ClassVar = {
        "enabled": "is_enabled",
        "weights": "arms",
        "coverage": "percent",
        "namespace": "namespace_name",
    }

    arms = ArmsField()
    percent = _percent_field(
        _("Share of the audience that takes part, in %"),
        _("The others see the slot as if there were no test. Empty: all take part."),
    )
    start = MomentField(label=_("From"), required=False)
    end = MomentField(label=_("Until"), required=False)
    namespace_name = forms.CharField(
        label=_("Group of tests that exclude each other"),
        required=False,
        max_length=100,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Tests of one group whose ranges do not overlap never meet the same visitor."),
    )
    namespace_from = _percent_field(_("Range from, in %"))
    namespace_until = _percent_field(_("Range until, in %"))

    class Meta:
        model = Experiment
        fields = (
            *("site", "name", "key", "slot", "segment", "campaign", "arms"),
            *("seed", "start", "end", "is_enabled"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "arms" not in self.fields:
            return  # of somebody who may only look
        row = self.instance
        widget = self.fields["arms"].widget
        if isinstance(widget, ArmsWidget):
            widget.site = row.site if row.site_id else self.site_now
        self.initial["arms"] = rows_of(row.arms, row.weights)
        self.initial["percent"] = percent(row.coverage)
        if row.namespace:
            name, low, high = row.namespace
            self.initial["namespace_name"] = name
            self.initial["namespace_from"], self.initial["namespace_until"] = (
                percent(low),
                percent(high),
            )

    def label_of(self, path: str) -> str:
        return _t("Shares") if path == "weights" else super().label_of(path)

    def document(self, cleaned: dict[str, Any]) -> Document:
        row = self.instance
        document = {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "slot": cleaned["slot"].key,
            "segment": key_of(cleaned.get("segment")),
            "campaign": key_of(cleaned.get("campaign")),
            "arms": cleaned["arms"]["arms"],
            "coverage": _as_stored(cleaned.get("percent"), row.coverage, empty=1.0),
            "hash_version": row.hash_version,
            "namespace": self._namespace(cleaned),
            "phase": row.phase,
            "position": row.position,
            "start": as_typed(cleaned.get("start"), row.start),
            "end": as_typed(cleaned.get("end"), row.end),
            "enabled": cleaned["is_enabled"],
        }
        weights = cleaned["arms"]["weights"]
        if weights:
            are_shown = len(weights) == len(row.weights)
            before = row.weights if are_shown else weights
            pairs = zip(weights, before, strict=True)
            document["weights"] = [_as_stored(100 * now, was) for now, was in pairs]
        if cleaned.get("seed"):
            document["seed"] = cleaned["seed"]
        return document

    def _namespace(self, cleaned: dict[str, Any]) -> list[Any] | None:  # [name, start, end]
        name = cleaned.get("namespace_name")
        if not name:
            return None
        _name, low, high = self.instance.namespace or (name, 0.0, 1.0)
        return [
            name,
            _as_stored(cleaned.get("namespace_from"), low, empty=0.0),
            _as_stored(cleaned.get("namespace_until"), high, empty=1.0),
        ]


def _as_stored(typed: float | None, stored: float, empty: float = 0.0) -> float:
    """A share, of per cent. What was only shown rounded stays as it is, so that nobody moves."""
    if typed is None:
        return empty
    return stored if percent(typed / 100) == percent(stored) else typed / 100


class ExperimentAdmin(ZonedAdmin):
    form = ExperimentForm
    list_display = ("experiment", "slot", "split", "taking_part", "phase", "campaign", "is_enabled")
    list_display_links = ("experiment",)
    list_filter = ("site", "slot", "is_enabled", "campaign")
    search_fields = ("key", "name", "slot__key")
    list_select_related = ("slot", "campaign")
    autocomplete_fields = ("slot", "segment", "campaign")
    readonly_fields = ("split", "taking_part")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # Django's own type
        """Who may only look sees the arms with their shares, not the rows."""
        may_edit = obj is None or self.has_change_permission(request, obj)
        arms = ("arms", "percent") if may_edit else ("split", "taking_part")
        group = ("namespace_name", "namespace_from", "namespace_until")
        hashing = ("seed", *group) if may_edit else ("seed", "namespace")
        what = ("site", "name", "key", "slot", "segment", "campaign", "is_enabled")
        return (
            (None, {"fields": what}),
            (_("Split"), {"fields": (*arms, "start", "end")}),
            (_("Hashing"), {"fields": hashing, "classes": ("collapse",)}),
        )

    @display(description=_("experiment"), ordering="key")
    def experiment(self, row: Experiment) -> str:
        return str(row)

    @display(description=_("arms"))
    def split(self, row: Experiment) -> SafeString:
        return format_html_join(", ", "{} {}", shares(row)) or format_html("-")

    @display(description=_("taking part"), ordering="coverage")
    def taking_part(self, row: Experiment) -> str:
        return figures.percent(row.coverage)

    def response_post_save_add(self, request: HttpRequest, obj: Experiment) -> HttpResponse:
        return self.response_post_save_change(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Experiment) -> HttpResponse:
        """Back to the slot, at its card."""
        page = reverse("admin:personalization_slot_change", args=(obj.slot_id,))
        return HttpResponseRedirect(f"{page}#experiment-{obj.pk}")


def shares(row: Experiment) -> list[tuple[str, str]]:
    """Each arm and its share of the traffic."""
    if not row.arms:
        return []
    weights = row.weights or [1 / len(row.arms)] * len(row.arms)
    named = zip(row.arms, weights, strict=False)
    return [(arm["key"], figures.percent(share)) for arm, share in named]
