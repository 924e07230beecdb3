"""How good the versions of a site's model were, as points with their intervals.

In:  models, oldest first. Out: places in a picture of `WIDTH` by `HEIGHT`; no drawing here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from personalization.learn.models import ModelVersion
from personalization.report.model_words import ndcg_of

WIDTH, HEIGHT, MARGIN, FOOT = 640, 220, 44, 28
MOST: Final = 20  # versions


@dataclass(frozen=True, slots=True)
class Point:
    model: ModelVersion
    value: float
    x: float
    y: float
    top: float
    bottom: float
    popularity: float | None  # its height

    @property
    def left(self) -> float:
        """Where the line of popularity begins."""
        return self.x - 8


@dataclass(frozen=True, slots=True)
class Chart:
    points: tuple[Point, ...]
    ticks: tuple[tuple[float, str], ...]  # height, figure
    width: int = WIDTH
    height: int = HEIGHT
    left: int = MARGIN


def chart(models: Sequence[ModelVersion]) -> Chart | None:
    """None where fewer than two versions were measured: one point is no course."""
    measured = [(model, value) for model in models if (value := ndcg_of(model)) is not None]
    measured = measured[-MOST:]
    if len(measured) < 2:
        return None
    spans = [_ends(model, value) for model, value in measured]
    most = max(high for _low, high in spans) * 1.1 or 1.0

    def at(value: float) -> float:
        return round(HEIGHT - FOOT - value / most * (HEIGHT - FOOT - 10), 1)

    step = (WIDTH - MARGIN - 20) / (len(measured) - 1)
    points = [
        Point(
            model,
            value,
            round(MARGIN + 10 + step * place, 1),
            at(value),
            at(high),
            at(max(0.0, low)),
            None if (popular := ndcg_of(model, "popularity")) is None else at(popular),
        )
        for place, ((model, value), (low, high)) in enumerate(zip(measured, spans, strict=True))
    ]
    ticks = [(at(most * part / 4), f"{most * part / 4:.2f}") for part in range(5)]
    return Chart(tuple(points), tuple(ticks))


def _ends(model: ModelVersion, value: float) -> tuple[float, float]:
    ends = model.metrics["model"].get("intervals", {}).get("ndcg")
    return (float(ends[0]), float(ends[1])) if ends else (value, value)
