"""The parts of a brief that must fit the site: block, items, facts, languages, limits."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization import clock
from personalization.catalog.items import read_item
from personalization.catalog.models import Item
from personalization.drafts.facts import known_facts
from personalization.drafts.models import Brief
from personalization.govern.models import Site
from personalization.targeting.blocks import block_names, find_block
from personalization.targeting.reading import Document, dotted
from personalization.targeting.shelves import item_attributes
from rules import Invalid, compile, parse
from rules.conditions import Condition
from rules.items import item_catalogue, item_facts
from rules.types import Block

LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
MOST_LOCALES: Final = 12
MOST_ITEMS: Final = 1000
LONGEST: Final = 20_000  # characters of a limit
SHOWN: Final = 5  # unknown keys that a refusal names


def checked_block(site: Site, reading: Document, kind: str) -> Block | None:
    name = reading.key("block")
    block = find_block(site, name) if name else None
    if name and block is None:
        known = ", ".join(block_names(site))
        detail = _("There is no block “%(name)s”. Blocks are: %(known)s.")
        reading.refuse("block", "unknown_reference", detail % {"name": name, "known": known})
    if block is not None and kind == Brief.IMAGE and not _has_picture(block):
        reading.refuse("block", "no_picture", _("This block shows no picture; choose another one."))
    return block


def checked_locales(reading: Document) -> list[str]:
    given = reading.sequence("locales")
    if not 1 <= len(given) <= MOST_LOCALES:
        reading.refuse("locales", "locales", _("Name from 1 to %d languages.") % MOST_LOCALES)
    found: dict[str, None] = {}
    for place, locale in enumerate(given):
        if isinstance(locale, str) and LOCALE.fullmatch(locale):
            found[locale] = None
        else:
            detail = _("Write languages as in “en” or “de-CH”.")
            reading.refuse(f"locales[{place}]", "locale", detail)
    return list(found)


def checked_facts(site: Site, reading: Document) -> list[str]:
    known = known_facts(site)
    found: dict[str, None] = {}
    for place, name in enumerate(reading.sequence("facts", required=False)):
        if name in known:
            found[name] = None
        else:
            detail = _("Items have no field “%(name)s”. They have: %(known)s.")
            said = {"name": str(name)[:100], "known": ", ".join(known)}
            reading.refuse(f"facts[{place}]", "unknown_reference", detail % said)
    return list(found)


def checked_items(site: Site, reading: Document) -> list[str]:
    """Keys, each once: as named, or every available item that fits `where`."""
    named = reading.sequence("items", required=False)
    where = reading.mapping("where", required=False)
    if named and where:
        reading.refuse("where", "both", _("Either name the items or say which ones fit."))
        return []
    keys = _fitting(site, reading, where) if where else _named(site, reading, named)
    if len(keys) > MOST_ITEMS:
        detail = _("%(count)d items; a brief takes up to %(most)d. Narrow it down.")
        reading.refuse("items", "too_many", detail % {"count": len(keys), "most": MOST_ITEMS})
    return keys


def checked_limits(block: Block | None, reading: Document) -> dict[str, int]:
    """Field of the block -> characters, at most what the block itself allows."""
    limits = reading.mapping("limits", required=False)
    offered = _text_fields(block) if block else {}
    for name, limit in limits.items():
        if block is not None and name not in offered:
            detail = _("This block has no text “%(name)s”. Its texts: %(known)s.")
            said = {"name": name, "known": ", ".join(offered)}
            reading.refuse(f"limits.{name}", "unknown_reference", detail % said)
        elif isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            reading.refuse(f"limits.{name}", "integer", _("Send a whole number from %d.") % 1)
        elif limit > offered.get(name, limit):
            detail = _("The block takes at most %d characters there.") % offered[name]
            reading.refuse(f"limits.{name}", "too_long", detail)
    return limits


def _named(site: Site, reading: Document, named: list[Any]) -> list[str]:
    keys = list(dict.fromkeys(each for each in named if isinstance(each, str)))
    if len(keys) < len(named):
        reading.refuse("items", "type", _("Name each item once, by its key."))
    there = set(Item.objects.filter(site=site, key__in=keys).values_list("key", flat=True))
    unknown = [key for key in keys if key not in there]
    if unknown:
        detail = _("These items are not in the catalogue: %s.") % ", ".join(unknown[:SHOWN])
        reading.refuse("items", "unknown_reference", detail)
    return keys


def _fitting(site: Site, reading: Document, where: Mapping[str, Any]) -> list[str]:
    """`{"category": "boots"}`, `{"condition": {…}}` over the fields of items, or both."""
    rows = Item.objects.filter(site=site, is_available=True).order_by("key")
    for unknown in sorted(set(where) - {"category", "condition"}):
        detail = _("Say a category or a condition.")
        reading.refuse(f"where.{unknown}", "unknown", detail)
    if where.get("category"):
        rows = rows.filter(category=where["category"])
    condition = _condition(site, reading, where.get("condition"))
    if condition is None:
        keys = list(rows.values_list("key", flat=True))
    else:
        matcher, now = compile({"fits": condition}), clock.now()
        keys = [row.key for row in rows.iterator() if matcher(item_facts(read_item(row)), now)]
    if not keys:
        reading.refuse("where", "nothing", _("No available item fits. Say it otherwise."))
    return keys


def _condition(site: Site, reading: Document, tree: object) -> Condition | None:
    if tree is None:
        return None
    try:
        return parse(tree, item_catalogue(item_attributes(site)))
    except Invalid as invalid:
        path = dotted(f"where/condition/{invalid.path}")
        reading.refuse(path, "condition", invalid.said(_))
        return None


def _text_fields(block: Block) -> dict[str, int]:
    """Texts that visitors read, with their longest."""
    properties: Mapping[str, Mapping[str, Any]] = block.schema.get("properties", {})
    return {
        name: int(rules.get("maxLength", LONGEST))
        for name, rules in properties.items()
        if rules.get("type") == "string"
        and "enum" not in rules
        and rules.get("format", "html") == "html"
    }


def _has_picture(block: Block) -> bool:
    properties = block.schema.get("properties", {})
    return any(rules.get("format") == "image" for rules in properties.values())
