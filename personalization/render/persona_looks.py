"""An invented visitor as the document of a look, for an editor to change before looking."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from personalization.publish.looks import can_be_made_up
from personalization.render.personas import Persona
from rules.fields import Catalogue
from rules.values import print_duration, print_value


def look_of(persona: Persona, catalogue: Catalogue, now: datetime) -> dict[str, Any]:  # JSON
    """What `publish.looks.read_look` reads."""
    visitor, fields = persona.visitor, catalogue.fields
    return {
        "purposes": sorted(visitor.purposes),
        "facts": {
            name: print_value(value)  # type: ignore[arg-type] # of a plain type, as asked
            for name, value in visitor.facts.items()
            if name in fields and can_be_made_up(fields[name])
        },
        "personal": {
            name: print_value(value)  # type: ignore[arg-type] # likewise
            for name, value in visitor.personal.items()
            if name in fields and can_be_made_up(fields[name], personal=True)
        },
        "deeds": [_deed(each, now) for each in _events(visitor.facts)],
        **{
            name: str(persona.context[name])
            for name in ("country", "device", "locale")
            if persona.context.get(name)
        },
    }


def _events(facts: Mapping[str, object]) -> tuple[Mapping[str, Any], ...]:
    events = facts.get("events", ())
    return events if isinstance(events, tuple) else ()


def _deed(event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    minutes = max(1, round((now - event["at"]).total_seconds() / 60))
    ago = print_duration(minutes * 60_000_000)
    named = {name: event[name] for name in ("item", "category") if event[name]}
    return {"type": event["type"], **named, "ago": ago}
