"""What a site's carousels can ask of its items, and a shelf told in words."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from personalization.catalog.models import Item
from personalization.govern.models import Site
from rules import describe
from rules.items import FIELDS
from rules.shelf_codec import read_shelf
from rules.shelves import BOOST, BURY, EXCLUDE, PIN
from rules.types import Promotion, Shelf

SAMPLED: Final = 500  # items whose attributes are looked at
KIND_OF: Final = {str: "string", int: "number", float: "number", bool: "boolean"}


def item_attributes(site: Site) -> dict[str, str]:
    """Attributes that items of a site have, each of one kind: {"brand": "string"}."""
    found: dict[str, Counter[str]] = {}
    rows = Item.objects.filter(site=site).order_by("-updated_at")
    for attributes in rows.values_list("attributes", flat=True)[:SAMPLED]:
        for name, value in attributes.items():
            kind = KIND_OF.get(type(value))
            if kind and name.isidentifier() and len(name) <= 64 and name not in FIELDS:
                found.setdefault(name, Counter())[kind] += 1
    return {name: kinds.most_common(1)[0][0] for name, kinds in sorted(found.items())}


def shelf_in_words(document: Any, zone: str) -> str:  # JSON
    """Each thing that is asked on a line of its own; "" for a plain shelf."""
    return "\n".join(_lines(read_shelf(document), ZoneInfo(zone)))


def _lines(shelf: Shelf, zone: ZoneInfo) -> Iterator[str]:
    if shelf.keep is not None:
        yield _("Only items of which this is true: %s") % describe(shelf.keep, None, _)
    for each in shelf.promotions:
        yield promotion_in_words(each, zone)
    if shelf.one_per:
        yield _("One item of each %s") % _(shelf.one_per.replace("_", " "))
    if shelf.diversity:
        yield _("Variety: %d %%") % round(shelf.diversity * 100)
    if shelf.hide_bought:
        yield _("Without what the visitor bought")
    if shelf.no_repeats:
        yield _("Without what another slot of the page shows")
    if shelf.explore:
        yield _("%d %% of the places for little known items") % round(shelf.explore * 100)


def promotion_in_words(each: Promotion, zone: ZoneInfo) -> str:
    about = about_in_words(each)
    said = {
        PIN: _("%(about)s stands at place %(place)d"),
        BOOST: _("%(about)s: further to the front (%(strength)d %%)"),
        BURY: _("%(about)s: further back (%(strength)d %%)"),
        EXCLUDE: _("%(about)s: never shown"),
    }
    strength = round(each.strength * 100)
    sentence = said[each.do] % {"about": about, "place": each.place, "strength": strength}
    window = each.window
    if window.start is not None:
        at = date_format(window.start.astimezone(zone), "SHORT_DATETIME_FORMAT")
        sentence += " " + _("from %s") % at
    if window.end is not None:
        at = date_format(window.end.astimezone(zone), "SHORT_DATETIME_FORMAT")
        sentence += " " + _("until %s") % at
    return sentence


def about_in_words(each: Promotion) -> str:
    said = {"item": _("Item “%s”"), "category": _("Category “%s”"), "tag": _("Tag “%s”")}
    return said[each.of] % each.value
