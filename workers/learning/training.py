"""Train a site's model: read, choose, measure on held-out events, fit on all, register.

In:  a site with consented events.
Out: a registered model version, promoted if the rule says so, and a fresh snapshot.
"""

import resource
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from personalization import conf
from personalization.govern.models import Site
from personalization.learn import arrays, artefacts, registry, snapshots
from personalization.learn.describing import Vocabulary
from personalization.learn.models import ModelVersion
from personalization.learn.ranker import ArrayRanker
from personalization.learn.serving import Serving
from personalization.report.model_audit import why_it_waits
from workers.learning.attributes import read_audit
from workers.learning.auditing import NOTHING, Audit, cost_of_weights
from workers.learning.choices import Budget, Choices, Say, choose
from workers.learning.describing import describe_items
from workers.learning.events import read_study
from workers.learning.meanwhile import undisturbed
from workers.learning.measuring import Live, Tried, measured, quality
from workers.learning.starting import (
    CHOOSING,
    FITTING,
    MEASURING,
    STAGES,
    Beginning,
    beginning,
    kept,
)
from workers.learning.starting import FILE as START
from workers.learning.study import Study
from workers.training import lightfm_hybrid
from workers.training.interactions import Column, Interactions, NotEnoughData
from workers.training.reweighting import balanced
from workers.training.split import Split, temporal

TEST_SHARE = 0.25
WITH_VECTORS, WITHOUT_VECTORS = "lightfm-hybrid", "co-visitation"


@dataclass(frozen=True, slots=True)
class Report:
    """How a run ended. `sentence` is for a person; `model` None: popularity serves."""

    sentence: str
    model: ModelVersion | None = None
    is_promoted: bool = False

    def to_document(self) -> dict[str, Any]:  # JSON values, the result of a job
        return {
            "sentence": self.sentence,
            "model": None if self.model is None else self.model.pk,
            "number": None if self.model is None else self.model.number,
            "metrics": {} if self.model is None else self.model.metrics,
            "promoted": self.is_promoted,
        }


def train(
    site: Site,
    *,
    seed: int,
    say: Say,
    reweight: str | None = None,
    trials: int | None = None,
    is_fresh: bool = False,
) -> Report:
    """Too little data is an answer, not a failure: popularity serves meanwhile.

    `reweight`: the attribute whose small groups count more; `trials` a family beyond the grid;
    None is what the site or the setting says. `is_fresh`: start from nothing.
    """
    budget = int(conf.get("TUNING_TRIALS")) if trials is None else trials

    def run() -> registry.Trained:
        return _learnt(
            site, seed=seed, say=say, reweight=reweight, trials=budget, is_fresh=is_fresh
        )

    try:
        return enter(site, undisturbed(site, run, say=say))
    except NotEnoughData as little:
        return too_little(site, little)


def _learnt(
    site: Site, *, seed: int, say: Say, reweight: str | None, trials: int, is_fresh: bool
) -> registry.Trained:
    study = read_study(site)
    audit = read_audit(site, study, reweight=reweight)
    say(", ".join(f"{count:,} {name}" for name, count in study.counts().items()))
    if any(study.dropped.values()):
        left_out = (f"{count:,} {name.replace('_', ' ')}" for name, count in study.dropped.items())
        say(f"left out: {', '.join(left_out)}")
    study.require_enough()
    if not lightfm_hybrid.is_installed():
        say(lightfm_hybrid.MISSING)
    begun = None if is_fresh else beginning(site, study)
    live = live_of(site)
    return learn(study, seed=seed, say=say, live=live, audit=audit, trials=trials, begun=begun)


def enter(site: Site, trained: registry.Trained) -> Report:
    """Into the register, into use if the rule says so, and onto pages."""
    model = registry.register(site, trained)
    is_promoted = registry.promote_by_rule(model)
    snapshots.refresh(site)
    return Report(_sentence(model, is_promoted), model, is_promoted)


def too_little(site: Site, little: NotEnoughData) -> Report:
    """An answer, not a failure."""
    snapshots.refresh(site)
    return Report(f"Too little to learn from yet: {little}. Popularity serves.")


