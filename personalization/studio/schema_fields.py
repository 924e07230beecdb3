"""Single values of a block's JSON Schema as form fields, an input for each kind."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from personalization.studio.json_text import JSONText
from personalization.studio.schema_kinds import Schema, choices_of, kind_of

LONG: Final = 160  # characters from which on a text gets more than one line
INPUTS: Final[Mapping[str, Mapping[str, str]]] = {
    "address": {"inputmode": "url", "placeholder": "/… https://…"},
    "picture": {"inputmode": "url"},
    "color": {"placeholder": "#1f6f5c", "size": "9"},
}


def single_field(rules: Schema, *, required: bool) -> forms.Field:
    match kind_of(rules):
        case "choice":
            return _choice_field(rules, required=required)
        case "flag":
            return forms.BooleanField(required=False, widget=UnfoldBooleanSwitchWidget())
        case "number":
            return _number_field(rules, required=required)
        case "json":
            widget = UnfoldAdminTextareaWidget({"rows": 8})
            return JSONText(required=required, widget=widget)
        case kind:
            return forms.CharField(
                required=required,
                max_length=rules.get("maxLength"),
                strip=False,
                widget=_text_widget(kind, rules),
            )


def _choice_field(rules: Schema, *, required: bool) -> forms.Field:
    """A form knows texts, the schema perhaps numbers: each choice goes back to its value."""
    offered = choices_of(rules)
    values: dict[str, Any] = {str(value): value for value, _label in offered}
    choices = [(str(value), label) for value, label in offered]
    return forms.TypedChoiceField(
        choices=choices if required else [("", "-"), *choices],
        coerce=lambda given: values.get(str(given), given),
        empty_value=None,
        required=required,
        widget=UnfoldAdminSelectWidget(),
    )


def _number_field(rules: Schema, *, required: bool) -> forms.Field:
    whole = rules.get("type") == "integer"
    number = forms.IntegerField if whole else forms.FloatField
    return number(
        required=required,
        min_value=rules.get("minimum"),
        max_value=rules.get("maximum"),
        widget=UnfoldAdminDecimalFieldWidget({"step": "1" if whole else "any"}),
    )


def _text_widget(kind: str, rules: Schema) -> forms.Widget:
    if kind == "html" or (kind == "text" and rules.get("maxLength", 0) > LONG):
        return UnfoldAdminTextareaWidget({"rows": 5 if kind == "html" else 3})
    return UnfoldAdminTextInputWidget(dict(INPUTS.get(kind, {})))
