"""A time such as "2d" as a number and a unit."""

import re
from typing import Any, Final

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

UNITS: Final = (
    ("m", _("minutes")),
    ("h", _("hours")),
    ("d", _("days")),
    ("w", _("weeks")),
    ("s", _("seconds")),
)
WRITTEN: Final = re.compile(r"([0-9]+)([mhdws])")


def apart(text: str | None, unit: str = "d") -> tuple[str, str]:
    """Number and unit; of nothing, nothing and the unit that is offered first."""
    found = WRITTEN.fullmatch((text or "").strip())
    return (found[1], found[2]) if found else ("", unit)


def together(number: str, unit: str) -> str | None:
    """What `rules.values.read_duration` reads; what is no number is left for it to refuse."""
    number = number.strip()
    return f"{number}{unit}" if number else None


class DurationWidget(forms.MultiWidget):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = UnfoldAdminIntegerFieldWidget(
            {"min": 1, "aria-label": _("How long"), "class": "pz-amount"}
        )
        unit = UnfoldAdminSelectWidget({"aria-label": _("Unit"), "class": "pz-unit"}, choices=UNITS)
        super().__init__([number, unit], attrs)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:  # Django's own types
        both = super().render(name, value, attrs, renderer)
        return format_html('<div class="pz-duration">{}</div>', both)

    def decompress(self, value: str | None) -> list[str]:
        return list(apart(value))


class DurationField(forms.MultiValueField):
    widget = DurationWidget

    def __init__(self, **kwargs: Any) -> None:
        number = forms.CharField(max_length=9, required=False)
        fields = (number, forms.ChoiceField(choices=UNITS, required=False))
        super().__init__(fields, require_all_fields=False, required=False, **kwargs)

    def compress(self, data_list: list[str]) -> str | None:
        return together(*data_list) if data_list else None
