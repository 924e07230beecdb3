"""A journey as a JSON document and back, as drafts and releases keep it.

`{"key", "name", "again": "7d" | null, "start", "end", "campaign", "stages": [{"key", "name",
"enter", "from", "leave", "after", "to", "webhook"}]}`; `enter` and `leave` are
`{"condition": tree}`, `{"event": a group over one event}`, or null.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from rules.conditions import Condition, Group, parse
from rules.fields import Catalogue
from rules.invalid import Invalid
from rules.journeys import Journey, Stage, Trigger, fitting, some_event
from rules.printing import to_tree
from rules.values import print_duration, read_duration
from rules.words import _

Document = dict[str, Any]  # JSON
MICROSECOND: Final = timedelta(microseconds=1)
SHORTEST: Final = timedelta(minutes=1)


def read_journey(document: Mapping[str, Any], catalogue: Catalogue) -> Journey:
    """`Invalid` where it cannot be read; how its stages belong together is checked elsewhere."""
    return Journey(
        key=document["key"],
        name=document["name"],
        stages=tuple(
            _read_stage(each, catalogue, f"stages/{place}")
            for place, each in enumerate(document["stages"])
        ),
        again=_read_time(document["again"], "again"),
        start=_read_moment(document["start"]),
        end=_read_moment(document["end"]),
        campaign=document["campaign"],
    )


def write_journey(journey: Journey) -> Document:
    return {
        "key": journey.key,
        "name": journey.name,
        "again": _write_time(journey.again),
        "start": journey.start.isoformat() if journey.start else None,
        "end": journey.end.isoformat() if journey.end else None,
        "campaign": journey.campaign,
        "stages": [_write_stage(stage) for stage in journey.stages],
    }


def read_trigger(document: Mapping[str, Any], catalogue: Catalogue, path: str) -> Trigger:
    """A condition, or a group over one event; exactly one of them."""
    if set(document) == {"condition"}:
        return Trigger(_parse(document["condition"], catalogue, f"{path}/condition"))
    if set(document) == {"event"}:
        return Trigger(some_event(_read_event(document["event"], catalogue, f"{path}/event")), True)
    raise Invalid(path, _('Write {"condition": …} or {"event": …}.'))


def _read_event(tree: object, catalogue: Catalogue, path: str) -> Group:
    happened = {"field": "events", "operator": "=", "match": {"mode": "some"}, "value": tree}
    try:
        condition = parse({"combinator": "and", "rules": [happened]}, catalogue)
    except Invalid as invalid:
        raise invalid.under(path, instead_of="rules/0/value") from invalid
    return fitting(condition)


def _parse(tree: object, catalogue: Catalogue, path: str) -> Condition:
    try:
        return parse(tree, catalogue)
    except Invalid as invalid:
        raise invalid.under(path) from invalid


def _read_stage(document: Mapping[str, Any], catalogue: Catalogue, path: str) -> Stage:
    enter, leave = document["enter"], document["leave"]
    return Stage(
        key=document["key"],
        name=document["name"],
        enter=None if enter is None else read_trigger(enter, catalogue, f"{path}/enter"),
        origins=tuple(document["from"]),
        leave=None if leave is None else read_trigger(leave, catalogue, f"{path}/leave"),
        after=_read_time(document["after"], f"{path}/after"),
        to=document["to"],
        webhook=document["webhook"],
    )


def _write_stage(stage: Stage) -> Document:
    return {
        "key": stage.key,
        "name": stage.name,
        "enter": _write_trigger(stage.enter),
        "from": list(stage.origins),
        "leave": _write_trigger(stage.leave),
        "after": _write_time(stage.after),
        "to": stage.to,
        "webhook": stage.webhook,
    }


def _write_trigger(trigger: Trigger | None) -> Document | None:
    if trigger is None:
        return None
    if not trigger.by_event:
        return {"condition": to_tree(trigger.condition)}
    return {"event": to_tree(fitting(trigger.condition))}


def _read_time(text: object, path: str) -> timedelta | None:
    if text is None:
        return None
    length = read_duration(text, path) * MICROSECOND
    if length < SHORTEST:
        raise Invalid(path, _("Write at least one minute: 1m."))
    return length


def _write_time(length: timedelta | None) -> str | None:
    return None if length is None else print_duration(length // MICROSECOND)


def _read_moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return found
