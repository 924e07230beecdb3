"""The form field of promotions: rows by which an editor pins, boosts, buries or excludes items.

In:  promotions as they are stored, or what a form sent: fields `promotion-<n>-…`, and `promotion`
     once for each row, in order. Times are those of the site's clock.
Out: the list that `rules.shelf_codec` takes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from django import forms
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from personalization.catalog.models import Item
from personalization.govern.models import Site
from rules.shelf_codec import LAST_PLACE, LONGEST, MOST_PROMOTIONS, OF
from rules.shelves import BOOST, BURY, EXCLUDE, PIN

NEW: Final = "__n__"
DOES: Final = {
    PIN: _("Pin to a place"),
    BOOST: _("Further to the front"),
    BURY: _("Further back"),
    EXCLUDE: _("Never show"),
}
ABOUTS: Final = {"item": _("the item"), "category": _("the category"), "tag": _("the tag")}
STRENGTHS: Final = {"0.25": _("a little"), "0.5": _("clearly"), "1": _("all the way")}
MINUTE: Final = "%Y-%m-%dT%H:%M"  # as a browser sends it
PARTS: Final = ("do", "of", "value", "place", "strength", "start", "end")


@dataclass(frozen=True, slots=True)
class PromotionRow:
    """As typed. `title`: of the item that is named."""

    number: str
    do: str = PIN
    of: str = "item"
    value: str = ""
    place: str = "1"
    strength: str = "0.5"
    start: str = ""
    end: str = ""
    title: str = ""


def rows_of(promotions: Iterable[Mapping[str, Any]], zone: str) -> list[PromotionRow]:
    """Promotions as they are stored."""
    return [
        PromotionRow(
            str(number),
            each["do"],
            next(of for of in OF if of in each),
            next(each[of] for of in OF if of in each),
            str(each.get("place", 1)),
            f"{each.get('strength', 0.5):g}",
            _local(each.get("start"), zone),
            _local(each.get("end"), zone),
        )
        for number, each in enumerate(promotions)
    ]


def _local(text: str | None, zone: str) -> str:
    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).strftime(MINUTE)


class PromotionsWidget(forms.Widget):
    """Its rows keep what was typed, also what cannot be saved."""

    template_name = "studio/promotions.html"

    class Media:
        css: ClassVar = {"all": ["personalization/rows.css"]}
        js: ClassVar = [
            Script("personalization/rows.js", defer=True),
            Script("personalization/promotions.js", defer=True),
        ]

    site: Site | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[PromotionRow]:
        numbers = [each for each in data.getlist("promotion") if each.isdecimal()]
        return [
            PromotionRow(
                number,
                *(str(data.get(f"promotion-{number}-{part}", "")).strip() for part in PARTS),
            )
            for number in numbers
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # no row is an answer too

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = list(_with_titles(value or (), self.site))
        context = {
            "rows": rows,
            "new": PromotionRow(NEW),
            "does": DOES.items(),
            "abouts": ABOUTS.items(),
            "strengths": STRENGTHS.items(),
            "known_strengths": list(STRENGTHS),
            "most": MOST_PROMOTIONS,
            "last_place": LAST_PLACE,
            "longest": LONGEST,
            "values": reverse("admin:personalization_content_item_values"),
            "site": self.site,
        }
        return render_to_string(self.template_name, context)


def _with_titles(rows: Iterable[PromotionRow], site: Site | None) -> Iterator[dict[str, str]]:
    keys = [row.value for row in rows if row.of == "item"]
    found = Item.objects.filter(site=site, key__in=keys).values_list("key", "title")
    titles = dict(found)
    for row in rows:
        shown = {part: getattr(row, part) for part in ("number", *PARTS)}
        yield {**shown, "title": titles.get(row.value, "") if row.of == "item" else ""}


class PromotionsField(forms.Field):
    widget = PromotionsWidget

    def __init__(self, zone: str, **kwargs: Any) -> None:
        super().__init__(label=_("By hand"), required=False, **kwargs)
        self.zone = ZoneInfo(zone)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])

    def to_python(self, value: Any) -> list[dict[str, Any]]:  # rows, as sent
        return [self._promotion(row) for row in value]

    def _promotion(self, row: PromotionRow) -> dict[str, Any]:
        """A row that names nothing is refused here; the rest is told by the verb."""
        if not row.value:
            raise forms.ValidationError(_t("Say what it is about: an item, a category or a tag."))
        of = "item" if row.do == PIN else row.of
        found: dict[str, Any] = {"do": row.do, of: row.value}
        if row.do == PIN:
            found["place"] = _number(row.place, int)
        if row.do in (BOOST, BURY):
            found["strength"] = _number(row.strength, float)
        for name, text in (("start", row.start), ("end", row.end)):
            if text:
                found[name] = self._moment(text)
        return found

    def _moment(self, text: str) -> str:
        try:
            return datetime.strptime(text[:16], MINUTE).replace(tzinfo=self.zone).isoformat()
        except ValueError:
            said = _t("“%s” is no date and time.") % text
            raise forms.ValidationError(said) from None


def _number(text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise forms.ValidationError(_t("“%s” is no number.") % text) from None
