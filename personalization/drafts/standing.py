"""What stands in a draft before a model writes a word.

In:  a block, the slot that the brief is for, the item that it is about, a language.
Out: addresses, pictures and choices: as the slot's default content has them, the item's own first.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from personalization.blocks.advice import alternative_of
from personalization.catalog.models import Item
from personalization.drafts.shape import picture_fields, written_schema
from personalization.govern.models import Site
from personalization.targeting.models import Slot
from rules.types import Block

Fields = dict[str, Any]  # JSON


def standing_fields(
    site: Site, block: Block, *, slot: str, item: Item | None, locale: str, is_picture: bool = False
) -> Fields:
    """`is_picture`: a picture is drawn, and the words stay as they are."""
    found = {**_of_default(site, block, slot, locale), **dict(_of_item(block, item))}
    if is_picture:
        return found
    words = written_schema(block, found)["properties"]
    return {name: value for name, value in found.items() if name not in words}


def _of_default(site: Site, block: Block, slot: str, locale: str) -> Fields:
    """Of a default in another block, nothing fits."""
    row = Slot.objects.filter(site=site, key=slot).select_related("default").first()
    if row is None or row.default is None or row.default.block != block.name:
        return {}
    return _in_language(row.default.fields, locale, site.locale)


def _in_language(fields: Mapping[str, Fields], locale: str, usual: str) -> Fields:
    for name in (locale, locale.split("-", maxsplit=1)[0], usual):
        if name in fields:
            return dict(fields[name])
    return dict(next(iter(fields.values()), {}))


def _of_item(block: Block, item: Item | None) -> Iterator[tuple[str, str]]:
    """The item's page behind the first link, its picture in the first frame, named by its title."""
    if item is None:
        return
    if item.url:
        properties = block.schema.get("properties", {})
        links = (name for name, rules in properties.items() if _is_link(name, rules))
        yield from ((name, item.url) for name in list(links)[:1])
    if item.image:
        for name in picture_fields(block.schema)[:1]:
            yield name, item.image
            words = alternative_of(name, block.schema)
            if words is not None:
                yield words, item.title


def _is_link(name: str, rules: Mapping[str, Any]) -> bool:
    return rules.get("format") == "uri-reference" and name.endswith("url")
