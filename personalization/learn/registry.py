"""The register of models: which were trained, which one pages use, and who said so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from personalization import conf
from personalization.clock import now
from personalization.exceptions import Conflict
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.learn import artefacts
from personalization.learn.models import ModelVersion
from personalization.learn.rule import reasons_against
from personalization.outbox import Job, after_commit

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
    return _in_line(site).first()


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


@transaction.atomic
def roll_back(site: Site, *, by: str) -> ModelVersion:
    """Let pages use the model that they used before the live one; changed bytes are refused.

    The live one is out of the line then: rolling back again goes one further back.
    """
    Site.objects.select_for_update().get(pk=site.pk)
    live, before = promoted(site), before_live(site)
    if live is None or before is None:
        raise Conflict(_("No model was in use before this one: there is nothing to go back to."))
    artefacts.read(f"{before.artefact}/{FILE}", before.sha256)
    live.promoted_at, live.promoted_by = None, ""
    live.save(update_fields=["promoted_at", "promoted_by"])
    audit.record(
        site=site,
        actor=by,
        action="model.rolled_back",
        target=str(live),
        changes={"from": str(live), "to": str(before)},
    )
    after_commit("learn.refresh", unique=f"learn.refresh:{site.pk}", site_id=site.pk)
    return before


@transaction.atomic
def ask_to_train(site: Site, *, by: str) -> Job:
    """Let a worker train a model now; while one waits to be trained, that is the one."""
    audit.record(site=site, actor=by, action="model.asked_for")
    return after_commit("learn.train", unique=f"learn.train:{site.pk}", site_id=site.pk)


def before_live(site: Site) -> ModelVersion | None:
    """The model that pages used before the live one."""
    return _in_line(site)[1:2].first()


def promote_by_rule(model: ModelVersion) -> bool:
    """The first model goes live; a later one must surely beat the live one, and popularity.

    Why a model waits is written into its record, for whoever decides.
    """
    live = promoted(model.site)
    against = reasons_against(model, live, tuple(conf.get("GUARDED_GROUPS")))
    if not against:
        promote(model, by=BY_RULE)
        return True
    model.metrics = {
        **model.metrics,
        "waits": {"model": None if live is None else live.number, "reasons": against},
    }
    model.save(update_fields=["metrics"])
    return False


def _in_line(site: Site) -> QuerySet[ModelVersion]:
    """Models that were put in use and not taken back, the one promoted last first."""
    return ModelVersion.objects.filter(site=site, promoted_at__isnull=False).order_by(
        "-promoted_at", "-number"
    )
