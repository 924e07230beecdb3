"""Slots, their rules and experiments: the place, and what it shows to whom."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from personalization.govern.roles import sites_of
from personalization.studio.condition_form import ConditionField, plain_reading
from personalization.studio.documents import Document, DocumentAdmin, DocumentForm
from personalization.targeting import documents
from personalization.targeting.models import Campaign, Experiment, Rule, Slot


class SlotForm(DocumentForm):
    verb = documents.save_slot

    class Meta:
        model = Slot
        fields = ("site", "name", "key", "default", "min_height", "description")

    def document(self, cleaned: dict[str, Any]) -> Document:
        default = cleaned.get("default")
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "default": default.key if default else None,
            "min_height": cleaned.get("min_height") or 0,
            "description": cleaned["description"],
            "enabled": self.instance.is_enabled,
        }


class SlotAdmin(DocumentAdmin):
    form = SlotForm
    list_display = ("slot", "key", "default", "n_rules", "n_experiments", "switch")
    list_display_links = ("slot",)
    list_filter = ("site", "is_enabled")
    search_fields = ("key", "name", "description")
    list_select_related = ("default",)
    autocomplete_fields = ("default",)
    readonly_fields = ("stack",)
    fields = ("site", "name", "key", "default", "stack", "min_height", "description")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # Django's own type
        return [name for name in self.fields or () if obj is not None or name != "stack"]

    def get_queryset(self, request: HttpRequest) -> Any:  # likewise
        publishable = sites_of(request.user, "publish").values_list("pk", flat=True)
        may_switch = ExpressionWrapper(Q(site__in=list(publishable)), BooleanField())
        rows = super().get_queryset(request).prefetch_related("rules", "experiments")
        return rows.annotate(may_switch=may_switch)

    @display(description=_("slot"), ordering="key")
    def slot(self, row: Slot) -> str:
        return str(row)

    @display(description=_("rules"))
    def n_rules(self, row: Slot) -> int:
        return sum(rule.is_enabled for rule in row.rules.all())

    @display(description=_("experiments"))
    def n_experiments(self, row: Slot) -> int:
        return sum(test.is_enabled for test in row.experiments.all())

    @display(description=_("on"))
    def switch(self, row: Any) -> SafeString:  # a slot with its annotation
        """The list is a form already, so the button names its own address."""
        if not row.may_switch:
            return SafeString(_t("on") if row.is_enabled else _t("off"))
        return format_html(
            '<button class="pz-switch" role="switch" formmethod="post" formaction="{}" '
            'name="on" value="{}" aria-checked="{}" aria-label="{}"></button>',
            f"{reverse('admin:personalization_switch_slot', args=(row.pk,))}?back=slots",
            "0" if row.is_enabled else "1",
            "true" if row.is_enabled else "false",
            _t("%(slot)s is on") % {"slot": row},
        )

    @display(description=_("what it shows, in order"))
    def stack(self, row: Slot) -> SafeString:
        """The rules as cards, first to last, the default beneath."""
        return SafeString(render_to_string("studio/stack.html", {"slot": row, "cards": cards(row)}))


def cards(slot: Slot) -> list[dict[str, Any]]:
    rules = slot.rules.select_related("segment", "content").order_by("position", "key")
    return [{"rule": rule, "audience": audience_in_words(rule)} for rule in rules]


def audience_in_words(rule: Rule) -> str:
    if rule.segment is not None:
        return str(rule.segment)
    if rule.condition:
        return plain_reading(rule.site, rule.condition)
    return _t("everyone")


class RuleForm(DocumentForm):
    verb = documents.save_rule
    names: ClassVar = {"cap": "cap_times", "enabled": "is_enabled"}

    condition = ConditionField(
        label=_("own condition"),
        required=False,
        help_text=_("Instead of a segment, for an audience that only this rule needs."),
    )
    cap_within = forms.CharField(
        label=_("within"),
        required=False,
        widget=UnfoldAdminTextInputWidget({"placeholder": "7d"}),
        help_text=_("For example 12h or 7d; empty: ever."),
    )

    class Meta:
        model = Rule
        fields = (
            *("site", "name", "key", "slot", "segment", "condition", "content", "campaign"),
            *("position", "start", "end", "cap_times", "is_enabled"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.cap_seconds:
            self.fields["cap_within"].initial = in_short(self.instance.cap_seconds)

    def document(self, cleaned: dict[str, Any]) -> Document:
        segment, condition = cleaned.get("segment"), cleaned.get("condition")
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "slot": cleaned["slot"].key,
            "segment": segment.key if segment else None,
            "condition": condition or None,
            "content": cleaned["content"].key,
            "campaign": cleaned["campaign"].key if cleaned.get("campaign") else None,
            "position": cleaned.get("position") or 0,
            "start": _instant(cleaned.get("start")),
            "end": _instant(cleaned.get("end")),
            "cap": self._cap(cleaned),
            "enabled": cleaned["is_enabled"],
        }

    def _cap(self, cleaned: dict[str, Any]) -> Document | None:
        if not cleaned.get("cap_times"):
            return None
        within = cleaned.get("cap_within")
        return {"times": cleaned["cap_times"], **({"within": within} if within else {})}


def in_short(seconds: int) -> str:
    """A duration as people type it: 604800 seconds are "7d"."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


