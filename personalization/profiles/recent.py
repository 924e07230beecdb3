"""Recent behaviour: the newest events of a visitor, as the text that one row keeps.

An entry is the list `[at, id, type, item, category, value, currency]`, so entries order by
(at, id). The text is a JSON list of them, newest first, one a line: what is newer than all of it
goes in without reading it. `shown` is kept likewise: rule -> times, newest first.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any, Final

import orjson

from personalization.clock import EPOCH
from personalization.money import EXPONENTS
from rules.types import Signal

Entry = list[Any]  # a row of mixed columns, as above; ids differ, so lists compare by (at, id)
Events = tuple[Mapping[str, Any], ...]  # elements of the field `events`
AT, ID, TYPE, ITEM, CATEGORY, VALUE, CURRENCY = range(7)
BETWEEN: Final = ",\n"  # JSON escapes line breaks inside of texts
SIGNALS: Final = 50  # what rankers are told of
_UNITS: Final = {currency: 10.0**exponent for currency, exponent in EXPONENTS.items()}
SHOWN_KEPT: Final = 300  # exposures that caps can count, per visitor


def read_entries(text: str) -> list[Entry]:
    entries: list[Entry] = orjson.loads(text)
    return entries


def write_entries(entries: Iterable[Entry]) -> str:
    return _joined(map(dump, entries))


def newest_entry(text: str) -> Entry | None:
    if text == "[]":
        return None
    entry: Entry = orjson.loads(text[1:-1].partition(BETWEEN)[0])
    return entry


def put_on_top(text: str, newer: Sequence[Entry], limit: int) -> tuple[str, Entry | None]:
    """With entries that are newer than all of it, newest first; the last one if others fell off."""
    lines = [*map(dump, newer), *(text[1:-1].split(BETWEEN) if text != "[]" else ())]
    kept = lines[:limit]
    return _joined(kept), orjson.loads(kept[-1]) if len(lines) > limit else None


def as_events(entries: Iterable[Entry], currency: str) -> Events:
    """The elements of the field `events`; money in major units; None is unknown."""
    units = _UNITS.get(currency, 100.0)
    return tuple(
        [
            {
                "id": event,
                "type": kind,
                "item": item,
                "category": category,
                "value": value and value / (_UNITS.get(paid_in, 100.0) if paid_in else units),
                "currency": paid_in,
                "at": EPOCH + timedelta(0, 0, at),
            }
            for at, event, kind, item, category, value, paid_in in entries
        ]
    )


def as_signals(events: Events) -> tuple[Signal, ...]:
    """What a ranker reads: the newest events that name an item."""
    named = (event for event in events if event["item"] is not None)
    return tuple(
        Signal(event["item"], event["type"], event["at"]) for event in islice(named, SIGNALS)
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


def _joined(lines: Iterable[str]) -> str:
    return f"[{BETWEEN.join(lines)}]"


def dump(value: object) -> str:
    return orjson.dumps(value).decode()
