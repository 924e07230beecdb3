"""Which items a carousel shows, as a part of the form of its content.

In:  a site and the shelf that is stored.
Out: form fields named `shelf_…`, and of what was typed the document of `rules.shelf_codec`.
"""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.studio.condition_form import ConditionField
from personalization.studio.item_conditions import ItemConditionWidget
from personalization.studio.promotions_form import PromotionsField, rows_of
from personalization.targeting.shelves import item_attributes
from rules.shelves import CATEGORY
from rules.types import Block

PREFIX: Final = "shelf_"
EXPLORED: Final = (
    ("0", _("none")),
    ("5", _("one in twenty")),
    ("10", _("one in ten")),
    ("20", _("one in five")),
)
Document = dict[str, Any]  # JSON


class RangeWidget(forms.NumberInput):
    input_type = "range"


def has_shelf(block: Block | None) -> bool:
    return block is not None and "x-suggestions" in block.schema


def shelf_fields(site: Site, stored: Mapping[str, Any]) -> dict[str, forms.Field]:
    """By name, filled with what is stored."""
    keep = ConditionField(
        label=_("Only items of which this is true"),
        required=False,
        initial=stored.get("keep"),
        widget=ItemConditionWidget(),
    )
    promotions = PromotionsField(
        site.zone, initial=rows_of(stored.get("promotions", ()), site.zone)
    )
    for field in (keep, promotions):
        field.widget.site = site
    return {
        f"{PREFIX}keep": keep,
        f"{PREFIX}promotions": promotions,
        f"{PREFIX}one_per": _one_per(site, stored.get("one_per") or ""),
        f"{PREFIX}diversity": forms.IntegerField(
            label=_("Variety"),
            help_text=_("Left: the best first. Right: as different from each other as there are."),
            required=False,
            min_value=0,
            max_value=100,
            initial=round(100 * stored.get("diversity", 0)),
            widget=RangeWidget({"step": 5, "class": "pz-range"}),
        ),
        f"{PREFIX}hide_bought": forms.BooleanField(
            label=_("Leave out what the visitor bought"),
            required=False,
            initial=stored.get("hide_bought", False),
        ),
        f"{PREFIX}no_repeats": forms.BooleanField(
            label=_("Leave out what another slot of the page shows already"),
            required=False,
            initial=stored.get("no_repeats", False),
        ),
        f"{PREFIX}explore": _explore(round(100 * stored.get("explore", 0))),
    }


def _one_per(site: Site, stored: str) -> forms.Field:
    names = dict.fromkeys([CATEGORY, *item_attributes(site), *([stored] if stored else [])])
    choices = [("", _("as many as there are")), *((name, name.replace("_", " ")) for name in names)]
    return forms.ChoiceField(
        label=_("One item of each"),
        required=False,
        choices=choices,
        initial=stored,
        widget=forms.Select({"class": "pz-input"}),
    )


def _explore(stored: int) -> forms.Field:
    own = [] if str(stored) in dict(EXPLORED) else [(str(stored), f"{stored} %")]
    return forms.ChoiceField(
        label=_("Places for items that are little known"),
        help_text=_("So that new items are seen, and it is learnt who likes them."),
        required=False,
        choices=[*EXPLORED, *own],
        initial=str(stored),
        widget=forms.Select({"class": "pz-input"}),
    )


def shelf_document(site: Site, cleaned: Mapping[str, Any], stored: Mapping[str, Any]) -> Document:
    """What was typed, as the verb takes it; a part that could not be read is left out."""
    typed = {name.removeprefix(PREFIX): value for name, value in cleaned.items()}
    return {
        "keep": typed.get("keep"),
        "fields": {**stored.get("fields", {}), **item_attributes(site)},
        "promotions": typed.get("promotions") or [],
        "one_per": typed.get("one_per") or None,
        "diversity": (typed.get("diversity") or 0) / 100,
        "hide_bought": bool(typed.get("hide_bought")),
        "no_repeats": bool(typed.get("no_repeats")),
        "explore": int(typed.get("explore") or 0) / 100,
    }
