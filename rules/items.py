"""The fields of an item that a carousel's filter can ask: ours, and the site's own attributes.

In:  the types of the attributes, by name.
Out: a `Catalogue`; an item's facts under its names.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from rules.fields import Catalogue, Field
from rules.invalid import Invalid
from rules.types import Item
from rules.words import _

GROUP: Final = _("Item")
ATTRIBUTES: Final = _("Attributes")
KINDS: Final = ("string", "number", "boolean")  # of attributes
_BUILT_IN: Final = (
    Field("category", "string", label=_("category"), group=GROUP),
    Field("price", "number", label=_("price"), group=GROUP),
    Field("tags", "list", label=_("tags"), group=GROUP, of="string"),
    Field("item", "string", label=_("item"), group=GROUP),
    Field("title", "string", label=_("title"), group=GROUP),
)
FIELDS: Final = frozenset(each.name for each in _BUILT_IN)


def item_catalogue(attributes: Mapping[str, str]) -> Catalogue:
    """Attributes by the kind of their values; a built-in name hides an attribute of that name."""
    for name, kind in attributes.items():
        if not name.isidentifier() or len(name) > 64 or kind not in KINDS:
            raise Invalid(
                name, _("An attribute has a name and one of %(names)s."), names=", ".join(KINDS)
            )
    ours = {each.name: each for each in _BUILT_IN}
    own = {name: Field(name, kind, group=ATTRIBUTES) for name, kind in sorted(attributes.items())}
    return Catalogue(MappingProxyType({**ours, **own, **ours}))


def item_facts(item: Item) -> dict[str, Any]:
    """What is not there is unknown, as everywhere: no price, no category."""
    facts = {
        **item.attributes,
        "item": item.key,
        "title": item.title,
        "category": item.category or None,
        "price": item.amount,
        "tags": item.tags,
    }
    return {name: value for name, value in facts.items() if value is not None}
