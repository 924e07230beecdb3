"""Choose what each slot shows one visitor.

In:  what was published, what was learnt, a visitor, one request.
Out: for each slot its choices in fallback order, with the reason of each.

Nothing here reads a clock, a database, a setting or chance.
"""

from rules import consent, experiments
from rules.context import page_facts
from rules.purposes import Purpose
from rules.types import (
    CacheScope,
    Cap,
    Choice,
    Decision,
    Learned,
    Reason,
    Release,
    Request,
    Rule,
    Slot,
    SlotDecision,
    Visitor,
)

DEFAULT, HOLDOUT, UNKNOWN_SLOT = Reason("default"), Reason("holdout"), Reason("unknown_slot")
NOWHERE = CacheScope("public")


def decide(release: Release, learned: Learned, visitor: Visitor, request: Request) -> Decision:
    settings = release.settings
    purposes = consent.effective(visitor.purposes, request.gpc, request.crawler, settings)
    view = consent.permitted_view(visitor, purposes, release.catalogue)
    page = page_facts(release, request)
    matched = release.matcher({**view.facts, **page}, request.now)
    held_out = _is_held_out(release, view)
    return Decision(
        release=release.number,
        learned=learned.number,
        personalized=Purpose.PERSONALIZATION in view.purposes and not held_out,
        visitor=view,
        page=page,
        slots=tuple(
            _decide_slot(key, release, matched, view, request, held_out) for key in request.slots
        ),
    )


def _decide_slot(
    key: str,
    release: Release,
    matched: frozenset[str],
    view: Visitor,
    request: Request,
    held_out: bool,
) -> SlotDecision:
    slot = release.slots.get(key)
    if slot is None:
        return SlotDecision(key, (Choice(None, UNKNOWN_SLOT),), NOWHERE)
    if held_out:
        return SlotDecision(key, (Choice(slot.default, HOLDOUT),), slot.cache)
    zone = release.settings.zone
    choices = _by_rule(slot, matched, view, request, zone)
    choices = choices or _by_experiment(slot, matched, view, request)
    return SlotDecision(key, (*choices, Choice(slot.default, DEFAULT)), slot.cache)


def _by_rule(
    slot: Slot, matched: frozenset[str], view: Visitor, request: Request, zone: str
) -> tuple[Choice, ...]:
    return tuple(
        Choice(rule.content, Reason("rule", rule.key, rule.segment))
        for rule in slot.rules_for(matched)
        if rule.is_open(request.now, zone)
        and (rule.cap is None or _has_room(rule, rule.cap, view, request))
    )


def _has_room(rule: Rule, cap: Cap, view: Visitor, request: Request) -> bool:
    """How often a stranger has seen something is unknown, and unknown is not a match."""
    if Purpose.PERSONALIZATION not in view.purposes:
        return False
    shown = view.shown.get(rule.key, ())
    if cap.seconds is None:
        return len(shown) < cap.times
    recent = sum((request.now - at).total_seconds() < cap.seconds for at in shown)
    return recent < cap.times


def _by_experiment(
    slot: Slot, matched: frozenset[str], view: Visitor, request: Request
) -> tuple[Choice, ...]:
    """The arm of the first experiment that takes the visitor; no content is the slot's default."""
    if view.unit is None or not slot.experiments:
        return ()
    found = experiments.take_part(slot.experiments, view.unit, matched, request.now)
    if found is None:
        return ()
    arm, assignment = found
    content = slot.default if arm.content is None else arm.content
    return (Choice(content, Reason("experiment"), assignment),)


def _is_held_out(release: Release, view: Visitor) -> bool:
    holdout = release.settings.holdout
    if holdout is None or view.unit is None:
        return False
    return experiments.is_held_out(holdout, view.unit)
