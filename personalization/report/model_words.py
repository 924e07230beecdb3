"""What a trained model is worth, in words for a marketer.

In:  the metrics and parameters that training wrote (`workers.learning.measuring`).
Out: sentences and table rows; a figure that training did not write is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from personalization.figures import decimal, whole
from personalization.govern.rounding import shown_count
from personalization.learn.models import ModelVersion

Document = Mapping[str, Any]  # JSON
METRICS: Final = {
    "ndcg": gettext_lazy("right items, early ones most (NDCG)"),
    "precision": gettext_lazy("right among those shown (precision)"),
    "recall": gettext_lazy("of the right ones, shown (recall)"),
    "map": gettext_lazy("precision at each right one (MAP)"),
    "mrr": gettext_lazy("one by the place of the first right one (MRR)"),
    "f1": gettext_lazy("between precision and recall (F1)"),
    "coverage": gettext_lazy("of the catalogue, shown to anybody"),
    "novelty": gettext_lazy("surprise, in bits"),
}
VISITORS: Final = {
    "everyone": gettext_lazy("everyone"),
    "new": gettext_lazy("new visitors (1 to 4 items so far)"),
    "known": gettext_lazy("known visitors (5 to 19 items)"),
    "regular": gettext_lazy("regular visitors (20 items and more)"),
}
ITEMS: Final = {
    "head": gettext_lazy("the best known fifth of the items"),
    "tail": gettext_lazy("all other items with events"),
    "new": gettext_lazy("items that nobody had touched"),
}
MEMBERS: Final = {
    "popular": gettext_lazy("what most like lately"),
    "alike": gettext_lazy("items with the same visitors (item-kNN)"),
    "follows": gettext_lazy("what comes after what (co-visitation)"),
    "linear": gettext_lazy("all items weighed against each other (EASE)"),
    "content": gettext_lazy("items that are described alike (TF-IDF)"),
    "factors": gettext_lazy("hidden traits of items (ALS)"),
    "vectors": gettext_lazy("hidden traits and metadata (LightFM)"),
    "described": gettext_lazy("items that are described alike (TF-IDF)"),
    "new": gettext_lazy("hidden traits by metadata alone (LightFM)"),
    "blend": gettext_lazy("all of them, blended"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure beside popularity's. `low`, `high`: where it lies 95 times of 100."""

    label: str
    model: float
    popularity: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """The difference to the model that was live, for one group; `verdict` is for a CSS class."""

    label: str
    visitors: int
    difference: float
    low: float
    high: float
    verdict: str  # "better", "worse" or "unsure"


@dataclass(frozen=True, slots=True)
class Member:
    """One part of the blend; `weight` 0 where it is not asked."""

    label: str
    alone: float | None
    weight: float
    days: float | None
    places: float | None


def ndcg_of(model: ModelVersion, whose: str = "model") -> float | None:
    value = model.metrics.get(whose, {}).get("ndcg")
    return None if value is None else float(value)


def headline(model: ModelVersion) -> str:
    """How much better than popularity, in one sentence."""
    mine, popular = ndcg_of(model), ndcg_of(model, "popularity")
    visitors = model.metrics.get("model", {}).get("visitors")
    if mine is None or popular is None or not visitors:
        return _("It was not measured.")
    judged = ngettext(
        "Judged on what %(n)s visitor did that it had not seen",
        "Judged on what %(n)s visitors did that it had not seen",
        visitors,
    ) % {"n": shown_count(visitors)}
    if popular <= 0:
        return _("%(judged)s: its lists hold right items, those of popularity none.") % {
            "judged": judged
        }
    times = {"judged": judged, "times": decimal(mine / popular, 1)}
    if _is_sure(model, popular):
        return _("%(judged)s, its lists are %(times)s times as good as the most popular items.") % (
            times
        )
    return _("%(judged)s, it is not surely better than the most popular items.") % times


def _is_sure(model: ModelVersion, popular: float) -> bool:
    ends = model.metrics["model"].get("intervals", {}).get("ndcg")
    return bool(ends) and ends[0] > popular


def figures(model: ModelVersion) -> Iterator[Figure]:
    mine = model.metrics.get("model", {})
    theirs = model.metrics.get("popularity", {})
    for name, label in METRICS.items():
        if name in mine:
            ends = mine.get("intervals", {}).get(name) or (None, None)
            yield Figure(str(label), float(mine[name]), theirs.get(name), *ends)


