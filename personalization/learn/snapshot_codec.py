"""A learned snapshot to bytes and back.

In:  the items of a catalogue, what is popular and trending, and which model ranks.
Out: one JSON document; `Contents` again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from personalization.catalog.models import Item as ItemRow
from rules.types import Item, Scored

FORMAT = 1


@dataclass(frozen=True, slots=True)
class ModelFile:
    """Which model ranks: what people call it, and its arrays, relative to DATA_DIR."""

    name: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    items: Mapping[str, Item]
    popular: tuple[Scored, ...]
    trending: tuple[Scored, ...]
    model: ModelFile | None


def encode(contents: Contents) -> bytes:
    return orjson.dumps(
        {
            "format": FORMAT,
            "items": [_item_document(item) for item in contents.items.values()],
            "popular": [[one.item, one.score] for one in contents.popular],
            "trending": [[one.item, one.score] for one in contents.trending],
            "model": None if contents.model is None else asdict(contents.model),
        }
    )


def decode(content: bytes) -> Contents:
    document = orjson.loads(content)
    items = (_item(found) for found in document["items"])
    return Contents(
        {item.key: item for item in items},
        _scored(document["popular"]),
        _scored(document["trending"]),
        None if document["model"] is None else ModelFile(**document["model"]),
    )


def read_item(row: ItemRow) -> Item:
    """A row of the catalogue as pages see it."""
    return Item(
        key=row.key,
        title=row.title,
        url=row.url,
        image=row.image,
        category=row.category,
        price=row.price,
        currency=row.currency,
        tags=tuple(row.tags),
        text=row.text,
        available=row.is_available,
        attributes=row.attributes,
    )


def _item_document(item: Item) -> dict[str, Any]:  # JSON values
    return {
        "key": item.key,
        "title": item.title,
        "url": item.url,
        "image": item.image,
        "category": item.category,
        "price": item.price,
        "currency": item.currency,
        "tags": item.tags,
        "text": item.text,
        "available": item.available,
        "attributes": dict(item.attributes),
    }


def _item(document: dict[str, Any]) -> Item:  # JSON values
    return Item(**{**document, "tags": tuple(document["tags"])})


def _scored(pairs: Iterable[tuple[str, float]]) -> tuple[Scored, ...]:
    return tuple(Scored(item, score) for item, score in pairs)
