"""Experiments: `{key, slot, arms, weights, coverage, seed, hash_version, namespace}`.

What moves visitors between arms (arms, weights, seed, hash) opens a new phase: results before and
after it are not the same experiment.
"""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.targeting.arms import checked_arms, checked_namespace, checked_weights
from personalization.targeting.keyed import found, put
from personalization.targeting.models import Campaign, Experiment, Segment, Slot
from personalization.targeting.reading import Document

ALLOCATION: Final = ("arms", "weights", "seed", "hash_version")


@transaction.atomic
def save_experiment(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> Experiment:
    """Save it; `warnings` of the row says when visitors will change arms."""
    reading = Document(document)
    key = reading.key()
    slot = found(Slot, site, reading, "slot")
    if slot is None:
        reading.refuse("slot", "required", _("Name the slot that it splits."))
    start, end = reading.window()
    arms = checked_arms(site, reading)
    columns: dict[str, Any] = {
        "name": reading.called(),
        "slot": slot,
        "segment": found(Segment, site, reading, "segment"),
        "campaign": found(Campaign, site, reading, "campaign"),
        "arms": arms,
        "weights": checked_weights(reading, len(arms)),
        "coverage": reading.share("coverage", 1.0),
        "seed": reading.text("seed", longest=100) or key,
        "hash_version": reading.integer("hash_version", 2, least=1, most=2),
        "namespace": checked_namespace(reading),
        "position": reading.integer("position", 0),
        "start": start,
        "end": end,
        "is_enabled": reading.flag("enabled", True),
    }
    phase = reading.integer("phase", 1, least=1)
    reading.finish()
    before = Experiment.objects.filter(site=site, key=key).first()
    moves = before is not None and _moves_visitors(before, columns)
    columns["phase"] = max(phase, before.phase + moves) if before else phase
    saved = put(Experiment, site, key, columns, by=by, unchanged_since=unchanged_since)
    if moves:
        saved.warnings = (_new_phase(saved),)
    return saved


def experiment_document(row: Experiment) -> dict[str, Any]:  # JSON
    return {
        "key": row.key,
        "name": row.name,
        "slot": row.slot.key,
        "segment": row.segment.key if row.segment else None,
        "campaign": row.campaign.key if row.campaign else None,
        "arms": row.arms,
        "weights": row.weights,
        "coverage": row.coverage,
        "seed": row.seed,
        "hash_version": row.hash_version,
        "namespace": row.namespace,
        "phase": row.phase,
        "position": row.position,
        "start": row.start.isoformat() if row.start else None,
        "end": row.end.isoformat() if row.end else None,
        "enabled": row.is_enabled,
    }


def _moves_visitors(before: Experiment, columns: dict[str, Any]) -> bool:
    return any(getattr(before, name) != columns[name] for name in ALLOCATION)


def _new_phase(saved: Experiment) -> str:
    return _(
        "Visitors will change arms, so phase %d begins when you publish: "
        "results before and after it are counted apart."
    ) % (saved.phase)
