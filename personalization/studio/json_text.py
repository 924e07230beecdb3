"""JSON as people type it: whatever it is, it is read or refused, and a page can show it again."""

import json
from typing import Any

from django import forms
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext as _


def read_typed(text: str) -> Any:  # JSON
    """Raises `ValueError` for what is none, and for what is nested too deeply to be read."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError(_("This is nested too deeply.")) from error


def readable(value: Any) -> str:  # JSON
    """Over several lines; half a character, which no page can carry, stands as its escape."""
    return _whole(json.dumps(value, indent=2, ensure_ascii=False))


def _whole(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


class JSONText(forms.JSONField):
    """JSON over several lines; what is no JSON is refused with its line and column."""

    def to_python(self, value: Any) -> Any:  # as Django's field
        if isinstance(value, str) and value not in self.empty_values:
            try:
                read_typed(value)
            except json.JSONDecodeError as error:
                place = {"line": error.lineno, "column": error.colno, "why": error.msg}
                sentence = _("Line %(line)d, column %(column)d: this is no JSON (%(why)s).")
                raise forms.ValidationError(sentence % place) from error
            except ValueError as error:
                raise forms.ValidationError(str(error)) from error
        return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:  # likewise
        try:
            read_typed(data or "null")
        except ValueError:
            return InvalidJSONInput(data)
        return super().bound_data(data, initial)

    def prepare_value(self, value: Any) -> Any:  # likewise; a text is one that was typed
        if isinstance(value, str):
            return _whole(value)
        return "" if value is None else readable(value)
