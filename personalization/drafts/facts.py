"""What a brief may tell a model of an item: fields of the catalogue that a marketer chose.

In:  an item, names of fields. Out: name -> plain value; what the item does not have is left out.
"""

from collections.abc import Iterable
from typing import Any, Final

from personalization.catalog.items import amount
from personalization.catalog.models import Item
from personalization.govern.models import Site
from personalization.targeting.shelves import item_attributes

OURS: Final = ("title", "category", "price", "tags", "text", "url", "image")


def known_facts(site: Site) -> tuple[str, ...]:
    """The fields of every item, then the attributes that items of this site have."""
    return (*OURS, *(name for name in item_attributes(site) if name not in OURS))


def facts_of(item: Item, names: Iterable[str]) -> dict[str, Any]:  # JSON
    """A price comes in major units, with its currency beside it."""
    told: dict[str, Any] = {}
    for name in names:
        if name == "price":
            told["price"] = amount(item.price, item.currency)
            told["currency"] = item.currency if item.price is not None else ""
        elif name == "tags":
            told["tags"] = list(item.tags)
        elif name in OURS:
            told[name] = getattr(item, name)
        else:
            told[name] = item.attributes.get(name)
    return {name: value for name, value in told.items() if value not in (None, "", [])}
