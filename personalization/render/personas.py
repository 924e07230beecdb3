"""Invented visitors to look through: a stranger, somebody we know, a member of each segment.

In:  a site's catalogue and segments, what it has learnt (`with_samples`), an instant.
Out: personas by key; none of them is a real person, and none leaves a trace.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from rules.conditions import Condition
from rules.examples import example
from rules.fields import Catalogue, Field
from rules.types import ALL_PURPOSES, NOTHING, STRANGER, Facts, Item, Learned, Signal, Visitor

STRANGER_KEY, KNOWN_KEY, SEGMENT_KEY = "stranger", "known", "segment:"
VIEWED: Final = 5  # items that the one we know has looked at
NAMED: Final[Mapping[str, str]] = {  # what fields of these names usually hold
    "first_name": "Alex",
    "last_name": "Rivera",
    "name": "Alex Rivera",
    "full_name": "Alex Rivera",
    "email": "alex@example.com",
    "city": "Porto",
    "country": "PT",
    "phone": "+351 200 000 000",
    "company": "Example Ltd",
}
COUNTED: Final[Mapping[str, float]] = {
    "visits": 12,
    "frequency": 4,
    "monetary": 240,
    "recency": 2,
    "propensity_buy": 0.6,
    "propensity_lapse": 0.2,
    "rfm_recency": 4,
    "rfm_frequency": 4,
    "rfm_monetary": 3,
}


@dataclass(frozen=True, slots=True)
class Persona:
    """`context`: what this visitor's page views say (device, country); `segment`: its key."""

    key: str
    visitor: Visitor = STRANGER
    context: Facts = field(default_factory=lambda: NOTHING)
    segment: str | None = None


def personas(
    catalogue: Catalogue, segments: Mapping[str, Condition], learned: Learned, now: datetime
) -> Iterator[Persona]:
    """A segment to which nobody could be invented has no persona."""
    yield Persona(STRANGER_KEY)
    yield somebody_known(catalogue, learned, now)
    for key in segments:
        member = somebody_in(key, catalogue, segments, learned, now)
        if member is not None:
            yield member


def somebody_known(catalogue: Catalogue, learned: Learned, now: datetime) -> Persona:
    """Of whom every field of the catalogue is known."""
    facts: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    for each in catalogue.fields.values():
        value = sample_value(each, now)
        if value is not None and (each.purposes or each.personal):
            (personal if each.personal else facts)[each.name] = value
    items = _popular(learned)
    events = [
        _event(n, {"item": item.key, "category": item.category}, now, learned)
        for n, item in enumerate(items)
    ]
    facts |= _liked([item.category for item in items if item.category])
    return Persona(KNOWN_KEY, _visitor({**facts, "events": tuple(events)}, personal))


def _liked(categories: list[str]) -> dict[str, Any]:
    """What workers would find out about somebody who looked at these."""
    if not categories:
        return {}
    shares = [(name, n / len(categories)) for name, n in Counter(categories).most_common()]
    affinity = tuple({"category": name, "score": round(share, 2)} for name, share in shares)
    return {"favourite_category": shares[0][0], "affinity": affinity}


def somebody_in(
    key: str,
    catalogue: Catalogue,
    segments: Mapping[str, Condition],
    learned: Learned,
    now: datetime,
) -> Persona | None:
    """A member of the segment, known as far as its condition asks; names are known anyway."""
    facts = example(segments[key], segments, now)
    if facts is None:
        return None
    known = somebody_known(catalogue, learned, now).visitor
    events = [_event(n, each, now, learned) for n, each in enumerate(facts.get("events", ()))]
    if events:
        facts["events"] = tuple(events)
    fields = catalogue.fields
    context = {name: v for name, v in facts.items() if name in fields and not fields[name].purposes}
    about = {name: value for name, value in facts.items() if name not in context}
    return Persona(f"{SEGMENT_KEY}{key}", _visitor(about, known.personal), context, segment=key)


def sample_value(of: Field, now: datetime) -> Any:  # of the field's type; None: no sample
    if of.choices:
        value: Any = of.choices[0][0]
        return (value,) if of.type == "list" else value
    if of.type == "list":
        return (_placeholder(of),) if of.of == "string" else None
    kinds: dict[str, Any] = {
        "string": NAMED.get(of.name, _placeholder(of)),
        "number": COUNTED.get(of.name, 3),
        "boolean": True,
        "datetime": now - timedelta(days=2 if of.name == "last_seen" else 60),
        "version": "1.0",
    }
    return kinds[of.type]


def _placeholder(of: Field) -> str:
    return f"‹{of.title}›"


def _visitor(facts: dict[str, Any], personal: Mapping[str, object]) -> Visitor:
    events = [event for event in facts.get("events", ()) if event.get("item")]
    return Visitor(
        unit="persona",
        purposes=ALL_PURPOSES,
        facts=facts,
        personal=personal,
        signals=tuple(Signal(event["item"], event["type"], event["at"]) for event in events),
    )


def _event(number: int, said: Mapping[str, Any], now: datetime, learned: Learned) -> dict[str, Any]:
    """An event as stored ones look; where only its category is given, with an item of it."""
    event = {
        "id": f"persona-{number}",
        "type": "view",
        "item": None,
        "category": None,
        "value": None,
        "currency": None,
        "at": now - timedelta(hours=number + 1),
        **said,
    }
    if event["item"] is None and event["category"] is not None:
        of_it = (i.key for i in learned.items.values() if i.category == event["category"])
        event["item"] = next(of_it, None)
    return event


def _popular(learned: Learned) -> list[Item]:
    found = (learned.items.get(scored.item) for scored in learned.popular[:VIEWED])
    return [item for item in found if item is not None]
