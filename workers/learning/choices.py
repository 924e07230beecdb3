"""What is decided on the validation tail: each member's best form, and the blend of all.

In:  the events that may be looked at.
Out: `Choices`: trainers with their parameters, and how their arrays are served.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from personalization.learn.members import Member, Vectors
from personalization.learn.ranker import ALIKE, FOLLOWS, LINEAR, POPULAR, VECTORS, read_members
from personalization.learn.serving import FoldIn, Recency, Serving
from workers.learning.audience import Audience
from workers.training import lightfm_hybrid
from workers.training.following import Following
from workers.training.interactions import Column, Interactions
from workers.training.item_features import ItemFeatures
from workers.training.lightfm_hybrid import LightFMHybrid
from workers.training.linear import Linear
from workers.training.nearest import Nearest, Together
from workers.training.popularity import Popularity
from workers.training.split import temporal
from workers.training.trainer import Trainer

Say = Callable[[str], None]
VALIDATION = 0.2
NEWEST = 0.5  # of the visitors, those who were there last: the likest to those to come
FEWEST_JUDGES = 20  # fewer visitors tell chance from merit too badly: the usual form is taken
USUAL = Recency(days=14, places=20)
RECENCIES = (
    USUAL,
    Recency(days=3),
    Recency(days=14),
    Recency(days=60),
    Recency(places=5),
    Recency(places=20),
    Recency(places=60),
)
FOLD_INS = tuple(
    FoldIn(ridge, unseen, bias)
    for ridge, unseen in ((100.0, 0.0), (10.0, 0.01), (1.0, 0.1))
    for bias in (0.0, 0.1, 0.3)
)
WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5)
USUAL_BLEND = {VECTORS: 1.0, ALIKE: 1.0, FOLLOWS: 0.5, POPULAR: 0.1}


@dataclass(frozen=True, slots=True)
class Choices:
    """`validation`: NDCG@10 of every member alone and of the blend."""

    trainers: tuple[Trainer, ...]
    serving: Serving
    validation: Mapping[str, float]

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]:
        arrays: dict[str, Column] = {}
        for trainer in self.trainers:
            arrays.update(trainer.fit(interactions, seed=seed))
        return arrays


ONLY_POPULAR = Choices((Popularity(),), Serving({POPULAR: 1.0}), {})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One member in its best form: how it is trained and served, and its scores."""

    name: str
    trainer: Trainer
    recency: Recency
    fold_in: FoldIn
    scores: Column
    ndcg: float


def choose(
    interactions: Interactions,
    features: ItemFeatures,
    *,
    seed: int,
    memory: int | None,
    say: Say,
) -> Choices:
    split = temporal(interactions, VALIDATION, seed=seed)
    audience = Audience.of(split, memory, share=NEWEST)
    if len(audience) < FEWEST_JUDGES:
        return _usual(features)
    found = []
    for candidate in _candidates(split.past, audience, features, seed):
        say(f"{candidate.name}: NDCG@10 {candidate.ndcg:.4f} on the validation tail")
        found.append(candidate)
    blend, score = _blend(audience, found)
    say(f"blend: NDCG@10 {score:.4f} on the validation tail")
    return Choices(
        (*(candidate.trainer for candidate in found), Together()),
        _serving(found, blend),
        {**{candidate.name: candidate.ndcg for candidate in found}, "blend": score},
    )


def _usual(features: ItemFeatures) -> Choices:
    trainers: tuple[Trainer, ...] = (Popularity(), Nearest(), Following(), Together())
    if lightfm_hybrid.is_installed():
        trainers = (*trainers, LightFMHybrid(features, epochs=9))
    return Choices(
        trainers,
        Serving(USUAL_BLEND, dict.fromkeys(USUAL_BLEND, USUAL), FoldIn(100.0, 0.0, 0.1)),
        {},
    )


def _candidates(
    past: Interactions, audience: Audience, features: ItemFeatures, seed: int
) -> Iterable[Candidate]:
    yield _best(POPULAR, [Popularity(days) for days in (7, 30, 120, 3650)], past, audience, seed)
    yield _best(ALIKE, [Nearest(), Nearest(60)], past, audience, seed)
    yield _best(FOLLOWS, [Following(), Following(damping=0.3)], past, audience, seed)
    yield _best(LINEAR, [Linear(100), Linear(500)], past, audience, seed)
    if lightfm_hybrid.is_installed():
        yield _best_vectors(LightFMHybrid(features), past, audience, seed)


def _best(
    name: str, trainers: Iterable[Trainer], past: Interactions, audience: Audience, seed: int
) -> Candidate:
    """The trainer is chosen at the usual recency, then the recency for that trainer."""
    tried = []
    for trainer in trainers:
        member = read_members(trainer.fit(past, seed=seed), Serving())[name]
        tried.append((audience.ndcg(audience.scores(member, USUAL)), trainer, member))
    _, trainer, member = max(tried, key=lambda one: one[0])
    recencies = (USUAL,) if name == POPULAR else RECENCIES
    return _best_recency(
        Candidate(name, trainer, USUAL, FoldIn(), _NONE, 0.0), member, audience, recencies
    )


def _best_recency(
    candidate: Candidate, member: Member, audience: Audience, recencies: Iterable[Recency]
) -> Candidate:
    best = replace(candidate, ndcg=-1.0)
    for recency in recencies:
        scores = audience.scores(member, recency)
        ndcg = audience.ndcg(scores)
        if ndcg > best.ndcg:
            best = replace(candidate, recency=recency, scores=scores, ndcg=ndcg)
    return best


def _best_vectors(
    trainer: LightFMHybrid, past: Interactions, audience: Audience, seed: int
) -> Candidate:
    """Epochs by early stopping at the usual fold-in, then its parameters, then the recency."""

    def judge(arrays: dict[str, Column]) -> float:
        member = Vectors.of(arrays["vectors"], arrays["biases"], FOLD_INS[0])
        return audience.ndcg(audience.scores(member, USUAL))

    watched = trainer.watched(past, seed=seed, judge=judge)
    vectors, biases = watched.arrays["vectors"], watched.arrays["biases"]
    tried = [Vectors.of(vectors, biases, fold_in) for fold_in in FOLD_INS]
    member = max(tried, key=lambda one: audience.ndcg(audience.scores(one, USUAL)))
    return _best_recency(
        Candidate(
            VECTORS, replace(trainer, epochs=watched.epochs), USUAL, member.fold_in, _NONE, 0.0
        ),
        member,
        audience,
        RECENCIES,
    )


def _blend(audience: Audience, found: list[Candidate]) -> tuple[dict[str, float], float]:
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


def _serving(found: list[Candidate], blend: Mapping[str, float]) -> Serving:
    fold_ins = [candidate.fold_in for candidate in found if candidate.name == VECTORS]
    return Serving(
        {name: weight for name, weight in blend.items() if weight},
        {candidate.name: candidate.recency for candidate in found},
        fold_ins[0] if fold_ins else FoldIn(),
    )


_NONE: np.ndarray[Any, Any] = np.zeros(0, np.float32)
