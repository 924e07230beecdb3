"""From which model the next one starts: from the last, while all that it learnt from still stands.

In:  a site and the study of now.
Out: the number of a model and its arrays at each stage of a run, or None: start from nothing.

Vectors that were trained with a visitor's events keep a trace of them. So a model is a start only
while the rows that it learnt from are, byte for byte, the first rows of the study of now: nobody
of them withdrew, was erased or aged out. After a withdrawal the next model starts from nothing and
is the model of a site where that visitor never was.

Each stage starts from the same stage of the last model, which saw no event that is held out now.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from personalization.govern.models import Site
from personalization.learn import artefacts
from personalization.learn.arrays import pack, unpack
from personalization.learn.models import ModelVersion
from workers.learning.study import Study
from workers.training.interactions import Column
from workers.training.item_features import ItemFeatures
from workers.training.start import Start

log = logging.getLogger(__name__)

FILE: Final = "start.npz"
CHOOSING, MEASURING, FITTING = STAGES = ("choosing", "measuring", "fitting")
KEPT: Final = ("vectors", "biases", "word_vectors", "word_biases", "factors")
Stages = Mapping[str, Mapping[str, Column]]


@dataclass(frozen=True, slots=True)
class Beginning:
    """Model `number`'s arrays by stage, over its items and words."""

    number: int
    stages: Stages
    keys: tuple[str, ...]
    words: tuple[str, ...]

    def at(self, stage: str, study: Study, features: ItemFeatures) -> Start:
        before, now = (self.keys, self.words), (study.keys, features.names)
        return Start.of(self.stages.get(stage, {}), before, now)


def beginning(site: Site, study: Study) -> Beginning | None:
    """The same events again start where they started before: the same bytes."""
    models = ModelVersion.objects.filter(site=site)
    twin = models.filter(fingerprint=study.fingerprint()).order_by("number").first()
    if twin is not None:
        found = models.filter(number=twin.parameters.get("started_from")).first()
    else:
        found = models.order_by("-number").first()
        found = found if found is not None and _still_stands(found, study) else None
    return None if found is None else _read(found)


def kept(stages: Stages, study: Study, features: ItemFeatures) -> bytes:
    """What the next model may start from: items and words, nothing of a visitor."""
    named = {
        f"{stage}/{name}": array
        for stage, arrays in stages.items()
        for name, array in arrays.items()
        if name in KEPT
    }
    return pack(named, {"keys": study.keys, "words": features.names})


def _still_stands(model: ModelVersion, study: Study) -> bool:
    rows = model.parameters.get("rows")
    return rows is not None and study.digest(rows["count"]) == rows["sha256"]


def _read(model: ModelVersion) -> Beginning | None:
    """A start that is gone or changed is none."""
    try:
        content = artefacts.read(f"{model.artefact}/{FILE}", model.parameters["start"])
    except artefacts.Tampered:
        log.exception("learn.start_refused", extra={"model": str(model)})
        return None
    arrays, about = unpack(content)
    stages: dict[str, dict[str, Column]] = {}
    for named, array in arrays.items():
        stage, name = named.split("/")
        stages.setdefault(stage, {})[name] = array
    return Beginning(model.number, stages, tuple(about["keys"]), tuple(about["words"]))
