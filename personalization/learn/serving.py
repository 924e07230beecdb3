"""How a model is served: which members it blends, and how fast the past fades.

In:  what training chose on a validation tail.
Out: a JSON document that travels in the artefact, and back.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

TYPE_WEIGHTS: Mapping[str, float] = {
    "purchase": 4.0,
    "conversion": 4.0,
    "add_to_cart": 3.0,
    "click": 1.0,
    "view": 1.0,
}


def type_weight(event_type: str) -> float:
    """What one event says about a taste; a site's own types count as a view."""
    return TYPE_WEIGHTS.get(event_type, 1.0)


@dataclass(frozen=True, slots=True)
class Recency:
    """A signal counts 2^-(age / days) * 2^-(place / places); age and place from the newest.

    None: that clock does not matter.
    """

    days: float | None = None
    places: float | None = None


@dataclass(frozen=True, slots=True)
class FoldIn:
    """Ridge solution of a visitor's vector u on fixed item vectors v:

    minimise sum_i w_i (1 - u.v_i)^2 + unseen * sum_j (u.v_j)^2 + ridge * |u|^2,
    then score u.v + bias * b.
    """

    ridge: float = 1.0
    unseen: float = 0.1
    bias: float = 0.0


@dataclass(frozen=True, slots=True)
class Serving:
    """Members by weight, each with its own recency; and the fold-in of those with vectors.

    `cold`: the weights by which items that nobody touched yet are ordered among themselves.
    """

    blend: Mapping[str, float] = field(default_factory=dict)
    recency: Mapping[str, Recency] = field(default_factory=dict)
    fold_ins: Mapping[str, FoldIn] = field(default_factory=dict)
    cold: Mapping[str, float] = field(default_factory=dict)

    def to_document(self) -> dict[str, Any]:
        return {
            "blend": dict(self.blend),
            "recency": {name: asdict(value) for name, value in self.recency.items()},
            "fold_ins": {name: asdict(value) for name, value in self.fold_ins.items()},
            "cold": dict(self.cold),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        return cls(
            dict(document["blend"]),
            {name: Recency(**value) for name, value in document["recency"].items()},
            {name: FoldIn(**value) for name, value in document["fold_ins"].items()},
            dict(document["cold"]),
        )
