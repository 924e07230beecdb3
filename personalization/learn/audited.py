"""What a site may have its models audited by: attributes of visitors, and of items.

A personal trait is not among them, nor a trait of many values; a visitor's own counters are.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from personalization.catalog.models import Item
from personalization.exceptions import NotFound
from personalization.govern.models import Site
from rules.fields import BUILT_IN, Catalogue, Field

COUNTERS: Final = ("visits", "frequency", "monetary")  # columns of a visitor's row
KINDS: Final = frozenset({"string", "boolean", "number"})
CATEGORY: Final = "category"
LOOKED_AT: Final = 500  # items


def offered(site: Site) -> Mapping[str, Field]:
    """Attributes of visitors by name, declared traits first."""
    declared = Catalogue().extended(site.traits_schema).fields
    traits = {
        name: each for name, each in declared.items() if each.type in KINDS and not each.personal
    }
    return {**traits, **{name: BUILT_IN.fields[name] for name in COUNTERS}}


def title_of(name: str, attribute: Field) -> str:
    """A counter of ours in the reader's language; a trait as its site calls it."""
    return _(attribute.title) if name in COUNTERS else attribute.title


def find(site: Site, name: str) -> Field:
    """The attribute of this name, or a refusal that names those there are."""
    known = offered(site)
    if name not in known:
        said = {"name": name, "known": ", ".join(known)}
        raise NotFound(_("There is no attribute “%(name)s”. Attributes are: %(known)s.") % said)
    return known[name]


def offered_of_items(site: Site) -> list[str]:
    """The category, and attributes of the items that are plain words or numbers."""
    names: set[str] = set()
    rows = Item.objects.filter(site=site).order_by("-pk").values_list("attributes", flat=True)
    for attributes in rows[:LOOKED_AT]:
        names |= {name for name, value in attributes.items() if isinstance(value, str | int)}
    return [CATEGORY, *sorted(names - {CATEGORY})]
