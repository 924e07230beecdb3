"""The placeholders that a site's texts may hold.

In:  the site's catalogue.
Out: for each its name, a label, the group it is listed in, and what usually stands behind it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from personalization.blocks.checking import page_roots
from personalization.blocks.fields import ITEM_FIELDS
from rules.fields import BUILT_IN, Catalogue, Field

FILTERS: Final[Mapping[str, str]] = {"datetime": "date", "number": "number", "list": "join"}
SITE_LABELS: Final = {
    "currency": gettext_lazy("currency"),
    "key": gettext_lazy("the site's key"),
    "locale": gettext_lazy("language of the page"),
    "zone": gettext_lazy("time zone"),
}
ITEM_LABELS: Final = {
    "attributes": gettext_lazy("further attributes"),
    "available": gettext_lazy("is available"),
    "category": gettext_lazy("category"),
    "currency": gettext_lazy("currency"),
    "image": gettext_lazy("address of its picture"),
    "key": gettext_lazy("the item's key"),
    "price": gettext_lazy("price"),
    "reason": gettext_lazy("why it is suggested"),
    "tags": gettext_lazy("tags"),
    "text": gettext_lazy("description"),
    "title": gettext_lazy("title"),
    "url": gettext_lazy("address of its page"),
}
ITEM_FILTERS: Final = {"price": "money", "tags": "join"}
WITHOUT_TEXT: Final = frozenset({"attributes", "available"})  # nothing that reads as a text


@dataclass(frozen=True, slots=True)
class Placeholder:
    """As in `visitor.first_name`. `is_uncertain`: unknown of most, so it needs a fallback."""

    name: str
    label: str
    group: str
    filter: str = ""
    is_uncertain: bool = False

    @property
    def source(self) -> str:
        """As it stands in a text, without a fallback."""
        return f"{{{{ {self.name}{f' | {self.filter}' if self.filter else ''} }}}}"


def placeholders(catalogue: Catalogue) -> Iterator[Placeholder]:
    """What every text may name: visitor (the site's own traits first), page view, site."""
    roots = page_roots(catalogue)
    own_first = sorted(catalogue.fields.values(), key=lambda field: field.name in BUILT_IN.fields)
    for root in ("visitor", "context"):
        for field in own_first:
            if field.name in roots[root]:
                yield _of_field(root, field)
    for name, label in SITE_LABELS.items():
        yield Placeholder(f"site.{name}", str(label), _("Site"))


def item_placeholders() -> Iterator[Placeholder]:
    """What a text may name besides that is filled once for every item."""
    for name in sorted(ITEM_FIELDS - WITHOUT_TEXT):
        label = str(ITEM_LABELS[name])
        yield Placeholder(f"item.{name}", label, _("Item"), ITEM_FILTERS.get(name, ""))


def _of_field(root: str, field: Field) -> Placeholder:
    default = gettext_noop("Visitor") if root == "visitor" else gettext_noop("Page view")
    return Placeholder(
        name=f"{root}.{field.name}",
        label=_(field.title),
        group=_(field.group or default),
        filter=FILTERS.get(field.type, ""),
        is_uncertain=root == "visitor",
    )
