"""Rules: for this audience, in this window, at these hours, so often, this content."""

from collections.abc import Mapping
from datetime import time
from typing import Any, ClassVar, Final

from django import forms
from django.contrib.admin.options import VERTICAL
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
)

from personalization.studio.audiences import audiences_in_words
from personalization.studio.condition_form import ConditionField
from personalization.studio.documents import Document, DocumentForm
from personalization.studio.times import (
    ClockWidget,
    MomentField,
    ZonedAdmin,
    as_typed,
    window_in_words,
)
from personalization.targeting import documents
from personalization.targeting.models import Rule
from personalization.targeting.schedules import when_in_words
from rules.values import print_duration

EVERYONE, SEGMENT, OWN = "everyone", "segment", "own"
SECOND: Final = 1_000_000  # microseconds
UNITS: Final = (("d", _("days")), ("h", _("hours")), ("m", _("minutes")), ("s", _("seconds")))


class RuleForm(DocumentForm):
    verb = documents.save_rule
    names: ClassVar = {
        "cap": "cap_times",
        "cap.within": "cap_amount",
        "enabled": "is_enabled",
        "when": "days",
        "when.from": "hours_from",
        "when.until": "hours_until",
    }
    field_order = (
        *("site", "name", "key", "slot", "audience", "segment", "condition", "content", "campaign"),
        *("start", "end", "days", "hours_from", "hours_until"),
        *("cap_times", "cap_amount", "cap_unit", "is_enabled"),
    )

    audience = forms.ChoiceField(
        label=_("For whom"),
        required=False,
        choices=[
            (EVERYONE, _("everyone")),
            (SEGMENT, _("visitors of a segment")),
            (OWN, _("visitors whom I describe here")),
        ],
        widget=UnfoldAdminRadioSelectWidget(radio_style=VERTICAL),
    )
    condition = ConditionField(label=_("Who they are"), required=False)
    start = MomentField(label=_("From"), required=False)
    end = MomentField(label=_("Until"), required=False)
    days = forms.MultipleChoiceField(
        label=_("Only on"),
        required=False,
        choices=[(str(day + 1), WEEKDAYS[day]) for day in range(7)],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("No day ticked: every day."),
    )
    hours_from = forms.TimeField(label=_("From (time of day)"), required=False, widget=ClockWidget)
    hours_until = forms.TimeField(
        label=_("Until (time of day)"),
        required=False,
        widget=ClockWidget,
        help_text=_("Earlier than it begins: it goes over midnight, into the next day."),
    )
    cap_amount = forms.IntegerField(
        label=_("Within"),
        required=False,
        min_value=1,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Nothing here: ever."),
    )
    cap_unit = forms.ChoiceField(
        label=_("Unit"),
        required=False,
        choices=UNITS,
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Rule
        fields = (
            *("site", "name", "key", "slot", "segment", "condition", "content", "campaign"),
            *("start", "end", "cap_times", "is_enabled"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in _told(self.instance, self.initial).items():
            if not self.initial.get(name):
                self.initial[name] = value

    def clean_segment(self) -> Any:  # a segment, or None
        """Asked for only where the rule is for one."""
        segment = self.cleaned_data.get("segment")
        if self._audience() != SEGMENT:
            return None
        if segment is None:
            raise forms.ValidationError(_t("Choose the segment."))
        return segment

    def clean_condition(self) -> Any:  # JSON
        condition = self.cleaned_data.get("condition")
        if self._audience() != OWN:
            return None
        if not condition:
            raise forms.ValidationError(_t("Say who they are."))
        return condition

    def document(self, cleaned: dict[str, Any]) -> Document:
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "slot": self.slot_key(cleaned),
            "segment": key_of(cleaned.get("segment")),
            "condition": cleaned.get("condition"),
            "content": cleaned["content"].key,
            "campaign": key_of(cleaned.get("campaign")),
            "position": self.instance.position if self.instance.pk else None,
            "start": as_typed(cleaned.get("start"), self.instance.start),
            "end": as_typed(cleaned.get("end"), self.instance.end),
            "when": _when(cleaned),
            "cap": _cap(cleaned),
            "enabled": cleaned.get("is_enabled", self.instance.is_enabled),
        }

    def slot_key(self, cleaned: dict[str, Any]) -> str:
        return str(cleaned["slot"].key)

    def place_of(self, path: str) -> str:
        return self.names.get(path) or super().place_of(path)

    def _audience(self) -> str:
        """Who does not say it is believed by what else they sent."""
        said = self.data.get(self.add_prefix("audience"))
        if said:
            return str(said)
        if self.data.get(self.add_prefix("segment")):
            return SEGMENT
        return OWN if self.data.get(self.add_prefix("condition")) else EVERYONE


def _told(row: Rule, initial: Mapping[str, Any]) -> dict[str, Any]:
    """What the form's own fields show of a stored rule."""
    when = row.when or {}
    within = print_duration(row.cap_seconds * SECOND) if row.cap_seconds else ""
    is_segment = bool(row.segment_id or initial.get("segment"))
    return {
        "audience": SEGMENT if is_segment else EVERYONE if row.condition is None else OWN,
        "days": [str(day) for day in when.get("days", ())],
        "hours_from": _time(when.get("from")),
        "hours_until": _time(when.get("until")),
        "cap_amount": within[:-1],
        "cap_unit": within[-1:] or "d",
    }


def _time(clock: str | None) -> time | None:
    return time.fromisoformat("00:00" if clock == "24:00" else clock) if clock else None


def _when(cleaned: dict[str, Any]) -> Document | None:
    days = [int(day) for day in cleaned.get("days") or ()]
    hours = {"from": cleaned.get("hours_from"), "until": cleaned.get("hours_until")}
    said: Document = {name: f"{at:%H:%M}" for name, at in hours.items() if at is not None}
    if days:
        said["days"] = days
    return said or None


def _cap(cleaned: dict[str, Any]) -> Document | None:
    """None where nothing was said. A time without a number is refused, as a number of 0 is."""
    times, amount = cleaned.get("cap_times"), cleaned.get("cap_amount")
    if times is None and not amount:
        return None
    unit = cleaned.get("cap_unit") or "d"
    return {"times": times, **({"within": f"{amount}{unit}"} if amount else {})}


def key_of(row: Any) -> str | None:  # of a keyed row, or None
    return row.key if row else None


class RuleAdmin(ZonedAdmin):
    form = RuleForm
    list_display = ("rule", "slot", "audience", "content", "runs", "campaign", "is_enabled")
    list_display_links = ("rule",)
    list_filter = ("site", "slot", "is_enabled", "campaign")
    search_fields = ("key", "name", "slot__key", "content__key", "segment__name")
    list_select_related = ("slot", "content", "segment", "site", "campaign")
    autocomplete_fields = ("slot", "segment", "content", "campaign")
    change_form_template = add_form_template = "studio/rule_form.html"
    fieldsets = (
        (None, {"fields": ("site", "name", "key", "slot", "content", "campaign", "is_enabled")}),
        (_("For whom"), {"fields": ("audience", "segment", "condition")}),
        (_("When"), {"fields": ("start", "end", "days", "hours_from", "hours_until")}),
        (_("How often for each visitor"), {"fields": ("cap_times", "cap_amount", "cap_unit")}),
    )

    @display(description=_("rule"), ordering="key")
    def rule(self, row: Rule) -> str:
        return str(row)

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Django's own type
        """All audiences of the page are put into words together."""
        listed = super().get_changelist_instance(request)
        words = audiences_in_words(listed.result_list)
        for row in listed.result_list:
            row.said = words[row.pk]
        return listed

    @display(description=_("audience"))
    def audience(self, row: Any) -> str:  # a rule of the list, with its audience said
        return row.said

    @display(description=_("runs"))
    def runs(self, row: Rule) -> str:
        window, hours = window_in_words(row.start, row.end), when_in_words(row.when)
        return f"{window} · {hours}" if hours else window

    def response_post_save_add(self, request: HttpRequest, obj: Rule) -> HttpResponse:
        return self.response_post_save_change(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Rule) -> HttpResponse:
        """Back to the slot, at its card."""
        return HttpResponseRedirect(card_address(obj))


def card_address(rule: Rule) -> str:
    page = reverse("admin:personalization_slot_change", args=(rule.slot_id,))
    return f"{page}#rule-{rule.pk}"
