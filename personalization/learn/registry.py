"""The register of models: which were trained, which one pages use, and who said so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max

from personalization import conf
from personalization.clock import now
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.learn import artefacts
from personalization.learn.models import ModelVersion
from personalization.outbox import after_commit

FILE = "model.npz"
BY_RULE = "rule"


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training run hands over: the arrays as bytes, and what is known of them."""

    family: str
    content: bytes
    parameters: Mapping[str, Any]  # JSON values
    metrics: Mapping[str, Any]  # {"model": {"ndcg": …, …}, "popularity": likewise, "k": 10, …}
    fingerprint: str
    counts: Mapping[str, int]
    seconds: float
    beside: Mapping[str, bytes] = field(default_factory=dict)  # files that pages do not read


def promoted(site: Site) -> ModelVersion | None:
    """The model that pages use: the one promoted last."""
    return (
        ModelVersion.objects.filter(site=site, promoted_at__isnull=False)
        .order_by("-promoted_at", "-number")
        .first()
    )


@transaction.atomic
def register(site: Site, trained: Trained) -> ModelVersion:
    """Store a model under the site's next number, not yet in use."""
    Site.objects.select_for_update().get(pk=site.pk)
    last = ModelVersion.objects.filter(site=site).aggregate(last=Max("number"))["last"]
    number = (last or 0) + 1
    folder = f"models/{site.key}/{number}"
    artefacts.write(folder, {FILE: trained.content, **trained.beside})
    return ModelVersion.objects.create(
        site=site,
        number=number,
        family=trained.family,
        parameters=dict(trained.parameters),
        metrics=dict(trained.metrics),
        fingerprint=trained.fingerprint,
        counts=dict(trained.counts),
        artefact=folder,
        sha256=artefacts.digest_of(trained.content),
        seconds=trained.seconds,
    )


@transaction.atomic
def promote(model: ModelVersion, *, by: str) -> ModelVersion:
    """Let pages use this model from the next snapshot on; changed bytes are refused."""
    artefacts.read(f"{model.artefact}/{FILE}", model.sha256)
    before = promoted(model.site)
    model.promoted_at = now()
    model.promoted_by = by[:200]
    model.save(update_fields=["promoted_at", "promoted_by"])
    audit.record(
        site=model.site,
        actor=by,
        action="model.promoted",
        target=str(model),
        changes={"from": None if before is None else str(before), "to": str(model)},
    )
    after_commit("learn.refresh", unique=f"learn.refresh:{model.site_id}", site_id=model.site_id)
    return model


def promote_by_rule(model: ModelVersion) -> bool:
    """The first model goes live; a later one must surely beat the live one, and popularity."""
    live = promoted(model.site)
    if live is not None and not _is_better(model, live):
        return False
    promote(model, by=BY_RULE)
    return True


def _is_better(model: ModelVersion, live: ModelVersion) -> bool:
    """Beyond the interval, for everyone and for every guarded group."""
    if _ndcg(model) <= float(model.metrics.get("popularity", {}).get("ndcg", 0.0)):
        return False
    against = model.metrics.get("against")
    if against is None or against["model"] != live.number:
        return _least(model) > _ndcg(live)
    guarded = ("everyone", *conf.get("GUARDED_GROUPS"))
    found = [against["groups"][name] for name in guarded if name in against["groups"]]
    return all(each["low"] > 0 for each in found)


def _ndcg(model: ModelVersion) -> float:
    return float(model.metrics.get("model", {}).get("ndcg", 0.0))


def _least(model: ModelVersion) -> float:
    """The lower end of what its NDCG may be."""
    ends = model.metrics.get("model", {}).get("intervals", {}).get("ndcg")
    return float(ends[0]) if ends else _ndcg(model)
