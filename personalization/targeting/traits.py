"""The traits that a site declares: `PUT traits-schema`, in the form of the field catalogue."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.blocks.checking import check_fields
from personalization.exceptions import Conflict, Malformed
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.govern.sites import touch
from personalization.profiles.traits import forget
from personalization.targeting.blocks import find_block
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Content, Rule, Segment
from personalization.targeting.places import place_declared
from personalization.targeting.reading import Document, malformed
from rules.conditions import parse
from rules.fields import BUILT_IN, Catalogue
from rules.invalid import Invalid
from rules.purposes import Purpose

MOST_TRAITS = 200
OF_THEIR_OWN = ("group", "Traits")  # where the editor shows them unless they say otherwise
Schema = dict[str, Any]  # name -> description, as Catalogue.from_dict reads it


@transaction.atomic
def save_traits_schema(site: Site, document: object, *, by: str) -> Schema:
    """Declare the site's traits; values of traits that went or changed their type are forgotten.

    Every trait needs the purpose personalization, named or not.
    """
    schema = _read(document)
    site.refresh_from_db(fields=["traits_schema", "places"])
    before = site_catalogue(site)
    site.traits_schema, old = schema, site.traits_schema
    try:
        _refuse_breaking(site, before, site_catalogue(site))
    except Conflict:
        site.traits_schema = old
        raise
    if schema != old:
        _declare(site, old, schema, by=by)
    return schema


def _declare(site: Site, old: Schema, new: Schema, *, by: str) -> None:
    """Visitors are locked before the site, as their choices do."""
    outdated = sorted(_outdated(old, new))
    if outdated:
        forget(site, outdated)
    Site.objects.filter(pk=site.pk).update(traits_schema=new)
    place_declared(site, {name for name in new if name in old and name not in outdated})
    touch(site)
    pairs = {name: [old.get(name), new.get(name)] for name in sorted({*old, *new})}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    audit.record(site=site, actor=by, action="traits.declared", changes=changes)


def _read(document: object) -> Schema:
    reading = Document({"traits": document})
    declared = reading.mapping("traits")
    reading.finish()
    if len(declared) > MOST_TRAITS:
        raise malformed("", "too_many", _("Declare at most %d traits.") % MOST_TRAITS)
    declared = {name: each for name, each in declared.items() if not _restates_ours(name, each)}
    try:
        read = BUILT_IN.extended(declared).to_dict()
    except Invalid as invalid:
        path = invalid.path.replace("/", ".")
        raise malformed(path, "traits", invalid.said(_)) from invalid
    return {name: _for_personalization(read[name]) for name in declared}


def _restates_ours(name: str, each: object) -> bool:
    """A field of ours, named again with its own type and purpose, declares nothing new."""
    ours = BUILT_IN.to_dict().get(name)
    return (
        ours is not None
        and isinstance(each, Mapping)
        and each.get("type") == ours["type"]
        and each.get("purpose") == ours["purpose"]
    )


def _for_personalization(each: Schema) -> Schema:
    named = each["purpose"]
    purposes = {named} if isinstance(named, str) else set(named or ())
    purposes.add(Purpose.PERSONALIZATION.value)
    purpose = sorted(purposes) if len(purposes) > 1 else Purpose.PERSONALIZATION.value
    said = {part: value for part, value in each.items() if (part, value) != OF_THEIR_OWN}
    return {**said, "purpose": purpose}


def _outdated(old: Schema, new: Schema) -> Iterator[str]:
    """Traits whose stored values no longer are what the declaration says."""
    for name, each in old.items():
        if _kind(each) != _kind(new.get(name, {})):
            yield name


def _kind(each: Schema) -> tuple[object, ...]:
    return each.get("type"), each.get("of"), each.get("personal", False)


def _refuse_breaking(site: Site, before: Catalogue, after: Catalogue) -> None:
    broken = [*_broken_conditions(site, before, after), *_broken_contents(site, before, after)]
    if broken:
        raise Conflict(
            _("These no longer work with the new traits: %s. Change them first.")
            % "; ".join(broken[:5])
        )


def _broken_conditions(site: Site, before: Catalogue, after: Catalogue) -> Iterator[str]:
    rows: list[Segment | Rule] = [
        *Segment.objects.filter(site=site),
        *Rule.objects.filter(site=site, condition__isnull=False),
    ]
    for row in rows:
        why = _why_not_parsed(row.condition, after)
        if why and not _why_not_parsed(row.condition, before):
            yield f"{row._meta.verbose_name} {row.key} ({why})"


def _why_not_parsed(tree: object, catalogue: Catalogue) -> str:
    try:
        parse(tree, catalogue)
    except Invalid as invalid:
        return invalid.said(_)
    return ""


def _broken_contents(site: Site, before: Catalogue, after: Catalogue) -> Iterator[str]:
    for row in Content.objects.filter(site=site):
        why = _why_not_filled(site, row, after)
        if why and not _why_not_filled(site, row, before):
            yield f"{row._meta.verbose_name} {row.key} ({why})"


def _why_not_filled(site: Site, row: Content, catalogue: Catalogue) -> str:
    block = find_block(site, row.block)
    if block is None:
        return ""
    try:
        check_fields(block, row.fields, catalogue)
    except Malformed as refused:
        return refused.detail
    return ""