def by_visitors(model: ModelVersion) -> Iterator[Figure]:
    """NDCG by how long visitors have been known."""
    for name, group in model.metrics.get("visitors", {}).items():
        ends = group["model"].get("intervals", {}).get("ndcg") or (None, None)
        label = str(VISITORS.get(name, name))
        yield Figure(label, group["model"]["ndcg"], group["popularity"]["ndcg"], *ends)


def by_items(model: ModelVersion) -> Iterator[Figure]:
    """Of the right items of a group, the share that the lists held."""
    for name, group in model.metrics.get("items", {}).items():
        recall, ends = group["recall"], (group.get("low"), group.get("high"))
        yield Figure(str(ITEMS.get(name, name)), recall["model"], recall["popularity"], *ends)


def among_new(model: ModelVersion) -> Figure | None:
    """Items that nobody had touched, among themselves; beside them an order by lot."""
    found = model.metrics.get("cold")
    if not found:
        return None
    ends = found["intervals"].get("ndcg") or (None, None)
    return Figure(_("items that nobody had touched"), found["ndcg"], found["chance"], *ends)


def against(model: ModelVersion) -> tuple[int, list[Against]] | None:
    """The number of the model that was live, and the difference to it by group."""
    found = model.metrics.get("against")
    if not found:
        return None
    rows = [
        Against(
            str(VISITORS.get(name, name)),
            each["visitors"],
            each["ndcg"],
            each["low"],
            each["high"],
            _verdict(each),
        )
        for name, each in found["groups"].items()
    ]
    return found["model"], rows


def _verdict(each: Document) -> str:
    if each["low"] > 0:
        return "better"
    return "worse" if each["high"] < 0 else "unsure"


def what_improved(model: ModelVersion) -> list[str]:
    """For whom it surely got better or worse, and for whom nobody can tell."""
    found = against(model)
    if found is None:
        return []
    number, rows = found
    said = {
        "better": _("Surely better than model %(number)s for %(groups)s."),
        "worse": _("Surely worse than model %(number)s for %(groups)s."),
        "unsure": _("No sure difference to model %(number)s for %(groups)s."),
    }
    by_verdict: dict[str, list[str]] = {}
    for row in rows:
        by_verdict.setdefault(row.verdict, []).append(row.label)
    return [
        sentence % {"number": number, "groups": ", ".join(by_verdict[verdict])}
        for verdict, sentence in said.items()
        if verdict in by_verdict
    ]


def members(model: ModelVersion) -> list[Member]:
    """What it blends, the heaviest first; then what was tried and left out."""
    serving, alone = model.parameters.get("serving", {}), model.parameters.get("validation", {})
    blend = serving.get("blend", {})
    names = {name: blend.get(name, 0.0) for name in [*blend, *alone] if name != "blend"}
    recencies = serving.get("recency", {})
    found = [
        Member(
            str(MEMBERS.get(name, name)),
            alone.get(name),
            weight,
            recencies.get(name, {}).get("days"),
            recencies.get(name, {}).get("places"),
        )
        for name, weight in names.items()
    ]
    return sorted(found, key=lambda each: (-each.weight, -(each.alone or 0)))


def who_gets_what(model: ModelVersion) -> list[str]:
    """What serves whom: newcomers, items without events, a shop that has little to learn from."""
    cold = model.parameters.get("serving", {}).get("cold", {})
    by_cold = ", ".join(str(MEMBERS.get(name, name)) for name, weight in cold.items() if weight)
    said = [
        _("Who did nothing yet sees what most like; the first click already counts."),
        _("Items that nobody touched are ordered by: %s.") % (by_cold or _("nothing yet")),
    ]
    if model.parameters.get("words"):
        said.append(_("Items that join later are placed by how they are described."))
    if not model.parameters.get("validation"):
        said.append(_("Too few visitors to judge by: the weights are those that suit most shops."))
    return [*said, *_by_size(model)]


def _by_size(model: ModelVersion) -> Iterator[str]:
    """What is done otherwise because the shop is large."""
    linear = model.parameters.get("trainers", {}).get("linear", {})
    items, most = model.counts.get("items_with_events", 0), linear.get("closed")
    if most is not None and items > most:
        yield _(
            "There are more than %(most)s items with events: each is weighed against the"
            " %(near)s that are nearest to it, not against all."
        ) % {"most": whole(most), "near": linear["nearest"]}
    if model.parameters.get("sampled"):
        yield _("Its weights were chosen by a sample of visitors; it learnt from all of them.")