class RuleAdmin(DocumentAdmin):
    form = RuleForm
    list_display = ("rule", "slot", "audience", "content", "position", "runs", "is_enabled")
    list_display_links = ("rule",)
    list_filter = ("site", "slot", "is_enabled", "campaign")
    search_fields = ("key", "name", "slot__key", "content__key", "segment__name")
    list_select_related = ("slot", "content", "segment", "site")
    autocomplete_fields = ("slot", "segment", "content", "campaign")
    fieldsets = (
        (None, {"fields": ("site", "name", "key", "slot", "segment", "content", "is_enabled")}),
        (_("When and how often"), {"fields": ("start", "end", "cap_times", "cap_within")}),
        (_("Order and campaign"), {"fields": ("position", "campaign")}),
        (_("Own condition"), {"fields": ("condition",), "classes": ("collapse",)}),
    )

    @display(description=_("rule"), ordering="key")
    def rule(self, row: Rule) -> str:
        return str(row)

    @display(description=_("audience"))
    def audience(self, row: Rule) -> str:
        return audience_in_words(row)

    @display(description=_("runs"))
    def runs(self, row: Rule) -> str:
        return window_in_words(row.start, row.end)


def window_in_words(start: datetime | None, end: datetime | None) -> str:
    if start is None and end is None:
        return _t("always")
    first = f"{start:%Y-%m-%d %H:%M}" if start else "…"
    last = f"{end:%Y-%m-%d %H:%M}" if end else "…"
    return f"{first} - {last}"


class ExperimentForm(DocumentForm):
    verb = documents.save_experiment
    names: ClassVar = {"enabled": "is_enabled"}

    class Meta:
        model = Experiment
        fields = (
            *("site", "name", "key", "slot", "segment", "arms", "weights", "coverage"),
            *("seed", "namespace", "start", "end", "is_enabled"),
        )

    def document(self, cleaned: dict[str, Any]) -> Document:
        segment = cleaned.get("segment")
        document = {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "slot": cleaned["slot"].key,
            "segment": segment.key if segment else None,
            "arms": cleaned["arms"],
            "coverage": cleaned["coverage"],
            "hash_version": self.instance.hash_version,
            "namespace": cleaned.get("namespace") or None,
            "start": _instant(cleaned.get("start")),
            "end": _instant(cleaned.get("end")),
            "enabled": cleaned["is_enabled"],
        }
        if cleaned.get("weights"):
            document["weights"] = cleaned["weights"]
        if cleaned.get("seed"):
            document["seed"] = cleaned["seed"]
        return document


class ExperimentAdmin(DocumentAdmin):
    form = ExperimentForm
    list_display = ("experiment", "slot", "split", "coverage", "phase", "is_enabled")
    list_display_links = ("experiment",)
    list_filter = ("site", "slot", "is_enabled")
    search_fields = ("key", "name", "slot__key")
    list_select_related = ("slot",)
    autocomplete_fields = ("slot", "segment")
    fieldsets = (
        (None, {"fields": ("site", "name", "key", "slot", "segment", "is_enabled")}),
        (_("Split"), {"fields": ("arms", "weights", "coverage", "start", "end")}),
        (_("Hashing"), {"fields": ("seed", "namespace"), "classes": ("collapse",)}),
    )

    @display(description=_("experiment"), ordering="key")
    def experiment(self, row: Experiment) -> str:
        return str(row)

    @display(description=_("arms"))
    def split(self, row: Experiment) -> SafeString:
        shares = row.weights or [1 / len(row.arms)] * len(row.arms) if row.arms else []
        return format_html_join(
            ", ",
            "{} {}",
            ((arm["key"], f"{share:.0%}") for arm, share in zip(row.arms, shares, strict=False)),
        ) or format_html("-")


class CampaignForm(DocumentForm):
    verb = documents.save_campaign

    class Meta:
        model = Campaign
        fields = ("site", "name", "key", "start", "end")

    def document(self, cleaned: dict[str, Any]) -> Document:
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "start": _instant(cleaned.get("start")),
            "end": _instant(cleaned.get("end")),
        }


class CampaignAdmin(DocumentAdmin):
    form = CampaignForm
    list_display = ("campaign", "key", "owner", "runs")
    list_filter = ("site",)
    search_fields = ("key", "name")
    fields = ("site", "name", "key", "start", "end")

    @display(description=_("campaign"), ordering="key")
    def campaign(self, row: Campaign) -> str:
        return str(row)

    @display(description=_("runs"))
    def runs(self, row: Campaign) -> str:
        return window_in_words(row.start, row.end)
