"""A rule's form in its place on the slot's page: the slot is given, the key made from the name."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from personalization.studio.documents import free_key
from personalization.studio.field_help import explain
from personalization.studio.rules import RuleForm
from personalization.targeting.models import Rule, Slot


class CardForm(RuleForm):
    """Its lists are plain ones: they read well aloud, and on a phone."""

    slot_now: ClassVar[Slot]

    class Meta:
        model = Rule
        fields = (
            *("name", "segment", "condition", "content", "campaign"),
            *("start", "end", "cap_times"),
        )
        widgets: ClassVar = {
            "name": UnfoldAdminTextInputWidget,
            "segment": UnfoldAdminSelectWidget,
            "content": UnfoldAdminSelectWidget,
            "campaign": UnfoldAdminSelectWidget,
            "cap_times": UnfoldAdminIntegerFieldWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("segment", "content", "campaign"):
            chooser: Any = self.fields[name]  # a ModelChoiceField
            chooser.queryset = chooser.queryset.filter(site=self.slot_now.site_id).order_by("name")

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["site"] = self.slot_now.site
        return super().clean()

    def slot_key(self, cleaned: dict[str, Any]) -> str:
        return self.slot_now.key

    def is_nameless(self, cleaned: Mapping[str, Any]) -> bool:
        """A card is known by what it shows."""
        return False

    def _free_key(self, cleaned: Mapping[str, Any]) -> str:
        """From the name, else from what it shows."""
        shown = cleaned.get("content")
        otherwise = f"{self.slot_now.key}-{shown.key if shown else 'rule'}"[:90]
        rows = Rule.objects.filter(site=self.slot_now.site)
        return free_key(rows, cleaned.get("name") or "", otherwise)


def card_form(request: HttpRequest, slot: Slot, rule: Rule | None = None) -> CardForm:
    """Filled from what was sent, else from the rule."""
    made: Any = type("CardFormNow", (CardForm,), {"slot_now": slot, "site_now": slot.site})
    made.person = str(request.user)
    explain("rule", made.base_fields)
    instance = rule or Rule(site=slot.site, slot=slot)
    sent = request.POST if request.method == "POST" else None
    form: CardForm = made(sent, instance=instance, auto_id="card_%s")
    return form
