"""When a model goes live by itself: only if it is surely better than the live one, for everybody.

In:  the figures of a new model, the live model, the groups that the site guards.
Out: what stands against it; nothing is a yes. Each reason is a JSON document: `code` and `group`.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from personalization.learn.models import ModelVersion

EVERYONE: Final = "everyone"
Reason = dict[str, str]


def reasons_against(
    model: ModelVersion, live: ModelVersion | None, guarded: Sequence[str]
) -> list[Reason]:
    """The first model has nobody to beat.

    `popularity`: most popular items would do as well. `unsure`: for this group it is not better
    beyond the interval. `unjudged`: too few visitors of a guarded group to tell, which is no yes.
    """
    if live is None:
        return []
    return [*_popularity(model), *_live(model, live, guarded)]


def _popularity(model: ModelVersion) -> Iterator[Reason]:
    if ndcg_of(model) <= float(model.metrics.get("popularity", {}).get("ndcg", 0.0)):
        yield {"code": "popularity", "group": EVERYONE}


def _live(model: ModelVersion, live: ModelVersion, guarded: Sequence[str]) -> Iterator[Reason]:
    against = model.metrics.get("against")
    if against is None or against["model"] != live.number:
        if _least(model) <= ndcg_of(live):
            yield {"code": "unsure", "group": EVERYONE}
        yield from ({"code": "unjudged", "group": name} for name in guarded)
        return
    for name in (EVERYONE, *guarded):
        found: dict[str, Any] | None = against["groups"].get(name)
        if found is None:
            yield {"code": "unjudged", "group": name}
        elif found["low"] <= 0:
            yield {"code": "unsure", "group": name}


def ndcg_of(model: ModelVersion) -> float:
    return float(model.metrics.get("model", {}).get("ndcg", 0.0))


def _least(model: ModelVersion) -> float:
    """The lower end of what its NDCG may be."""
    ends = model.metrics.get("model", {}).get("intervals", {}).get("ndcg")
    return float(ends[0]) if ends else ndcg_of(model)
