"""Each family in its best form, as the validation tail judges it: a fixed grid, small on purpose.

In:  the past to train on, the audience that judges.
Out: a `Candidate` a family: trainer, recency, fold-in, and its scores for the audience.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from personalization.learn.members import Member, Vectors
from personalization.learn.ranker import (
    ALIKE,
    CONTENT,
    FACTORS,
    FOLLOWS,
    LINEAR,
    POPULAR,
    VECTORS,
    read_members,
)
from personalization.learn.serving import FoldIn, Recency, Serving
from workers.learning.audience import Audience
from workers.training import factors, lightfm_hybrid
from workers.training.content import Content
from workers.training.factors import Factors
from workers.training.following import Following
from workers.training.interactions import Column, Interactions
from workers.training.item_features import ItemFeatures
from workers.training.lightfm_hybrid import LightFMHybrid
from workers.training.linear import Linear
from workers.training.nearest import Nearest
from workers.training.popularity import Popularity
from workers.training.start import Start
from workers.training.trainer import Trainer

USUAL = Recency(days=14, places=20)
RECENCIES = (
    USUAL,
    Recency(days=3),
    Recency(days=14),
    Recency(days=60),
    Recency(places=5),
    Recency(places=20),
    Recency(places=60),
    Recency(),
)
HYBRID_FOLD_INS = tuple(
    FoldIn(ridge, unseen, bias)
    for ridge, unseen in (
        (100.0, 0.0),
        (100.0, 0.1),
        (30.0, 0.0),
        (30.0, 0.01),
        (10.0, 0.01),
        (1.0, 0.1),
    )
    for bias in (0.0, 0.1, 0.3)
)
FACTOR_FOLD_INS = (FoldIn(1.0, 0.1), FoldIn(1.0, 0.3), FoldIn(3.0, 0.5), FoldIn(10.0, 0.1))
Judge = Callable[[Member], float]
Startable = TypeVar("Startable", Factors, LightFMHybrid)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One member in its best form: how it is trained and served, and its scores."""

    name: str
    trainer: Trainer
    recency: Recency
    fold_in: FoldIn | None
    scores: Column
    ndcg: float
    chosen_by: str = "grid"  # or "search"
    arrays: Mapping[str, Column] = field(default_factory=dict)  # of those that are a start


def candidates(
    past: Interactions,
    audience: Audience,
    features: ItemFeatures,
    seed: int,
    start: Start | None = None,
) -> Iterator[Candidate]:
    """One a family that is installed here. What may go on from `start` is tried afresh too."""
    tuning = Tuning(past, audience, seed, start)
    yield tuning.table(POPULAR, [Popularity(days) for days in (7, 30, 120, 3650)])
    yield tuning.table(ALIKE, [Nearest(), Nearest(60)])
    yield tuning.table(FOLLOWS, [Following(), Following(damping=0.3)])
    yield tuning.table(LINEAR, [Linear(100), Linear(500)])
    yield tuning.table(CONTENT, [Content(features)])
    if factors.is_installed():
        yield tuning.factors([Factors(), Factors(confidence=2.0), Factors(128, confidence=2.0)])
    if lightfm_hybrid.is_installed():
        yield tuning.hybrid(LightFMHybrid(features))


@dataclass(frozen=True, slots=True)
class Tuning:
    """Tries forms on the past; the audience judges."""

    past: Interactions
    audience: Audience
    seed: int
    start: Start | None = None

    def table(self, name: str, trainers: Iterable[Trainer]) -> Candidate:
        """The trainer is chosen at the usual recency, then the recency for that trainer."""
        tried = []
        for trainer in trainers:
            arrays = trainer.fit(self.past, seed=self.seed)
            member = read_members(arrays, Serving())[name]
            tried.append((self.judged(member), trainer, member))
        _, trainer, member = max(tried, key=lambda one: one[0])
        recencies = (USUAL,) if name == POPULAR else RECENCIES
        return self.at_best_recency(name, trainer, member, recencies)

    def factors(self, trainers: Iterable[Factors]) -> Candidate:
        tried = []
        for trainer in (form for fresh in trainers for form in self.afresh_and_on(fresh, FACTORS)):
            vectors = trainer.fit(self.past, seed=self.seed)[FACTORS]
            for fold_in in FACTOR_FOLD_INS:
                member = Vectors.of(vectors, np.zeros(len(vectors), np.float32), fold_in)
                tried.append((self.judged(member), trainer, member))
        _, trainer, member = max(tried, key=lambda one: one[0])
        found = self.at_best_recency(FACTORS, trainer, member, RECENCIES)
        return replace(found, arrays={FACTORS: member.vectors})

    def hybrid(self, trainer: LightFMHybrid) -> Candidate:
        """Epochs by early stopping at the usual fold-in, then its parameters, then the recency."""

        def judge(arrays: dict[str, Column]) -> float:
            return self.judged(Vectors.of(arrays["vectors"], arrays["biases"], HYBRID_FOLD_INS[0]))

        looks = [
            (form, form.watched(self.past, seed=self.seed, judge=judge))
            for form in self.afresh_and_on(trainer, VECTORS)
        ]
        best, watched = max(looks, key=lambda one: one[1].score)
        vectors, biases = watched.arrays["vectors"], watched.arrays["biases"]
        tried = [Vectors.of(vectors, biases, fold_in) for fold_in in HYBRID_FOLD_INS]
        member = max(tried, key=self.judged)
        stopped = replace(best, epochs=watched.epochs)
        found = self.at_best_recency(VECTORS, stopped, member, RECENCIES)
        return replace(found, arrays=watched.arrays)

    def afresh_and_on(self, fresh: Startable, name: str) -> Iterator[Startable]:
        """From nothing first: of equals it is taken."""
        yield fresh
        if self.start is not None and self.start.fits(name, fresh.size):
            yield replace(fresh, start=self.start)

    def judged(self, member: Member) -> float:
        return self.audience.ndcg(self.audience.scores(member, USUAL))

    def at_best_recency(
        self, name: str, trainer: Trainer, member: Member, recencies: Iterable[Recency]
    ) -> Candidate:
        fold_in = member.fold_in if isinstance(member, Vectors) else None
        best = Candidate(name, trainer, USUAL, fold_in, _NONE, -1.0)
        for recency in recencies:
            scores = self.audience.scores(member, recency)
            ndcg = self.audience.ndcg(scores)
            if ndcg > best.ndcg:
                best = replace(best, recency=recency, scores=scores, ndcg=ndcg)
        return best


_NONE: np.ndarray[Any, Any] = np.zeros(0, np.float32)
