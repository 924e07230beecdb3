"""Who gets a column: what segments and rules ask most, then the other traits as they were declared.

In:  a site's declared traits, its segments and rules, and what has a column already.
Out: places by name. `settle` fills those that are new, some visitors at a time, and is safe to be
     cut off at any point: what is not marked as filled is not read, and filled again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from typing import Final

from django.db import transaction

from personalization.govern.models import Site
from personalization.outbox import after_commit
from personalization.profiles.locking import AT_ONCE, in_lots
from personalization.profiles.models import Profile, Summary
from personalization.profiles.places import (
    KINDS,
    NOTHING_PLACED,
    Place,
    Places,
    columns_of_kind,
    fill,
    places_of,
    write_places,
)
from personalization.profiles.scores import PLAIN_SCORES
from personalization.profiles.summaries import strayed, summarize
from personalization.profiles.traits import declared_traits
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Rule, Segment
from rules import Invalid, fields_read, parse
from rules.fields import BUILT_IN, Field

SETTLE: Final = "targeting.settle_places"
Asked = Sequence[str]  # fields that segments and rules ask, the most asked first


def assigned(held: Places, fields: Mapping[str, Field], asked: Asked) -> dict[str, Place]:
    """What has a place keeps it, unless nobody asks for it and somebody asks for another one.

    `fields`: all that can have one, in order. Those that are asked come first.
    """
    kinds = {name: KINDS[field.type] for name, field in fields.items()}
    kept = {name: p for name, p in held.items() if kinds.get(name) == p.kind}
    wanted = [name for name in asked if name in fields]
    for name in (*wanted, *fields):
        if name in kept:
            continue
        taken = {place.column for place in kept.values()}
        free = [each for each in columns_of_kind(kinds[name]) if each not in taken]
        idle = [each for each, p in kept.items() if p.kind == kinds[name] and each not in wanted]
        if free:
            kept[name] = Place(free[0])
        elif name in wanted and idle:
            kept[name] = Place(kept.pop(idle[-1]).column)
    return kept


def placeable(site: Site, asked: Asked) -> dict[str, Field]:
    """Plain traits that are not personal; and of the scores those that are asked."""
    scores = {name: BUILT_IN.fields[name] for name in PLAIN_SCORES if name in asked}
    traits = declared_traits(site).items()
    return {n: field for n, field in traits if field.type in KINDS and not field.personal} | scores


def place_declared(site: Site, known: Set[str]) -> None:
    """Give the traits of a new declaration their columns; `known`: those that may have values.

    What is new is filled from its first value on, once its column is empty. That of what went is,
    unless a worker was about to fill it.
    """
    before = places_of(Site.objects.select_for_update().only("places").get(pk=site.pk))
    held = {name: place for name, place in before.items() if name in known or name in PLAIN_SCORES}
    asked = asked_fields(site)
    places = assigned(held, placeable(site, asked), asked)
    for name in places.keys() - known - set(PLAIN_SCORES):
        column = places[name].column
        placed = Summary.objects.filter(site=site, **{f"{column}__isnull": False})
        places[name] = Place(column, is_filled=not placed.exists())
    write_places(site, places)
    if not all(place.is_filled for place in places.values()):
        ask_to_settle(site.pk)


def ask_for_places(site: Site, tree: object) -> None:
    """In the transaction that saves a condition: where it asks for what has no column yet."""
    asked = fields_read(parse(tree, site_catalogue(site)))
    filled = {name for name, place in places_of(site).items() if place.is_filled}
    if asked & placeable(site, list(asked)).keys() - filled:
        ask_to_settle(site.pk)


def ask_to_settle(site_id: int) -> None:
    after_commit(SETTLE, unique=f"{SETTLE}:{site_id}", site_id=site_id)


def settle(site_id: int) -> int:
    """Give what is asked a column, and fill those that are not; how many were filled.

    Visitors whose summaries are not up to date are brought there first.
    """
    for ids in in_lots(strayed(site_id)):
        _summarize(site_id, ids)
    unfilled = {name: p for name, p in _reassigned(site_id).items() if not p.is_filled}
    if not unfilled:
        return 0
    for ids in _chunks(site_id):
        _fill(site_id, ids, unfilled)
    return _mark(site_id, unfilled)


@transaction.atomic
def _reassigned(site_id: int) -> Places:
    site = Site.objects.select_for_update().get(pk=site_id)
    held, asked = places_of(site), asked_fields(site)
    places = assigned(held, placeable(site, asked), asked)
    if places != held:
        write_places(site, places)
    return places


def asked_fields(site: Site) -> list[str]:
    catalogue = site_catalogue(site)
    segments = Segment.objects.filter(site=site).values_list("condition", flat=True)
    rules = Rule.objects.filter(site=site, condition__isnull=False)
    found: Counter[str] = Counter()
    for tree in (*segments, *rules.values_list("condition", flat=True)):
        with suppress(Invalid):  # its own page says what is wrong with it
            found.update(fields_read(parse(tree, catalogue)))
    return sorted(found, key=lambda name: (-found[name], name))


def _chunks(site_id: int) -> Iterator[list[int]]:
    """Whoever comes to the site later is written with what already has its place."""
    last = 0
    while ids := list(
        Profile.objects.filter(site=site_id, pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield ids
        last = ids[-1]


@transaction.atomic
def _summarize(site_id: int, ids: Sequence[int]) -> None:
    """Anew from nothing: who withdrew meanwhile leaves nothing in a column."""
    locked = _locked(ids)
    Summary.objects.filter(pk__in=locked).update(**NOTHING_PLACED)
    summarize(locked)
    fill(site_id, locked)


@transaction.atomic
def _fill(site_id: int, ids: Sequence[int], names: Places) -> None:
    fill(site_id, _locked(ids), names)


def _locked(ids: Sequence[int]) -> list[int]:
    rows = Profile.objects.filter(pk__in=ids).order_by("pk")
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


@transaction.atomic
def _mark(site_id: int, filled: Places) -> int:
    """Those that are still where they were when the filling began."""
    site = Site.objects.select_for_update().get(pk=site_id)
    places = places_of(site)
    done = {n: Place(p.column, is_filled=True) for n, p in filled.items() if places.get(n) == p}
    write_places(site, places | done)
    return len(done)
