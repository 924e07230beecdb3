"""In: a release and slots of it. Out: what a page view of them must know of its visitor."""

from collections.abc import Iterator
from dataclasses import dataclass

from personalization.profiles.reading import Needs
from personalization.profiles.scores import SCORED
from rules.conditions import fields_read
from rules.types import Content, Release, Slot

BEHAVIOUR = "events"


@dataclass(frozen=True, slots=True)
class _Known:
    """Worked out once a release. Its conditions are asked whatever slots a page has."""

    conditions_ask: bool
    conditions_ask_scores: bool
    behaviour: frozenset[str]  # slots with a content that lives from behaviour
    scores: frozenset[str]  # slots with a content that names what workers found
    personal: frozenset[str]  # slots with a content that names a personal trait


def needs_of(release: Release, slots: tuple[str, ...]) -> Needs:
    known: _Known | None = release.memory.get("needs")
    if known is None:
        known = release.memory["needs"] = _look(release)
    return Needs(
        behaviour=known.conditions_ask or not known.behaviour.isdisjoint(slots),
        scores=known.conditions_ask_scores or not known.scores.isdisjoint(slots),
        personal=not known.personal.isdisjoint(slots),
    )


def _look(release: Release) -> _Known:
    personal = {name for name, each in release.catalogue.fields.items() if each.personal}
    lively = {key for key, each in release.contents.items() if _lives_from_behaviour(each)}
    scoring = {key for key, each in release.contents.items() if each.reads & SCORED}
    naming = {key for key, each in release.contents.items() if each.reads & personal}
    shown = {key: frozenset(_contents(slot)) for key, slot in release.slots.items()}
    asks = [fields_read(each, release.conditions) for each in release.conditions.values()]
    asked = frozenset().union(*asks)
    return _Known(
        conditions_ask=BEHAVIOUR in asked,
        conditions_ask_scores=not asked.isdisjoint(SCORED),
        behaviour=frozenset(key for key, contents in shown.items() if contents & lively),
        scores=frozenset(key for key, contents in shown.items() if contents & scoring),
        personal=frozenset(key for key, contents in shown.items() if contents & naming),
    )


def _lives_from_behaviour(content: Content) -> bool:
    return content.suggestions is not None or BEHAVIOUR in content.reads


def _contents(slot: Slot) -> Iterator[str | None]:
    """All that it may come to show."""
    yield slot.default
    yield from (rule.content for rule in slot.rules)
    yield from (arm.content for test in slot.experiments for arm in test.arms)