def learn(
    study: Study,
    *,
    seed: int,
    say: Say,
    live: Live | None = None,
    audit: Audit = NOTHING,
    trials: int = 0,
    begun: Beginning | None = None,
) -> registry.Trained:
    """The same study, seed and beginning give the same bytes; `live` is only judged beside it."""
    began = monotonic()
    vocabulary = Vocabulary.of(study.texts)
    features = describe_items(study.texts, vocabulary)
    starts = {} if begun is None else {s: begun.at(s, study, features) for s in STAGES}
    memory = int(conf.get("RECENT_EVENTS"))
    split = temporal(study.interactions, TEST_SHARE, seed=seed)
    choosing = Budget(trials, starts.get(CHOOSING))
    choices = choose(split.past, features, seed=seed, memory=memory, say=say, budget=choosing)
    say("measuring on held-out events")
    past = _weighed(split.past, audit, seed)
    before = choices.fit(past, seed=seed, start=starts.get(MEASURING))
    ranker = ArrayRanker.of(before, study.keys, choices.serving)
    metrics = measured(ranker, split, memory, live, audit)
    if audit.reweighted:
        say(f"measuring without the weights by {audit.reweighted}")
        without = choices.fit(split.past, seed=seed, start=starts.get(MEASURING))
        plain = ArrayRanker.of(without, study.keys, choices.serving)
        metrics["reweighted"] = _cost(plain, ranker, split, memory, audit)
    say("fitting on all events")
    everything = _weighed(study.interactions, audit, seed)
    after = choices.fit(everything, seed=seed, start=starts.get(FITTING))
    start = kept({CHOOSING: choices.arrays, MEASURING: before, FITTING: after}, study, features)
    return registry.Trained(
        family=WITH_VECTORS if lightfm_hybrid.is_installed() else WITHOUT_VECTORS,
        content=packed(after, study.keys, choices.serving, vocabulary),
        parameters={
            **parameters_of(choices, seed),
            "started_from": None if begun is None else begun.number,
            "rows": {"count": len(study.interactions), "sha256": study.digest()},
            "start": artefacts.digest_of(start),
            "words": len(features.names),
        },
        metrics={
            **metrics,
            "until": float(study.interactions.at.max()),
            "mix": asked_for(study),
            "dropped": dict(study.dropped),
            "memory": _peak(),
        },
        fingerprint=study.fingerprint(),
        counts=study.counts(),
        seconds=round(monotonic() - began, 1),
        beside={START: start},
    )


def _weighed(interactions: Interactions, audit: Audit, seed: int) -> Interactions:
    if not audit.reweighted:
        return interactions
    return balanced(interactions, audit.attributes[audit.reweighted], seed=seed)


def _cost(
    without: ArrayRanker, weighed: ArrayRanker, split: Split, memory: int | None, audit: Audit
) -> dict[str, Any]:  # JSON
    tried = Tried.of(split, memory)
    before, after = (quality(ranker, split, tried) for ranker in (without, weighed))
    return cost_of_weights(audit, tried.visitors, before, after)


def live_of(site: Site) -> Live | None:
    """The model that pages use, to be judged beside the new one; changed bytes are no judge."""
    model = registry.promoted(site)
    if model is None or "until" not in model.metrics:
        return None
    content = artefacts.read(f"{model.artefact}/{registry.FILE}", model.sha256)
    return Live(model.number, ArrayRanker.load(content), float(model.metrics["until"]))


def packed(
    found: Mapping[str, Column], keys: Sequence[str], serving: Serving, vocabulary: Vocabulary
) -> bytes:
    """The artefact: all that pages need, and what places items that join later."""
    about = {"keys": list(keys), "serving": serving.to_document()}
    return arrays.pack(found, {"format": 1, **about, "vocabulary": vocabulary.to_document()})


def parameters_of(choices: Choices, seed: int) -> dict[str, Any]:  # JSON values
    return {
        "seed": seed,
        "serving": choices.serving.to_document(),
        "trainers": {trainer.name: _numbers(trainer) for trainer in choices.trainers},
        "validation": {name: round(value, 6) for name, value in choices.validation.items()},
        "chosen_by": dict(choices.chosen_by),
        "started": choices.started,
        "sampled": choices.is_sampled,
    }


def asked_for(study: Study, days: float = 30.0) -> dict[str, float]:
    """The share of each category in the newest events: what drift is measured from."""
    rows = study.interactions
    newest = rows.at.max() - rows.at < days * 86_400
    counts = Counter(study.texts[int(item)].category for item in rows.items[newest])
    return {name: round(count / counts.total(), 6) for name, count in sorted(counts.items())}


def _peak() -> int:
    """Megabytes that this process held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _numbers(trainer: object) -> dict[str, Any]:  # JSON values
    named = {name: getattr(trainer, name) for name in getattr(trainer, "__slots__", ())}
    return {name: value for name, value in named.items() if isinstance(value, int | float)}


def _sentence(model: ModelVersion, is_promoted: bool) -> str:
    mine, popular = model.metrics["model"]["ndcg"], model.metrics["popularity"]["ndcg"]
    state = "is in use" if is_promoted else "waits for a person: `promote` puts it in use"
    said = f"Model {model.number}: NDCG@10 {mine:.4f}, popularity {popular:.4f}. It {state}."
    return " ".join([said, *(() if is_promoted else why_it_waits(model))])
