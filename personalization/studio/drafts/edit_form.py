"""A draft's text as a form of its block, in its one language, and back."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from personalization.exceptions import FieldError
from personalization.studio.field_views import FieldView, field_view
from personalization.studio.schema_form import ListField, field_name, form_fields, typed_values
from rules.types import Block

Fields = Mapping[str, Any]  # JSON


def edit_form(block: Block, locale: str, fields: Fields, sent: Any = None) -> forms.Form:
    """`sent`: a QueryDict; None for a form that shows what stands."""
    form = forms.Form(sent)
    for name, field in form_fields(block.schema, fields):
        form.fields[field_name(locale, name)] = field
    return form


def field_views(block: Block, locale: str, fields: Fields) -> list[FieldView]:
    return list(views_of(edit_form(block, locale, fields), block, locale))


def views_of(form: forms.Form, block: Block, locale: str) -> Iterator[FieldView]:
    for name, rules in block.schema.get("properties", {}).items():
        bound = form[field_name(locale, name)]
        errors = map(str, bound.errors) if form.is_bound else ()
        yield field_view(
            bound.name, name, rules, bound.field, bound.value(), schema=block.schema, errors=errors
        )


def typed(form: forms.Form, block: Block, locale: str) -> dict[str, Any]:  # JSON
    """What was typed; of what is wrong, the text as it stands."""
    form.is_valid()
    found = {
        name: form.cleaned_data.get(field_name(locale, name), _raw(form, field_name(locale, name)))
        for name in block.schema.get("properties", {})
    }
    return typed_values(block.schema, found)


def has_wrong_list(form: forms.Form) -> bool:
    """Of a list in which something is wrong, there is no text to keep: it is not saved."""
    return any(isinstance(form.fields.get(name), ListField) for name in form.errors)


def _raw(form: forms.Form, name: str) -> Any:  # JSON
    value = form[name].value()
    return value if isinstance(value, str) else None


def say(form: forms.Form, block: Block, locale: str, errors: tuple[FieldError, ...]) -> None:
    """Put what a verb refused at its field: `fields.headline` or `headline`."""
    for error in errors:
        path = error.path.removeprefix("fields.")
        top, dot, rest = path.replace("[", ".[", 1).partition(".")
        name = field_name(locale, top)
        field = form.fields.get(name)
        if isinstance(field, ListField) and dot:
            field.say(rest, form[name].value(), error.detail)
            form.add_error(name, _("Something is missing or wrong in the parts below."))
        elif field is not None:
            form.add_error(name, error.detail)
