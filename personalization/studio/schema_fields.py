"""Single values of a block's JSON Schema as form fields, an input for each kind."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

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
            return ReadableJSON(required=required, widget=widget)
        case kind:
            return forms.CharField(
                required=required,
                max_length=rules.get("maxLength"),
                strip=False,
                widget=_text_widget(kind, rules),
            )


class ReadableJSON(forms.JSONField):
    """JSON over several lines; what is no JSON is refused with its line and column."""

    def to_python(self, value: Any) -> Any:  # as Django's field
        if isinstance(value, str) and value not in self.empty_values:
            try:
                json.loads(value)
            except json.JSONDecodeError as error:
                place = {"line": error.lineno, "column": error.colno, "why": error.msg}
                sentence = _("Line %(line)d, column %(column)d: this is no JSON (%(why)s).")
                raise forms.ValidationError(sentence % place) from error
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:  # as Django's field
        readable = isinstance(value, dict | list)
        return json.dumps(value, indent=2, ensure_ascii=False) if readable else value or ""


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
