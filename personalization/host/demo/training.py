"""The demo's model and scores: ordered through the outbox, made by the worker, awaited here."""

import time
from collections.abc import Callable
from typing import Final

from personalization.govern.models import Site
from personalization.learn.models import ModelVersion, ScoringRun
from personalization.learn.registry import promote, promoted
from personalization.outbox import Job, after_commit

LONGEST: Final = 900.0  # seconds to wait before the shop opens without a model
GLANCE: Final = 0.3
BY: Final = "demo"


class NotTrained(Exception):
    """The worker could not train; the sentence says why."""


def train(
    site: Site, *, look_after: Callable[[], None], say: Callable[[str], None]
) -> ModelVersion:
    """Let the worker train, and wait for it and for the suggestions that follow."""
    job = after_commit("learn.train", unique=f"learn.train:{site.pk}", site_id=site.pk)
    _await(job, look_after, say)
    model = ModelVersion.objects.filter(site=site).order_by("-number").first()
    if model is None:
        raise NotTrained(f"the worker finished without a model: {job.result}")
    if promoted(site) is None:
        promote(model, by=BY)
    _await_snapshot(site, look_after)
    return model


def score(site: Site, *, look_after: Callable[[], None], say: Callable[[str], None]) -> str:
    """Let the worker score the visitors, and wait for what it says in the end."""
    job = after_commit("learn.score", unique=f"learn.score:{site.pk}", site_id=site.pk)
    _await(job, look_after, say)
    return str((job.result or {}).get("sentence", ""))


def is_scored(site: Site) -> bool:
    return ScoringRun.objects.filter(site=site).exists()


def is_trained(site: Site) -> bool:
    site.refresh_from_db(fields=["live_learned"])
    return site.live_learned is not None and promoted(site) is not None


def measured(model: ModelVersion) -> str:
    """`NDCG@10 0.211 (popularity 0.034)`: how the model did on the days that it did not see."""
    k = model.metrics.get("k", 10)
    ours, plain = model.metrics["model"]["ndcg"], model.metrics["popularity"]["ndcg"]
    return f"NDCG@{k} {ours:.3f} (popularity {plain:.3f})"


def _await(job: Job, look_after: Callable[[], None], say: Callable[[str], None]) -> None:
    shown = ""
    deadline = time.monotonic() + LONGEST
    while job.state not in (Job.DONE, Job.FAILED):
        if time.monotonic() > deadline:
            raise NotTrained("the worker took too long; it goes on in the background")
        look_after()
        time.sleep(GLANCE)
        job.refresh_from_db()
        if job.progress and job.progress != shown:
            shown = job.progress
            say(shown)
    if job.state == Job.FAILED:
        raise NotTrained(job.error.strip().splitlines()[-1] if job.error else "the job failed")


def _await_snapshot(site: Site, look_after: Callable[[], None]) -> None:
    deadline = time.monotonic() + LONGEST
    while not is_trained(site) and time.monotonic() < deadline:
        look_after()
        time.sleep(GLANCE)
