"""Which arm of an experiment a unit sees.

In:  experiments in order, the audiences that matched, a unit.
Out: an arm with its `Assignment`, or None where no experiment takes the unit.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from rules.buckets import NO_ARM, Range, assign, bucket_ranges, choose, in_namespace
from rules.types import Arm, Assignment, Experiment, Holdout

Split = tuple[tuple[Range, ...], tuple[float, ...]]  # ranges, propensities


def take_part(
    experiments: Sequence[Experiment], unit: str, matched: frozenset[str], now: datetime
) -> tuple[Arm, Assignment] | None:
    """The first experiment that is open to the unit and whose traffic holds it."""
    for experiment in experiments:
        if experiment.audience is not None and experiment.audience not in matched:
            continue
        if not experiment.window.is_open(now):
            continue
        found = assignment(experiment, unit)
        if found is not None:
            return found
    return None


def assignment(experiment: Experiment, unit: str) -> tuple[Arm, Assignment] | None:
    """The arm of a unit; None outside of the namespace or of the coverage."""
    if experiment.namespace is not None and not in_namespace(unit, experiment.namespace):
        return None
    bucket = assign(experiment.seed, unit, experiment.hash_version)
    if bucket is None:
        return None
    ranges, propensities = _split(len(experiment.arms), experiment.coverage, experiment.weights)
    index = choose(bucket, ranges)
    if index == NO_ARM:
        return None
    arm = experiment.arms[index]
    return arm, Assignment(experiment.key, arm.key, bucket, propensities[index], experiment.phase)


def is_held_out(holdout: Holdout, unit: str) -> bool:
    bucket = assign(holdout.seed, unit, 2)
    return bucket is not None and bucket < holdout.share


@lru_cache(maxsize=4096)
def _split(n: int, coverage: float, weights: tuple[float, ...]) -> Split:
    whole = bucket_ranges(n, 1.0, weights)
    total = whole[-1][1] if whole else 1.0
    propensities = tuple((high - low) / total for low, high in whole)
    return bucket_ranges(n, coverage, weights), propensities
