"""What a visitor did, as item positions with weights.

In:  signals, newest first, as `rules.Visitor` carries them.
Out: `Past`: each known item once, with what its strongest signal says and how long ago that was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from personalization.learn.serving import Recency, type_weight
from rules.types import Signal

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Past:
    """Columns of one visitor's known items, newest first; `ages` in days before the newest."""

    items: np.ndarray[Any, np.dtype[np.int64]]
    strengths: np.ndarray[Any, np.dtype[np.float32]]
    ages: np.ndarray[Any, np.dtype[np.float32]]

    def weights(self, recency: Recency) -> np.ndarray[Any, np.dtype[np.float32]]:
        return faded(self.strengths, self.ages, recency)


def faded(
    strengths: np.ndarray[Any, np.dtype[np.float32]],
    ages: np.ndarray[Any, np.dtype[np.float32]],
    recency: Recency,
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The weights of one visitor's items, or of many visitors' in rows; newest first."""
    halvings = np.zeros(strengths.shape, np.float32)
    if recency.days:
        halvings += ages / np.float32(recency.days)
    if recency.places:
        places = np.arange(strengths.shape[-1], dtype=np.float32)
        halvings += places / np.float32(recency.places)
    return (strengths * np.exp2(-halvings)).astype(np.float32)


def past(signals: Sequence[Signal], positions: Mapping[str, int]) -> Past:
    """An item counts once, at its newest signal, with the weight of its strongest type."""
    strongest: dict[int, float] = {}
    newest: dict[int, float] = {}
    for signal in signals:
        position = positions.get(signal.item)
        if position is not None:
            weight = type_weight(signal.type)
            newest.setdefault(position, signal.at.timestamp())
            strongest[position] = max(strongest.get(position, 0.0), weight)
    return columns(list(newest), list(strongest.values()), list(newest.values()))


def columns(items: Sequence[int], strengths: Sequence[float], times: Sequence[float]) -> Past:
    """`times` in seconds, newest first. Strengths are scaled to at most 1."""
    at = np.asarray(times, np.float64)
    strong = np.asarray(strengths, np.float32)
    scale = strong.max() if len(strong) else np.float32(1)
    ages = ((at.max() - at) / DAY).astype(np.float32) if len(at) else at.astype(np.float32)
    return Past(np.asarray(items, np.int64), strong / scale, ages)
