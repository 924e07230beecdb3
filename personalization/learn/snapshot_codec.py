"""A learned snapshot to bytes and back.

In:  the items of a catalogue, what is popular and trending, and which model ranks.
Out: one JSON document; `Contents` again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from personalization.catalog.items import amount
from rules.types import Item, Scored

FORMAT = 2  # format 1 knew no dates of items, and not of which least is known


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
    arrived: tuple[Scored, ...] = ()
    restocked: tuple[Scored, ...] = ()
    unknown: tuple[str, ...] = ()
    placed: str | None = None  # the SHA-256 of the newcomers' places, in a file beside


def encode(contents: Contents) -> bytes:
    return orjson.dumps(
        {
            "format": FORMAT,
            "items": [_item_document(item) for item in contents.items.values()],
            "popular": [[one.item, one.score] for one in contents.popular],
            "trending": [[one.item, one.score] for one in contents.trending],
            "model": None if contents.model is None else asdict(contents.model),
            "arrived": [[one.item, one.score] for one in contents.arrived],
            "restocked": [[one.item, one.score] for one in contents.restocked],
            "unknown": contents.unknown,
            "placed": contents.placed,
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
        _scored(document.get("arrived", ())),
        _scored(document.get("restocked", ())),
        tuple(document.get("unknown", ())),
        document.get("placed"),
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
    major = amount(document["price"], document["currency"])
    return Item(**{**document, "tags": tuple(document["tags"]), "amount": major})


def _scored(pairs: Iterable[tuple[str, float]]) -> tuple[Scored, ...]:
    return tuple(Scored(item, score) for item, score in pairs)
