"""Recent behaviour: the newest events of a visitor, as the text that one row keeps.

An entry is the list `[at, id, type, item, category, value, currency]`, so entries order by
(at, id); the text holds them newest first. `shown` is kept likewise: rule -> times, newest first.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import orjson

from personalization.clock import EPOCH
from personalization.money import exponent
from rules.types import Signal

Entry = Sequence[Any]  # a row of mixed columns, as above
AT, ID, TYPE, ITEM, CATEGORY, VALUE, CURRENCY = range(7)
SHOWN_KEPT: Final = 300  # exposures that caps can count, per visitor


def newest(entries: Iterable[Entry], limit: int) -> list[Entry]:
    """The `limit` newest, newest first."""
    return sorted(entries, key=_order, reverse=True)[:limit]


def as_events(entries: Iterable[Entry], currency: str) -> tuple[Mapping[str, object], ...]:
    """The elements of the field `events`; money in major units, unknown members absent-valued."""
    default = 10 ** exponent(currency)
    return tuple(
        {
            "id": event,
            "type": kind,
            "item": item,
            "category": category,
            "value": None
            if value is None
            else value / (10 ** exponent(paid_in) if paid_in else default),
            "currency": paid_in,
            "at": EPOCH + timedelta(0, 0, at),
        }
        for at, event, kind, item, category, value, paid_in in entries
    )


def as_signals(events: Iterable[Mapping[str, Any]]) -> tuple[Signal, ...]:
    """What a ranker reads: the events that name an item."""
    return tuple(
        Signal(event["item"], event["type"], event["at"])
        for event in events
        if event["item"] is not None
    )


def merge_shown(
    shown: Mapping[str, Sequence[int]], more: Iterable[tuple[int, str]]
) -> dict[str, list[int]]:
    """Count further exposures `(at, rule)`; the newest stay, whatever order they came in."""
    flat = [(at, rule) for rule, times in shown.items() for at in times]
    kept: dict[str, list[int]] = {}
    for at, rule in sorted([*flat, *more], reverse=True)[:SHOWN_KEPT]:
        kept.setdefault(rule, []).append(at)
    return kept


def dump(value: object) -> str:
    return orjson.dumps(value).decode()


def _order(entry: Entry) -> tuple[int, str]:
    return entry[AT], entry[ID]
