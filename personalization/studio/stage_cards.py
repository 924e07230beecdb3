"""The stages of a journey as cards of a form, and back.

In:  stages as they are stored, or what a form sent: fields `stage-<n>-…`, and `stage` once for each
     card, in order.
Out: cards; stages as the verb takes them. In the form, cards refer to each other by their number,
     since a new one has no key yet.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any, Final

from personalization.publish.journey_words import simple_event
from personalization.studio.documents import suggested_key
from personalization.studio.durations import apart, together
from personalization.studio.json_text import read_typed
from rules import BUILT_IN, Invalid
from rules.journey_codec import read_trigger
from rules.journeys import fitting

NEVER, EVENT, CONDITION = "never", "event", "condition"
ABOUT: Final = ("type", "item", "category")
EVERYONE: Final = {"combinator": "and", "not": False, "rules": []}
Stage = dict[str, Any]  # JSON, as stored
Sent = Any  # a QueryDict


@dataclass(slots=True)
class TriggerCard:
    """What brings visitors in, or takes them out. `event`: what is stored, as JSON text."""

    how: str = NEVER
    type: str = ""
    item: str = ""
    category: str = ""
    event: str = ""
    condition: str = ""

    @property
    def is_simple(self) -> bool:
        """The boxes of the form say all of the event that is stored."""
        return not self.event or _about(self.event) is not None


@dataclass(slots=True)
class StageCard:
    """`number` stands for the stage in the form; `origins` and `to` are such numbers."""

    number: str
    key: str = ""
    name: str = ""
    enter: TriggerCard = field(default_factory=TriggerCard)
    origins: list[str] = field(default_factory=list)
    leave: TriggerCard = field(default_factory=TriggerCard)
    amount: str = ""
    unit: str = "d"
    to: str = ""
    webhook: str = ""
    wrong: list[str] = field(default_factory=list)


def cards_of(stages: Sequence[Stage]) -> list[StageCard]:
    numbers = {stage["key"]: str(number) for number, stage in enumerate(stages)}
    return [_card(stage, numbers) for stage in stages]


def sent_cards(data: Sent) -> list[StageCard]:
    return [_sent_card(data, number) for number in data.getlist("stage") if number.isdecimal()]


def stages_of(cards: Sequence[StageCard]) -> list[Stage]:
    """A new stage gets a key out of its name, and keeps it for good."""
    keys = _keys(cards)
    return [_stage(card, keys) for card in cards]


def _card(stage: Stage, numbers: Mapping[str, str]) -> StageCard:
    amount, unit = apart(stage["after"])
    return StageCard(
        number=numbers[stage["key"]],
        key=stage["key"],
        name=stage["name"],
        enter=_trigger_card(stage["enter"]),
        origins=[numbers[key] for key in stage["from"] if key in numbers],
        leave=_trigger_card(stage["leave"]),
        amount=amount,
        unit=unit,
        to=numbers.get(stage["to"] or "", ""),
        webhook=stage["webhook"] or "",
    )


def _trigger_card(trigger: Stage | None) -> TriggerCard:
    if trigger is None:
        return TriggerCard()
    if "condition" in trigger:
        return TriggerCard(CONDITION, condition=json.dumps(trigger["condition"], indent=2))
    event = json.dumps(trigger["event"])
    return TriggerCard(EVENT, event=event, **(_about(event) or {}))


def _about(event: str) -> dict[str, str] | None:
    """Type, item and category that it asks for; None where boxes cannot show it."""
    try:
        trigger = read_trigger({"event": json.loads(event)}, BUILT_IN, "")
    except (Invalid, ValueError):
        return None
    found = simple_event(fitting(trigger.condition))
    is_shown = found is not None and all(each and each == each.strip() for each in found.values())
    return found if is_shown else None


def _sent_card(data: Sent, number: str) -> StageCard:
    def sent(name: str) -> str:
        return str(data.get(f"stage-{number}-{name}", "")).strip()

    return StageCard(
        number=number,
        key=sent("key"),
        name=str(data.get(f"stage-{number}-name", "")),
        enter=_sent_trigger(data, f"stage-{number}-enter"),
        origins=data.getlist(f"stage-{number}-origins"),
        leave=_sent_trigger(data, f"stage-{number}-leave"),
        amount=sent("amount"),
        unit=sent("unit") or "d",
        to=sent("to"),
        webhook=sent("webhook"),
    )


def _sent_trigger(data: Sent, prefix: str) -> TriggerCard:
    sent = {name: str(data.get(f"{prefix}-{name}", "")).strip() for name in TriggerCard.__slots__}
    return TriggerCard(**{**sent, "how": sent["how"] or NEVER})


def _keys(cards: Sequence[StageCard]) -> dict[str, str]:
    taken = {card.key for card in cards if card.key}
    keys = {}
    for place, card in enumerate(cards, start=1):
        wanted = suggested_key(card.name)[:90] or f"stage-{place}"
        free = chain([wanted], (f"{wanted}-{n}" for n in count(2)))
        keys[card.number] = card.key or next(key for key in free if key not in taken)
        taken.add(keys[card.number])
    return keys


def _stage(card: StageCard, keys: Mapping[str, str]) -> Stage:
    return {
        "key": keys[card.number],
        "name": card.name,
        "enter": _trigger(card.enter),
        "from": _origins(card, keys),
        "leave": _trigger(card.leave),
        "after": together(card.amount, card.unit),
        "to": keys.get(card.to) if card.amount else None,
        "webhook": card.webhook or None,
    }


def _origins(card: StageCard, keys: Mapping[str, str]) -> list[str]:
    """Where nothing brings visitors in, the ticks are out of sight."""
    ticked = card.origins if card.enter.how != NEVER else []
    return [keys[number] for number in ticked if number in keys]


def _trigger(card: TriggerCard) -> Stage | None:
    if card.how == CONDITION:
        return {"condition": _json(card.condition) if card.condition else EVERYONE}
    if card.how == EVENT:
        return {"event": _event(card)}
    return None


def _event(card: TriggerCard) -> Any:  # JSON
    """What is stored stays as it is unless the boxes say something else."""
    said = {name: value for name in ABOUT if (value := getattr(card, name))}
    if not card.is_simple or (card.event and _about(card.event) == said):
        return _json(card.event)
    rules = [{"field": name, "operator": "=", "value": value} for name, value in said.items()]
    return {"combinator": "and", "not": False, "rules": rules}


def _json(text: str) -> Any:  # JSON; what cannot be read is left for the verb to refuse
    try:
        return read_typed(text)
    except ValueError:
        return text
