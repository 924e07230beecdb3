"""The stages of a journey, read strictly from its document.

In:  the document of a journey, being read.
Out: its stages as they are stored; what is wrong is refused with its path and the remedy.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.exceptions import Malformed
from personalization.govern.models import Site
from personalization.targeting.audience import fields_of_the_page, named_segments
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.conditions import checked_condition
from personalization.targeting.models import Webhook
from personalization.targeting.reading import KEY, Document, dotted
from rules import parse
from rules.invalid import Invalid
from rules.journey_codec import SHORTEST, read_journey, read_trigger
from rules.journeys import unreachable
from rules.values import read_duration

MOST_STAGES: Final = 30
Stage = dict[str, Any]  # JSON


def checked_stages(site: Site, document: Document) -> list[Stage]:
    sent = document.sequence("stages")
    if not 1 <= len(sent) <= MOST_STAGES:
        said = _("A journey has at least one stage, and at most %d.") % MOST_STAGES
        document.refuse("stages", "length", said)
        return []
    stages = [_stage(site, document, each, place) for place, each in enumerate(sent)]
    webhooks = set(Webhook.objects.filter(site=site).values_list("key", flat=True))
    for place, stage in enumerate(stages):
        refuse = partial(_refuse, document, place)
        _check_references(stage, {each["key"] for each in stages}, webhooks, refuse)
        if any(other["key"] == stage["key"] for other in stages[:place]) and stage["key"]:
            refuse("key", "twice", _("Two stages have this key; give this one another."))
        stage["from"] = [each["key"] for each in stages if each["key"] in stage["from"]]
    return stages


def check_ways(site: Site, document: Document, stages: list[Stage]) -> None:
    """That somebody can come in, and into each stage; of stages that are right by themselves."""
    empty = {"name": "", "again": None, "start": None, "end": None, "campaign": None}
    journey = read_journey({"key": "it", **empty, "stages": stages}, site_catalogue(site))
    if not any(stage.is_entrance for stage in journey.stages):
        said = _("Nobody can come in: let one stage take visitors in from outside.")
        document.refuse("stages", "no_entrance", said)
        return
    lost = unreachable(journey)
    for place, stage in enumerate(journey.stages):
        if stage.key in lost:
            said = _("No way leads into this stage: say who comes in, or let another lead to it.")
            _refuse(document, place, "", "unreachable", said)


def duration(document: Document, name: str) -> str | None:
    """A time such as 2d, at least a minute; None where there is none."""
    value = document.value(name)
    if value is None or value == "":
        return None
    try:
        if read_duration(value, "") < SHORTEST.total_seconds() * 1_000_000:
            document.refuse(name, "duration", _("Write at least one minute: 1m."))
    except Invalid as invalid:
        document.refuse(name, "duration", invalid.said(_))
    return str(value).strip()


Refuse = Callable[[str, str, str], None]  # field, code, sentence


def _refuse(document: Document, place: int, name: str, code: str, detail: str) -> None:
    document.refuse(f"stages[{place}].{name}".rstrip("."), code, detail)


def _stage(site: Site, document: Document, sent: object, place: int) -> Stage:
    reading = Document(sent, f"stages[{place}]")
    stage = {
        "key": reading.key(),
        "name": reading.called(),
        "enter": _trigger(site, reading, "enter"),
        "from": _origins(reading),
        "leave": _trigger(site, reading, "leave"),
        "after": duration(reading, "after"),
        "to": reading.key("to", required=False) or None,
        "webhook": reading.key("webhook", required=False) or None,
    }
    try:
        reading.finish()
    except Malformed as refused:
        document.add(refused, "stages")
    return stage


def _origins(reading: Document) -> list[str]:
    origins = reading.sequence("from", required=False)
    if any(not isinstance(each, str) or not KEY.fullmatch(each) for each in origins):
        reading.refuse("from", "key", _("List keys of stages; none: from outside the journey."))
        return []
    return list(dict.fromkeys(origins))


def _trigger(site: Site, reading: Document, name: str) -> Stage | None:
    sent = reading.plain(name, Mapping)
    if sent is None:
        return None
    if set(sent) == {"condition"}:
        return _by_condition(site, reading, name, sent)
    try:
        read_trigger(sent, site_catalogue(site), name)
    except Invalid as invalid:
        reading.refuse(dotted(invalid.path), "trigger", invalid.said(_))
        return None
    inner = Document(sent)
    return {"event": _whole(reading, name, inner, inner.value("event"))}


def _by_condition(
    site: Site, reading: Document, name: str, sent: Mapping[str, Any]
) -> Stage | None:
    inner = Document(sent)
    tree = checked_condition(site, inner)
    tree = _whole(reading, name, inner, tree)
    if tree is None:
        return None
    condition = parse(tree, site_catalogue(site))
    if name == "leave" and not condition.rules:
        reading.refuse("leave.condition", "empty", _("Everybody would leave at once; say who."))
    page = fields_of_the_page(site, condition, named_segments(site, condition))
    if page:
        said = _(
            "Journeys look at visitors between their page views, where this is not known: %s. "
            "Ask for what is known of the visitor."
        ) % ", ".join(page)
        reading.refuse(f"{name}.condition", "page_view", said)
    return {"condition": tree}


def _whole(reading: Document, name: str, inner: Document, value: Any) -> Any:  # JSON
    """The value, once the inner document is read to its end; its mistakes are taken over."""
    try:
        inner.finish()
    except Malformed as refused:
        for error in refused.errors:
            reading.refuse(f"{name}.{error.path}", error.code, error.detail)
        return None
    return value


def _check_references(stage: Stage, stages: set[str], webhooks: set[str], refuse: Refuse) -> None:
    for name, code, detail in _wrong_references(stage, stages, webhooks):
        refuse(name, code, detail)


def _wrong_references(
    stage: Stage, stages: set[str], webhooks: set[str]
) -> Iterator[tuple[str, str, str]]:
    for name, key in [("to", stage["to"]), *(("from", each) for each in stage["from"])]:
        if key is not None and key not in stages:
            yield name, "unknown_reference", _("There is no stage “%s” in this journey.") % key
        elif key is not None and key == stage["key"]:
            yield name, "itself", _("A stage cannot lead to itself.")
    if stage["webhook"] and stage["webhook"] not in webhooks:
        said = _("There is no webhook “%s”. Make it first, or correct the key.")
        yield "webhook", "unknown_reference", said % stage["webhook"]
    if stage["to"] and not stage["after"]:
        yield "after", "required", _("Say after what time visitors go on, for example 2d.")
    if stage["from"] and not stage["enter"]:
        said = _(
            "Say what brings visitors in from there; or let that stage lead here after a time."
        )
        yield "enter", "required", said
    if stage["from"] and (stage["enter"] or {}).get("condition", {"rules": [1]})["rules"] == []:
        said = _("Everybody would go on at once; say who.")
        yield "enter.condition", "empty", said
