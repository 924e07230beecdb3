"""What can stand in a blank of a condition: values that the site itself knows.

Only the catalogue of items is searched. Values of traits are what visitors are, and are not listed.
"""

from collections import Counter
from itertools import islice
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from personalization.catalog.models import Item
from personalization.collect.checking import BUILT_IN_TYPES
from personalization.govern.models import Site

AT_MOST: Final = 20
CATEGORIES: Final = frozenset({"events.category", "affinity.category", "favourite_category"})
ITEMS: Final = frozenset({"events.item"})
SUGGESTED: Final = CATEGORIES | ITEMS
SAMPLED: Final = 2000  # items whose tags and attributes are looked through
KINDS: Final = "events.type"
Known = list[tuple[str, str]]  # value, label

_SAID: Final = {
    "view": _("view"),
    "click": _("click"),
    "add_to_cart": _("put into the cart"),
    "purchase": _("purchase"),
    "exposure": _("content shown"),
    "conversion": _("goal reached"),
}


def known_values(site: Site, field: str, typed: str) -> Known:
    """At most twenty values of a field that fit what was typed; none where we know of none."""
    if field in CATEGORIES:
        return _categories(site, typed)
    if field in ITEMS:
        return _items(site, typed)
    return []


def item_values(site: Site, field: str, typed: str) -> Known:
    """Likewise of a field of items: their own, a category, a tag or an attribute."""
    if field == "category":
        return _categories(site, typed)
    if field == "item":
        return _items(site, typed)
    column = {"title": "title", "tags": "tags", "tag": "tags"}.get(field, "attributes")
    rows = Item.objects.filter(site=site).order_by("-updated_at").values_list(column, flat=True)
    known = Counter(text for row in rows[:SAMPLED] for text in _texts(row, field))
    found = (text for text, _times in known.most_common() if typed.casefold() in text.casefold())
    return [(text, text) for text in islice(found, AT_MOST)]


def _texts(row: Any, field: str) -> list[str]:  # a title, a list of tags, or attributes by name
    if isinstance(row, dict):
        row = row.get(field)
    found = row if isinstance(row, list) else [row]
    return [each for each in found if isinstance(each, str)]


def event_kinds(site: Site) -> Known:
    """What a visitor can have done here: ours in words, then the site's own."""
    own = [(kind, kind) for kind in site.event_types if kind not in BUILT_IN_TYPES]
    return [(kind, str(said)) for kind, said in _SAID.items()] + own


def _categories(site: Site, typed: str) -> Known:
    rows = Item.objects.filter(site=site, category__icontains=typed).exclude(category="")
    names = rows.order_by("category").values_list("category", flat=True).distinct()
    return [(name, name) for name in names[:AT_MOST]]


def _items(site: Site, typed: str) -> Known:
    fits = Q(title__icontains=typed) | Q(key__icontains=typed)
    rows = Item.objects.filter(fits, site=site).order_by("title", "key")
    return list(rows.values_list("key", "title")[:AT_MOST])
