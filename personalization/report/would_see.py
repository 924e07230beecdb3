"""What a visitor would see now, and each rule that was looked at on the way.

In:  a release, what was learnt, a visitor, a request.
Out: for each slot a JSON document like that of an exposure that is explained. Nothing is recorded.
"""

from datetime import datetime
from typing import Any

from personalization.publish.truths import truths
from rules.engine import decide
from rules.types import (
    Choice,
    Experiment,
    Facts,
    Learned,
    Release,
    Request,
    Rule,
    Slot,
    SlotDecision,
    Visitor,
)

Document = dict[str, Any]  # JSON


def would_see(
    release: Release, learned: Learned, visitor: Visitor, request: Request
) -> list[Document]:
    decision = decide(release, learned, visitor, request)
    facts = {**decision.visitor.facts, **decision.page}
    return [_slot(one, release, facts, request.now) for one in decision.slots]


def _slot(decided: SlotDecision, release: Release, facts: Facts, now: datetime) -> Document:
    slot = release.slots.get(decided.slot, Slot(decided.slot))
    chosen = decided.choices[0]
    return {
        "slot": decided.slot,
        "content": chosen.content,
        "reason": {"kind": chosen.reason.kind, "rule": chosen.reason.rule},
        "rules": [_rule(rule, chosen, release, facts, now) for rule in slot.rules],
        "experiment": _experiment(chosen, slot.experiments),
    }


def _rule(rule: Rule, chosen: Choice, release: Release, facts: Facts, now: datetime) -> Document:
    return {
        "rule": rule.key,
        "content": rule.content,
        "taken": chosen.reason.rule == rule.key,
        "window_was_open": rule.is_open(now, release.settings.zone),
        "cap": None if rule.cap is None else {"times": rule.cap.times},
        "audience": truths(rule.audience, release, facts, now),
    }


def _experiment(chosen: Choice, experiments: tuple[Experiment, ...]) -> Document | None:
    assigned = chosen.experiment
    if assigned is None:
        return None
    found = next(one for one in experiments if one.key == assigned.key)
    return {
        "key": assigned.key,
        "arm": assigned.arm,
        "phase": assigned.phase,
        "bucket": assigned.bucket,
        "propensity": assigned.propensity,
        "coverage": found.coverage,
        "weights": list(found.weights),
        "seed": found.seed,
    }
