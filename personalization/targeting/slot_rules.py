"""Rules: `{key, slot, segment | condition, content, position, start?, end?, when?, cap?}`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.targeting.conditions import checked_condition
from personalization.targeting.keyed import found, put
from personalization.targeting.models import Campaign, Content, Rule, Segment, Slot
from personalization.targeting.places import ask_for_places
from personalization.targeting.reading import LARGEST, Document
from personalization.targeting.schedules import checked_when
from rules.invalid import Invalid
from rules.values import print_duration, read_duration

SECOND: Final = 1_000_000  # microseconds


@transaction.atomic
def save_rule(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> Rule:
    """Save it. Without segment and condition it is for everyone; without position, the last."""
    reading = Document(document)
    key = reading.key()
    slot = found(Slot, site, reading, "slot") if _is_given(reading, "slot") else None
    segment, condition = _audience(site, reading)
    content = found(Content, site, reading, "content") if _is_given(reading, "content") else None
    start, end = reading.window()
    times, seconds = _cap(reading)
    columns = {
        "name": reading.called(),
        "slot": slot,
        "segment": segment,
        "condition": condition,
        "content": content,
        "campaign": found(Campaign, site, reading, "campaign"),
        "position": reading.integer("position", _last_position(slot, key)),
        "start": start,
        "end": end,
        "when": checked_when(reading),
        "cap_times": times,
        "cap_seconds": seconds,
        "is_enabled": reading.flag("enabled", True),
    }
    reading.finish()
    saved = put(Rule, site, key, columns, by=by, unchanged_since=unchanged_since)
    if saved.condition is not None:
        ask_for_places(site, saved.condition)
    return saved


def rule_document(row: Rule) -> dict[str, Any]:  # JSON
    return {
        "key": row.key,
        "name": row.name,
        "slot": row.slot.key,
        "segment": row.segment.key if row.segment else None,
        "condition": row.condition,
        "content": row.content.key,
        "campaign": row.campaign.key if row.campaign else None,
        "position": row.position,
        "start": row.start.isoformat() if row.start else None,
        "end": row.end.isoformat() if row.end else None,
        "when": row.when,
        "cap": _cap_document(row),
        "enabled": row.is_enabled,
    }


def _is_given(reading: Document, name: str) -> bool:
    if reading.has(name):
        return True
    reading.refuse(name, "required", _("Name it by its key."))
    return False


def _audience(site: Site, reading: Document) -> tuple[Segment | None, dict[str, Any] | None]:
    segment = found(Segment, site, reading, "segment")
    condition = checked_condition(site, reading)
    if segment is not None and condition is not None:
        reading.refuse("condition", "both", _("Choose either a segment or a condition of its own."))
    return segment, condition


def _cap(reading: Document) -> tuple[int | None, int | None]:
    """`3`, or `{"times": 3, "within": "7d"}`."""
    cap = reading.value("cap")
    if cap is None:
        return None, None
    if not isinstance(cap, Mapping):
        cap = {"times": cap}
    times, within = cap.get("times"), cap.get("within")
    unknown = set(cap) - {"times", "within"}
    if unknown:
        reading.refuse(f"cap.{min(unknown)}", "unknown", _("A cap has times and within."))
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= LARGEST:
        reading.refuse("cap", "integer", _("Send a whole number from 1: at most so many times."))
        return None, None
    return times, None if within is None else _seconds(reading, within)


def _seconds(reading: Document, within: object) -> int | None:
    try:
        seconds = read_duration(within, "cap.within") // SECOND
    except Invalid as invalid:
        reading.refuse("cap.within", "duration", invalid.said(_))
        return None
    if seconds > LARGEST:
        reading.refuse("cap.within", "duration", _("Write a duration of at most 60 years."))
    return seconds


def _cap_document(row: Rule) -> int | dict[str, Any] | None:
    if row.cap_times is None or row.cap_seconds is None:
        return row.cap_times
    return {"times": row.cap_times, "within": print_duration(row.cap_seconds * SECOND)}


def _last_position(slot: Slot | None, key: str) -> int:
    """Where the rule stands already, else behind all others of its slot."""
    if slot is None:
        return 0
    kept = slot.rules.filter(key=key).values_list("position", flat=True).first()
    if kept is not None:
        return kept
    last = slot.rules.aggregate(last=Max("position"))["last"]
    return 0 if last is None else min(last + 1, LARGEST)
