"""One page a slot: its rules as an ordered stack of cards, experiments, the default, a picture.

In:  a request and a slot.
Out: the context of `studio/slot.html`, gathered in a fixed number of queries.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization import clock
from personalization.figures import percent
from personalization.publish import states, unpublished
from personalization.publish.frozen_slots import window
from personalization.publish.unpublished import Unpublished
from personalization.render.personas import KNOWN_KEY, SEGMENT_KEY, STRANGER_KEY
from personalization.studio.audiences import audiences_in_words
from personalization.studio.experiments import shares
from personalization.studio.publishing import scheduled
from personalization.studio.times import window_in_words
from personalization.targeting.durations import duration_in_words
from personalization.targeting.models import Content, Experiment, Rule, Slot
from personalization.targeting.schedules import when_in_words

STATES = {
    states.DRAFT: gettext_lazy("draft"),
    states.RUNNING: gettext_lazy("running"),
    states.RESTING: gettext_lazy("not at this hour"),
    states.LATER: gettext_lazy("later"),
    states.OVER: gettext_lazy("over"),
    states.OFF: gettext_lazy("off"),
    states.CAMPAIGN_OFF: gettext_lazy("its campaign is off"),
}
MARKS = {
    unpublished.NEW: gettext_lazy("not on the pages yet"),
    unpublished.CHANGED: gettext_lazy("changed since it was published"),
    unpublished.GOING: gettext_lazy("still on the pages"),
}
QUIET = (states.OFF, states.CAMPAIGN_OFF, states.OVER)  # nothing of it is to be seen any more


@dataclass(frozen=True, slots=True)
class Card:
    """A rule as a person reads it."""

    rule: Rule
    audience: str
    state: str
    state_in_words: str
    facts: tuple[str, ...]  # window, hours, cap; what says nothing is left out
    mark: str = ""  # how it differs from what pages show
    form: Any = None  # the rule's form where it is being edited in place

    @property
    def is_quiet(self) -> bool:
        return self.state in QUIET


@dataclass(frozen=True, slots=True)
class ArmShown:
    key: str
    share: str
    content: Content | None  # None: the slot's default


@dataclass(frozen=True, slots=True)
class TestCard:
    test: Experiment
    state: str
    state_in_words: str
    facts: tuple[str, ...]
    arms: tuple[ArmShown, ...]
    mark: str = ""

    @property
    def is_quiet(self) -> bool:
        return self.state in QUIET


def slot_context(slot: Slot, *, edited: int | None = None, form: Any = None) -> dict[str, Any]:
    """`form`: of the rule `edited`, or of a new one where that is None."""
    now = clock.now()
    rules = list(rules_of(slot))
    differing = unpublished.unpublished(slot)
    return {
        "slot": slot,
        "cards": list(_cards(slot, rules, now, differing, edited, form)),
        "tests": list(_tests(slot, now, differing)),
        "differs": differing.differs,
        "planned": scheduled(slot.site),
        "new_form": form if edited is None else None,
        "eyes": list(_eyes(rules)),
        "contents": Content.objects.filter(site=slot.site_id).order_by("name", "key"),
        "zone": slot.site.zone,
        "address": reverse("admin:personalization_slot_change", args=(slot.pk,)),
    }


def rules_of(slot: Slot) -> QuerySet[Rule]:
    """In the order in which they are tried."""
    loaded = slot.rules.select_related("site", "segment", "content", "campaign")
    return loaded.order_by("position", "key")


def state_beside_pages(
    row: Rule | Experiment, now: datetime, zone: str, differing: Unpublished
) -> str:
    """As drafted; what would run now and is on no page yet is a draft."""
    state = states.state_of(row, now, zone)
    is_new = differing.of(row) == unpublished.NEW
    return states.DRAFT if is_new and state in (states.RUNNING, states.RESTING) else state


def mark_in_words(differing: Unpublished, row: Rule | Experiment) -> str:
    """How it differs from what pages show; "" where it does not."""
    return str(MARKS.get(differing.of(row), ""))


def _cards(
    slot: Slot,
    rules: Iterable[Rule],
    now: datetime,
    differing: Unpublished,
    edited: int | None,
    form: Any,
) -> Iterator[Card]:
    rules = list(rules)
    audiences = audiences_in_words(rules)
    for rule in rules:
        state = state_beside_pages(rule, now, slot.site.zone, differing)
        yield Card(
            rule,
            audiences[rule.pk],
            state,
            str(STATES[state]),
            tuple(_facts(rule)),
            mark_in_words(differing, rule),
            form if edited == rule.pk else None,
        )


def _facts(rule: Rule) -> Iterator[str]:
    bounds = window(rule)
    if bounds.start is not None or bounds.end is not None:
        yield window_in_words(bounds.start, bounds.end)
    hours = when_in_words(rule.when)
    if hours:
        yield hours
    if rule.cap_times is not None:
        yield cap_in_words(rule)


def cap_in_words(rule: Rule) -> str:
    if rule.cap_seconds is None:
        return _("at most %d times per visitor") % rule.cap_times
    said = {"times": rule.cap_times, "within": duration_in_words(rule.cap_seconds)}
    return _("at most %(times)d times per visitor within %(within)s") % said


def _tests(slot: Slot, now: datetime, differing: Unpublished) -> Iterator[TestCard]:
    tests = list(slot.experiments.select_related("segment", "campaign").order_by("position", "key"))
    named = {arm["content"] for test in tests for arm in test.arms if arm["content"]}
    contents = {
        each.key: each
        for each in (Content.objects.filter(site=slot.site_id, key__in=named) if named else ())
    }
    for test in tests:
        state, bounds = state_beside_pages(test, now, slot.site.zone, differing), window(test)
        facts = [_("%s of the visitors") % percent(test.coverage)] if test.coverage < 1 else []
        if bounds.start is not None or bounds.end is not None:
            facts.append(window_in_words(bounds.start, bounds.end))
        arms = tuple(
            ArmShown(key, share, contents.get(arm["content"]))
            for arm, (key, share) in zip(test.arms, shares(test), strict=True)
        )
        mark = mark_in_words(differing, test)
        yield TestCard(test, state, str(STATES[state]), tuple(facts), arms, mark)


def _eyes(rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    """Through whose eyes the slot can be seen: two whom everybody knows, and each audience."""
    yield STRANGER_KEY, _("a stranger")
    yield KNOWN_KEY, _("somebody we know well")
    seen = set()
    for rule in (each for each in rules if each.is_enabled):
        if rule.segment is not None and rule.segment.key not in seen:
            seen.add(rule.segment.key)
            yield f"{SEGMENT_KEY}{rule.segment.key}", _("somebody in “%s”") % rule.segment
        elif rule.condition is not None:
            yield f"{SEGMENT_KEY}rule:{rule.key}", _("somebody for whom “%s” is") % rule
