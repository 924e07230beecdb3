"""Suggested items as templates see them: plain values, nothing with behaviour."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from personalization.blocks.cleaning import readable
from personalization.blocks.fields import Fill
from personalization.blocks.filters import Price
from personalization.blocks.urls import safe_url
from rules.types import Item, Learned, Suggestion

Shown = dict[str, Any]  # values for a template


def shown_items(
    suggestions: Sequence[Suggestion],
    learned: Learned,
    each: Mapping[str, Fill],
    names: Mapping[str, Any],
) -> list[Shown]:
    """`each`: texts that are filled once for every item, as `item.content.<name>`."""
    kept: dict[str, Shown] = learned.memory.setdefault("shown_items", {})
    found = []
    for suggestion in suggestions:
        item = {**_kept(kept, suggestion.item), "reason": suggestion.reason}
        if each:
            inside = {**names, "item": item}
            item["content"] = {name: fill(inside) for name, fill in each.items()}
        found.append(item)
    return found


def _kept(kept: dict[str, Shown], item: Item) -> Shown:
    shown = kept.get(item.key)
    if shown is None:
        shown = kept[item.key] = shown_item(item)
    return shown


def shown_item(item: Item) -> Shown:
    text: Callable[[str], str] = readable
    return {
        "key": text(item.key),
        "title": text(item.title),
        "url": safe_url(item.url),
        "image": safe_url(item.image),
        "category": text(item.category),
        "price": None if item.price is None else Price(item.price, item.currency),
        "currency": text(item.currency),
        "tags": [text(tag) for tag in item.tags],
        "text": text(item.text),
        "available": item.available,
        "attributes": dict(item.attributes),
    }
