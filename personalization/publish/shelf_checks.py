"""Carousels that ask for what is not there: items that are gone, filters that nothing fits."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from personalization.catalog.items import read_item
from personalization.catalog.models import Item
from personalization.govern.models import Site
from personalization.publish.findings import Finding, warn
from rules import compile
from rules.items import item_facts
from rules.types import PLAIN, Promotion, Release, Shelf

MOST = 20_000  # items of which a filter is tried


def check_shelves(site: Site, release: Release, now: datetime) -> Iterator[Finding]:
    shelves = {
        key: content.suggestions.shelf
        for key, content in release.contents.items()
        if content.suggestions is not None and content.suggestions.shelf != PLAIN
    }
    if shelves:
        yield from _promotions(site, shelves, now)
        yield from _filters(site, shelves, now)


def _promotions(site: Site, shelves: Mapping[str, Shelf], now: datetime) -> Iterator[Finding]:
    named = {each.value for shelf in shelves.values() for each in _of_items(shelf)}
    rows = Item.objects.filter(site=site, key__in=named, is_available=True)
    shown = set(rows.values_list("key", flat=True))
    for key, shelf in shelves.items():
        where = f"content.{key}.shelf"
        for each in _of_items(shelf):
            if each.do != "exclude" and each.value not in shown:
                sentence = _("The item “%s” is sold out or gone, so nothing is shown of it.")
                yield warn("promoted_item_gone", where, sentence % each.value)
        for each in shelf.promotions:
            if each.window.end is not None and each.window.end <= now:
                sentence = _("The time of what is done with “%s” is over. Take it out.")
                yield warn("promotion_over", where, sentence % each.value)


def _of_items(shelf: Shelf) -> list[Promotion]:
    return [each for each in shelf.promotions if each.of == "item"]


def _filters(site: Site, shelves: Mapping[str, Shelf], now: datetime) -> Iterator[Finding]:
    kept = {key: shelf.keep for key, shelf in shelves.items() if shelf.keep is not None}
    if not kept:
        return
    matcher, fitting = compile(kept), set[str]()
    rows = Item.objects.filter(site=site, is_available=True)[:MOST]
    for row in rows.iterator():
        fitting |= matcher(item_facts(read_item(row)), now)
        if len(fitting) == len(kept):
            return
    for key in sorted(kept.keys() - fitting):
        sentence = _("No item fits its filter, so it falls back to what stands behind it.")
        yield warn("filter_without_items", f"content.{key}.shelf", sentence)
