"""How good the versions of a site's model were, as points with their intervals.

In:  models, oldest first, and which figure of them.
Out: places in a picture of `WIDTH` by `HEIGHT`; no drawing here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy

from personalization.learn.models import ModelVersion
from personalization.report.model_words import METRICS

WIDTH, HEIGHT, MARGIN, FOOT = 640, 220, 44, 28
MOST: Final = 20  # versions
SECONDS, MEMORY = "seconds", "memory"
FIGURES: Final = {
    **METRICS,
    SECONDS: gettext_lazy("training time in seconds"),
    MEMORY: gettext_lazy("most memory held, in MB"),
}


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


def chart(models: Sequence[ModelVersion], figure: str = "ndcg") -> Chart | None:
    """None where fewer than two versions were measured: one point is no course."""
    measured = [(one, value) for one in models if (value := _value(one, figure)) is not None]
    measured = measured[-MOST:]
    if len(measured) < 2:
        return None
    spans = [_ends(model, figure, value) for model, value in measured]
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
            None if (plain := _value(model, figure, "popularity")) is None else at(plain),
        )
        for place, ((model, value), (low, high)) in enumerate(zip(measured, spans, strict=True))
    ]
    ticks = [(at(most * part / 4), f"{most * part / 4:.3g}") for part in range(5)]
    return Chart(tuple(points), tuple(ticks))


def _value(model: ModelVersion, figure: str, whose: str = "model") -> float | None:
    if figure in (SECONDS, MEMORY):
        found = model.seconds if figure == SECONDS else model.metrics.get("memory")
        return None if whose != "model" or found is None else float(found)
    value = model.metrics.get(whose, {}).get(figure)
    return None if value is None else float(value)


def _ends(model: ModelVersion, figure: str, value: float) -> tuple[float, float]:
    ends = model.metrics.get("model", {}).get("intervals", {}).get(figure)
    return (float(ends[0]), float(ends[1])) if ends else (value, value)
