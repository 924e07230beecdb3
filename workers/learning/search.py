"""Parameters between the points of the grid, searched for by Optuna within a budget of trials.

In:  a family's best form of the grid, the past to train on, the audience that judges.
Out: the best form that was tried, never worse there than the grid's. A budget counts trials, not
     minutes, and the sampler is seeded: the same data and seed find the same form.
"""

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

from personalization.learn.ranker import (
    ALIKE,
    FACTORS,
    FOLLOWS,
    LINEAR,
    POPULAR,
    VECTORS,
    read_members,
)
from personalization.learn.serving import FoldIn, Recency, Serving
from workers.learning.audience import Audience
from workers.learning.forms import Candidate
from workers.training.interactions import Interactions

MISSING: Final = "Optuna is not installed: install the extra `tuning` to search beyond the grid"
ENDLESS: Final = 3650.0  # days or places: this and more never fades
Range = tuple[float, float]
OF_TRAINERS: Final[Mapping[str, Mapping[str, Range]]] = {
    POPULAR: {"half_life": (2.0, ENDLESS)},
    ALIKE: {"half_life": (7.0, ENDLESS)},
    FOLLOWS: {"fade": (1.0, 100.0), "damping": (0.05, 1.0)},
    LINEAR: {"ridge": (10.0, 5000.0)},
    FACTORS: {"confidence": (0.5, 60.0), "ridge": (0.3, 60.0)},
    VECTORS: {"rate": (0.01, 0.2)},
}
OF_RECENCY: Final[Mapping[str, Range]] = {"days": (0.5, ENDLESS), "places": (1.0, ENDLESS)}
OF_FOLD_IN: Final[Mapping[str, Range]] = {"ridge": (0.3, 300.0), "unseen": (0.001, 2.0)}


def is_installed() -> bool:
    try:
        import_module("optuna")
    except ImportError:
        return False
    return True


def searched(
    found: Candidate, past: Interactions, audience: Audience, *, seed: int, trials: int
) -> Candidate:
    """Tree-structured Parzen estimators (Bergstra et al., NeurIPS 2011), from the grid's best."""
    optuna = import_module("optuna")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    ranges = _ranges(found)
    study.enqueue_trial(_start(found, ranges))
    best = found
    for _ in range(trials):
        trial = study.ask()
        values = {name: trial.suggest_float(name, *ends, log=True) for name, ends in ranges.items()}
        tried = _judged(_formed(found, values), past, audience, seed)
        study.tell(trial, tried.ndcg)
        best = tried if tried.ndcg > best.ndcg else best
    return best


def _ranges(found: Candidate) -> dict[str, Range]:
    """By dotted name; what most like does not depend on a visitor, so nothing of it fades twice."""
    parts = {
        "trainer": OF_TRAINERS.get(found.name, {}),
        "recency": {} if found.name == POPULAR else OF_RECENCY,
        "fold_in": {} if found.fold_in is None else OF_FOLD_IN,
    }
    return {f"{part}.{name}": ends for part, named in parts.items() for name, ends in named.items()}


def _start(found: Candidate, ranges: Mapping[str, Range]) -> dict[str, float]:
    """The grid's form, moved into the ranges: None is endless, and zero the least."""
    values = {}
    for name, (low, high) in ranges.items():
        part, field = name.split(".")
        value = getattr(getattr(found, part), field)
        values[name] = high if value is None else min(max(float(value), low), high)
    return values


def _formed(found: Candidate, values: Mapping[str, float]) -> Candidate:
    named: dict[str, dict[str, Any]] = {"trainer": {}, "recency": {}, "fold_in": {}}
    for name, value in values.items():
        part, field = name.split(".")
        named[part][field] = value
    recency = {
        name: None if value >= ENDLESS else value for name, value in named["recency"].items()
    }
    # a dataclass, which the protocol cannot say
    trainer = replace(found.trainer, **named["trainer"])  # type: ignore[type-var]
    return replace(
        found,
        trainer=trainer,
        recency=Recency(**recency) if recency else found.recency,
        fold_in=None if found.fold_in is None else replace(found.fold_in, **named["fold_in"]),
        chosen_by="search",
    )


def _judged(form: Candidate, past: Interactions, audience: Audience, seed: int) -> Candidate:
    arrays = form.trainer.fit(past, seed=seed)
    fold_ins: dict[str, FoldIn] = {} if form.fold_in is None else {form.name: form.fold_in}
    member = read_members(arrays, Serving(fold_ins=fold_ins))[form.name]
    scores = audience.scores(member, form.recency)
    kept = arrays if form.arrays else {}
    return replace(form, scores=scores, ndcg=audience.ndcg(scores), arrays=kept)
