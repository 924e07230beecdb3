"""What is decided on the validation tail when Spark trains: `choices`, for a log.

In:  the part of a log that may be looked at. Spark fits; a bounded sample of visitors judges here.
Out: `Choices`, whose trainers learn from logs.
"""

from collections.abc import Iterator
from typing import Any, Final

from personalization.learn.ranker import ALIKE, CONTENT, DESCRIBED, FOLLOWS, POPULAR
from personalization.learn.serving import Serving
from workers.learning.audience import Audience
from workers.learning.choices import (
    FEWEST_JUDGES,
    NEWEST,
    USUAL_BLEND,
    VALIDATION,
    Choices,
    Say,
    blend,
)
from workers.learning.forms import USUAL, Candidate, Tuning
from workers.training.content import Content
from workers.training.factors import Factors
from workers.training.following import Following
from workers.training.interactions import Column
from workers.training.item_features import ItemFeatures
from workers.training.nearest import Nearest, Together
from workers.training.popularity import Popularity
from workers.training.spark.families import OnSpark
from workers.training.spark.log import Log, sample

MOST_JUDGES: Final = 20_000  # visitors whose rows come to this process
COLD: Final = {DESCRIBED: 1.0}
Learner = Any  # a `Trainer` of logs: `OnSpark`, and `Content`, which looks at no event


def choose(
    past: Log, features: ItemFeatures, *, seed: int, memory: int | None, say: Say
) -> Choices:
    earlier, later = past.split(VALIDATION, seed=seed)
    judges = sample(earlier, later, MOST_JUDGES, seed=seed)
    audience = Audience.of(judges.split, memory, share=NEWEST)
    if len(audience) < FEWEST_JUDGES:
        return _usual(features)
    found = []
    for candidate in _candidates(earlier, audience, features, seed):
        say(f"{candidate.name}: NDCG@10 {candidate.ndcg:.4f} on the validation tail")
        found.append(candidate)
    weights, score = blend(audience, found)
    say(f"blend: NDCG@10 {score:.4f} on the validation tail")
    together: Learner = OnSpark(Together())
    return Choices(
        (*(candidate.trainer for candidate in found), together),
        Serving(
            {name: weight for name, weight in weights.items() if weight},
            {candidate.name: candidate.recency for candidate in found},
            {one.name: one.fold_in for one in found if one.fold_in is not None},
            COLD,
        ),
        {**{candidate.name: candidate.ndcg for candidate in found}, "blend": score},
    )


def fit(choices: Choices, log: Log, *, seed: int) -> dict[str, Column]:
    """`Choices.fit`, of a log."""
    learners: tuple[Learner, ...] = choices.trainers
    arrays: dict[str, Column] = {}
    for learner in learners:
        arrays.update(learner.fit(log, seed=seed))
    return arrays


def _candidates(
    earlier: Any, audience: Audience, features: ItemFeatures, seed: int
) -> Iterator[Candidate]:
    """Fewer forms than the local engine tries: each fit passes through the whole log."""
    tuning = Tuning(earlier, audience, seed)
    popular: list[Learner] = [OnSpark(Popularity(days)) for days in (7, 30, 120, 3650)]
    follows: list[Learner] = [OnSpark(Following())]
    alike: list[Learner] = [OnSpark(Nearest())]
    factors: list[Learner] = [OnSpark(Factors()), OnSpark(Factors(confidence=2.0))]
    yield tuning.table(POPULAR, popular)
    yield tuning.table(ALIKE, alike)
    yield tuning.table(FOLLOWS, follows)
    yield tuning.table(CONTENT, [Content(features)])
    yield tuning.factors(factors)


def _usual(features: ItemFeatures) -> Choices:
    """What is right for most shops, until this one can tell."""
    forms = (Popularity(), Nearest(), Following(), Together())
    trainers: tuple[Learner, ...] = (*(OnSpark(form) for form in forms), Content(features))
    return Choices(trainers, Serving(USUAL_BLEND, dict.fromkeys(USUAL_BLEND, USUAL), {}, COLD), {})
