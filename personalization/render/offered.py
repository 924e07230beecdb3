"""The placeholders that an editor may choose from, each with an example.

In:  a site's catalogue and settings, what it has learnt, the language, an instant.
Out: placeholders with what they would show of an invented visitor or item.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from personalization.blocks.limits import TooMuch
from personalization.blocks.placeholders import Placeholder, item_placeholders, placeholders
from personalization.blocks.sandbox import Compiled
from personalization.render.items import shown_item
from personalization.render.personas import sample_value, somebody_known
from rules.fields import Catalogue
from rules.types import Learned, Settings


@dataclass(frozen=True, slots=True)
class Offered:
    """`for_items`: only in a text that is filled once for every item."""

    placeholder: Placeholder
    example: str
    for_items: bool = False


def offered(
    catalogue: Catalogue, settings: Settings, learned: Learned, locale: str, now: datetime
) -> Iterator[Offered]:
    names = _names(catalogue, settings, learned, locale, now)
    for each in item_placeholders():
        yield Offered(each, _example(each, names), for_items=True)
    for each in placeholders(catalogue):
        yield Offered(each, _example(each, names))


def _example(placeholder: Placeholder, names: dict[str, Any]) -> str:
    try:
        return str(Compiled(placeholder.source, guarded=True, html=False).render(names)).strip()
    except TooMuch:
        return ""


def _names(
    catalogue: Catalogue, settings: Settings, learned: Learned, locale: str, now: datetime
) -> dict[str, Any]:
    visitor = somebody_known(catalogue, learned, now).visitor
    page = {
        name: sample_value(field, now)
        for name, field in catalogue.fields.items()
        if not field.purposes and not field.personal
    }
    page |= {"url": "https://…/sale?utm_source=mail", "path": "/sale", "locale": locale}
    page |= {"hour": now.hour, "weekday": now.isoweekday()}
    item = next(iter(learned.items.values()), None)
    return {
        "visitor": {**visitor.facts, **visitor.personal},
        "context": page,
        "site": {
            "key": "shop",
            "locale": locale,
            "currency": settings.currency,
            "zone": settings.zone,
        },
        "item": {**shown_item(item), "reason": "popular"} if item else {},
    }
