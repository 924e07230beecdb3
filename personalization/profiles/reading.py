"""In: a site and a visitor's id. Out: `rules.Visitor`, all that may be known of them, in one query.

Consent is read here, at every request; nothing is kept between requests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import orjson
from django.db import connection

from personalization.clock import DAY, from_us, to_us
from personalization.govern.pseudonyms import candidates
from personalization.govern.purposes import PERSONALIZATION, PROFILING_AI, from_bits
from personalization.money import to_major
from personalization.profiles.personal import read_personal
from personalization.profiles.recent import Events, as_events, as_signals, read_entries
from personalization.profiles.traits_text import read_traits
from personalization.profiles.units import open_unit
from rules.types import NOTHING, Visitor

COLUMNS: Final = (
    "key, purposes, sealed_unit, first_seen, last_seen, visits, frequency, monetary, scores,"
    " recent, traits, shown, key_id, sealed_personal, stages"
)
QUERY: Final = (
    f"SELECT {COLUMNS} FROM personalization_profile"  # noqa: S608 - our own words
    " WHERE site_id = %s AND key IN ({places})"
)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a page view asks for beside the plain fields; what it does not ask for stays unread.

    `behaviour`: recent events, and what ranks items by them. `scores`: what workers found.
    `personal`: traits under a key.
    """

    behaviour: bool = True
    scores: bool = True
    personal: bool = False


NO_WORDS: Final = Needs()


class SiteFacts(Protocol):
    """A site, or what a process remembers of one."""

    @property
    def id(self) -> int: ...
    @property
    def currency(self) -> str: ...


def read_visitor(
    site: SiteFacts, visitor_id: str, *, now: datetime, needs: Needs = NO_WORDS
) -> Visitor:
    """What we know of the visitor; of an unknown one, the id as unit and nothing else."""
    keys = candidates(site.id, visitor_id)
    row = _ask(site.id, keys)
    if row is None:
        return Visitor(unit=visitor_id, reference=keys[0])
    unit = open_unit(site.id, visitor_id, row[2]) if row[2] else None
    return visitor_of(row, unit or visitor_id, site.currency, now, needs)


def visitor_of(
    row: tuple[Any, ...], unit: str, currency: str, now: datetime, needs: Needs = NO_WORDS
) -> Visitor:
    """`row`: the COLUMNS of one profile."""
    granted = from_bits(row[1])
    if not row[1] & PERSONALIZATION:
        return Visitor(unit=unit, purposes=granted, reference=row[0])
    events = as_events(read_entries(row[9]), currency) if needs.behaviour else None
    return Visitor(
        unit=unit,
        purposes=granted,
        facts=_facts(row, events, currency, now, needs),
        personal=read_personal(row[12], row[13]) if needs.personal else NOTHING,
        signals=as_signals(events or ()),
        bought=_bought(events or ()),
        shown=_shown(row[11]),
        reference=row[0],
    )


def _ask(site_id: int, keys: tuple[str, ...]) -> tuple[Any, ...] | None:  # a row of the database
    query = QUERY.format(places=", ".join(["%s"] * len(keys)))
    with connection.cursor() as cursor:
        cursor.execute(query, (site_id, *keys))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return min(found, key=lambda row: keys.index(row[0]), default=None)


def _bought(events: Events) -> frozenset[str]:
    return frozenset(
        event["item"] for event in events if event["type"] == "purchase" and event["item"]
    )


def _facts(
    row: tuple[Any, ...], events: Events | None, currency: str, now: datetime, needs: Needs
) -> dict[str, object]:
    first_seen, last_seen = row[3], row[4]
    facts: dict[str, object] = {
        "visits": row[5],
        "frequency": row[6],
        "monetary": to_major(row[7], currency),
        "stage": () if row[14] == "[]" else tuple(orjson.loads(row[14])),
    }
    if events is not None:
        facts["events"] = events
    if first_seen is not None:
        facts["first_seen"] = from_us(first_seen)
        facts["last_seen"] = from_us(last_seen)
        facts["recency"] = (to_us(now) - last_seen) / DAY
    if needs.scores and row[1] & PROFILING_AI and row[8] != "{}":
        facts |= orjson.loads(row[8])
    if row[10] != "{}":
        facts |= read_traits(row[10])
    return facts


def _shown(text: str) -> Mapping[str, tuple[datetime, ...]]:
    if text == "{}":
        return NOTHING
    return {rule: tuple(map(from_us, times)) for rule, times in orjson.loads(text).items()}
