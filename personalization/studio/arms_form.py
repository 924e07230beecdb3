"""The form field of an experiment's arms: rows that can be added and taken out, with their shares.

In:  arms and weights as they are stored, or what a form sent: fields `arm-<n>-…`, and `arm` once
     for each row, in order.
Out: `{"arms": […], "weights": […]}` as the verb takes them; no weights where all arms are equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.targeting.arms import MOST_ARMS
from personalization.targeting.models import Content

NEW: Final = "__n__"
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
NEAR: Final = 0.1  # per cent that a sum of rounded shares may be off
Split = dict[str, Any]  # JSON


@dataclass(frozen=True, slots=True)
class ArmRow:
    """`content`: a key, or nothing for the slot's default. `share`: per cent, as typed."""

    number: str
    key: str = ""
    content: str = ""
    share: str = ""


def rows_of(arms: Sequence[dict[str, Any]], weights: Sequence[float]) -> list[ArmRow]:
    """Equal shares stay empty: an arm that is added then gets its equal share too."""
    are_equal = len(set(weights)) < 2
    shares = [""] * len(arms) if are_equal else [percent(each) for each in weights]
    shown = zip(arms, shares, strict=False)
    return [
        ArmRow(str(number), arm["key"], arm["content"] or "", share)
        for number, (arm, share) in enumerate(shown)
    ]


def sent_rows(data: Any) -> list[ArmRow]:  # a QueryDict
    def sent(number: str, name: str) -> str:
        return str(data.get(f"arm-{number}-{name}", "")).strip()

    numbers = [each for each in data.getlist("arm") if each.isdecimal()]
    return [
        ArmRow(each, sent(each, "key"), sent(each, "content"), sent(each, "share"))
        for each in numbers
    ]


def percent(weight: float) -> str:
    return f"{weight * 100:.6g}"


class ArmsWidget(forms.Widget):
    """Its rows keep what was typed, also what cannot be saved."""

    template_name = "studio/arms.html"

    class Media:
        css: ClassVar = {"all": ["personalization/rows.css"]}
        js: ClassVar = [
            Script("personalization/rows.js", defer=True),
            Script("personalization/arms.js", defer=True),
        ]

    site: Site | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[ArmRow]:
        return sent_rows(data)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return "arm" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = value or [ArmRow("0", LETTERS[0]), ArmRow("1", LETTERS[1])]
        contents = Content.objects.filter(site=self.site).order_by("name", "key")
        offered = [(row.key, str(row)) for row in contents]
        context = {
            "rows": rows,
            "contents": offered,
            "keys": [key for key, _name in offered],
            "equal": percent(1 / len(rows)),
            "new": ArmRow(NEW),
            "most": MOST_ARMS,
        }
        return render_to_string(self.template_name, context)


class ArmsField(forms.Field):
    widget = ArmsWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Arms"), required=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])

    def to_python(self, value: Any) -> Split:  # rows, as sent
        arms = [{"key": row.key, "content": row.content or None} for row in value]
        given = [row.share for row in value]
        return {"arms": arms, "weights": _weights(given) if any(given) else None}


def _weights(given: Sequence[str]) -> list[float]:
    """Arms without a share have what is left, in equal parts."""
    typed = [_share(each) for each in given if each]
    left, n_empty = 100 - sum(typed), len(given) - len(typed)
    if left < -NEAR or (left > NEAR and not n_empty):
        said = _t("The shares make %(sum)s %% together: change them to make 100 %%.")
        raise forms.ValidationError(said % {"sum": f"{sum(typed):g}"})
    each_left = max(0.0, left) / max(1, n_empty)
    return [(_share(text) if text else each_left) / 100 for text in given]


def _share(text: str) -> float:
    try:
        share = float(text.replace(",", ".").removesuffix("%"))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 100:
        raise forms.ValidationError(_t("“%s” is no share: write a number from 0 to 100.") % text)
    return share
