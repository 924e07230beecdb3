"""A block's JSON Schema as form fields, and back: what an editor types becomes a JSON value."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

Schema = Mapping[str, Any]  # a JSON Schema document
LONG = 160  # characters from which on a text gets more than one line
MARK = "__"


def field_name(locale: str, name: str) -> str:
    return f"field{MARK}{locale}{MARK}{name}"


def form_fields(
    schema: Schema, locale: str, values: Mapping[str, Any], *, is_optional: bool = False
) -> Iterator[tuple[str, forms.Field]]:
    """One form field for each property of the schema, filled with `values`.

    `is_optional`: a further language, which may stay empty as a whole; it gets no defaults.
    """
    required = set() if is_optional else set(schema.get("required", ()))
    for name, rules in schema.get("properties", {}).items():
        field = _field(rules, required=name in required)
        field.label = _(rules.get("title") or name.replace("_", " "))
        field.help_text = _(rules["description"]) if rules.get("description") else ""
        default = None if is_optional else rules.get("default")
        field.initial = _initial(rules, values.get(name, default))
        yield field_name(locale, name), field


def typed_values(schema: Schema, locale: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON values of one language; what was left empty is left out, a whole language too."""
    found: dict[str, Any] = {}
    for name, rules in schema.get("properties", {}).items():
        value = cleaned.get(field_name(locale, name))
        if value is not None and (value != "" or rules.get("x-keep-empty")):
            found[name] = value
    return found if any(value not in ("", False) for value in found.values()) else {}


def _field(rules: Schema, *, required: bool) -> forms.Field:
    kind = rules.get("type", "string")
    if "enum" in rules:
        offered = [(value, _(str(value).replace("_", " "))) for value in rules["enum"]]
        choices = offered if required else [("", "-"), *offered]
        return forms.ChoiceField(
            choices=choices, required=required, widget=UnfoldAdminSelectWidget()
        )
    if kind == "boolean":
        return forms.BooleanField(required=False, widget=UnfoldBooleanSwitchWidget())
    if kind in ("integer", "number"):
        number = forms.IntegerField if kind == "integer" else forms.FloatField
        return number(
            required=required,
            min_value=rules.get("minimum"),
            max_value=rules.get("maximum"),
            widget=UnfoldAdminIntegerFieldWidget(),
        )
    if kind in ("array", "object"):
        return forms.JSONField(required=required, widget=UnfoldAdminTextareaWidget({"rows": 8}))
    return forms.CharField(
        required=required,
        max_length=rules.get("maxLength"),
        strip=False,
        widget=_text_widget(rules),
    )


def _text_widget(rules: Schema) -> forms.Widget:
    kind = rules.get("format")
    if kind == "html" or (kind is None and rules.get("maxLength", 0) > LONG):
        return UnfoldAdminTextareaWidget({"rows": 4})
    attributes = {"list": "pz-pictures"} if kind == "image" else {}
    return UnfoldAdminTextInputWidget(attributes)


def _initial(rules: Schema, value: Any) -> Any:  # a JSON value of the schema's type
    if rules.get("type") in ("array", "object") and value is not None:
        return json.loads(json.dumps(value))
    return value
