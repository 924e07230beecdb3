"""What is decided on the validation tail: each member's best form, and the blend of all.

In:  the events that may be looked at.
Out: `Choices`: trainers with their parameters, and how their arrays are served.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from personalization.learn.ranker import (
    ALIKE,
    CONTENT,
    DESCRIBED,
    FOLLOWS,
    NEW,
    POPULAR,
    VECTORS,
)
from personalization.learn.serving import FoldIn, Serving
from workers.learning import search
from workers.learning.audience import Audience
from workers.learning.cold import learn_cold
from workers.learning.forms import USUAL, Candidate, candidates
from workers.learning.search import searched
from workers.training import lightfm_hybrid
from workers.training.content import Content
from workers.training.factors import Factors
from workers.training.following import Following
from workers.training.interactions import Column, Interactions, sampled
from workers.training.item_features import ItemFeatures
from workers.training.lightfm_hybrid import LightFMHybrid
from workers.training.nearest import Nearest, Together
from workers.training.popularity import Popularity
from workers.training.split import temporal
from workers.training.start import Start
from workers.training.trainer import Trainer

Say = Callable[[str], None]
VALIDATION = 0.2
NEWEST = 0.5  # of the visitors, those who were there last: the likest to those to come
MOST_EVENTS = 1_000_000  # looked at to choose: of more, those of visitors drawn by chance
FEWEST_JUDGES = 20  # fewer visitors tell chance from merit too badly: the usual form is taken
WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5)
USUAL_BLEND = {VECTORS: 1.0, ALIKE: 1.0, FOLLOWS: 0.5, CONTENT: 0.2, POPULAR: 0.1}


@dataclass(frozen=True, slots=True)
class Choices:
    """`validation`: NDCG@10 of every member alone and of the blend.

    `chosen_by`: "grid" or "search", for each member. `arrays`: of the past that was looked at,
    what a later choice may start from. `is_sampled`: there were too many events to look at all.
    """

    trainers: tuple[Trainer, ...]
    serving: Serving
    validation: Mapping[str, float]
    chosen_by: Mapping[str, str] = field(default_factory=dict)
    arrays: Mapping[str, Column] = field(default_factory=dict)
    is_sampled: bool = False

    def fit(
        self, interactions: Interactions, *, seed: int, start: Start | None = None
    ) -> dict[str, Column]:
        """Members that did better from a start than from nothing go on from this one."""
        arrays: dict[str, Column] = {}
        for trainer in self.trainers:
            arrays.update(_from(trainer, start).fit(interactions, seed=seed))
        return arrays

    @property
    def started(self) -> list[str]:
        return [trainer.name for trainer in self.trainers if getattr(trainer, "start", None)]


@dataclass(frozen=True, slots=True)
class Budget:
    """`trials` a family beyond the grid, where Optuna is installed; a `start` to go on from."""

    trials: int = 0
    start: Start | None = None


NO_BUDGET = Budget()
ONLY_POPULAR = Choices((Popularity(),), Serving({POPULAR: 1.0}), {})


def choose(
    interactions: Interactions,
    features: ItemFeatures,
    *,
    seed: int,
    memory: int | None,
    say: Say,
    budget: Budget = NO_BUDGET,
) -> Choices:
    looked_at = sampled(interactions, MOST_EVENTS, seed=seed)
    split = temporal(looked_at, VALIDATION, seed=seed)
    audience = Audience.of(split, memory, share=NEWEST)
    if len(audience) < FEWEST_JUDGES:
        return _usual(features)
    trials = budget.trials if search.is_installed() else 0
    if trials < budget.trials:
        say(search.MISSING)
    found = []
    for best in candidates(split.past, audience, features, seed, budget.start):
        candidate = best
        if trials:
            candidate = searched(best, split.past, audience, seed=seed, trials=trials)
        say(f"{candidate.name}: NDCG@10 {candidate.ndcg:.4f} on the validation tail")
        found.append(candidate)
    weights, score = blend(audience, found)
    say(f"blend: NDCG@10 {score:.4f} on the validation tail")
    serving = _serving(found, weights, looked_at, seed)
    say(", ".join(f"{name} {weight:g}" for name, weight in serving.cold.items()) + " for new items")
    return Choices(
        (*(candidate.trainer for candidate in found), Together()),
        serving,
        {**{candidate.name: candidate.ndcg for candidate in found}, "blend": score},
        {candidate.name: candidate.chosen_by for candidate in found},
        {name: array for candidate in found for name, array in candidate.arrays.items()},
        len(looked_at) < len(interactions),
    )


def _from(trainer: Trainer, start: Start | None) -> Trainer:
    if isinstance(trainer, Factors | LightFMHybrid) and trainer.start is not None:
        return replace(trainer, start=start)
    return trainer


def _usual(features: ItemFeatures) -> Choices:
    """What is right for most shops, until this one can tell."""
    trainers: tuple[Trainer, ...] = (Popularity(), Nearest(), Following(), Content(features))
    trainers = (*trainers, Together())
    if lightfm_hybrid.is_installed():
        trainers = (*trainers, LightFMHybrid(features, epochs=9))
    fold_ins = {VECTORS: FoldIn(100.0, 0.0, 0.1), NEW: FoldIn(30.0, 0.1)}
    recencies = dict.fromkeys(USUAL_BLEND, USUAL)
    return Choices(
        trainers, Serving(USUAL_BLEND, recencies, fold_ins, {NEW: 1.0, DESCRIBED: 1.0}), {}
    )


def blend(audience: Audience, found: list[Candidate]) -> tuple[dict[str, float], float]:
    """From the best member alone, change one weight at a time while that helps.

    So the blend is never worse than its best member, on the tail where both were judged.
    """
    first = max(found, key=lambda candidate: candidate.ndcg)
    weights = {candidate.name: float(candidate is first) for candidate in found}
    total, score = first.scores.copy(), first.ndcg
    for _ in range(3):
        before = score
        for candidate in found:
            for weight in WEIGHTS:
                if candidate is first or weight == weights[candidate.name]:
                    continue
                moved = total + np.float32(weight - weights[candidate.name]) * candidate.scores
                ndcg = audience.ndcg(moved)
                if ndcg > score:
                    total, score = moved, ndcg
                    weights[candidate.name] = weight
        if score == before:
            break
    return weights, score


def _serving(
    found: list[Candidate], weights: Mapping[str, float], past: Interactions, seed: int
) -> Serving:
    trainers = {one.name: _from(one.trainer, None) for one in found}  # a start knows what is hidden
    cold = learn_cold(past, trainers, seed=seed)
    recencies = {candidate.name: candidate.recency for candidate in found}
    fold_ins = {one.name: one.fold_in for one in found if one.fold_in is not None}
    return Serving(
        {name: weight for name, weight in weights.items() if weight},
        recencies,
        {**fold_ins, NEW: cold.fold_in},
        cold.weights,
    )
