"""Whom a model serves worse, whose items it shows, what it did not learn from: in words.

In:  the parts `audit`, `reweighted`, `dropped` and `waits` of a model's record.
Out: sentences and table rows; counts of visitors are floored and rounded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.figures import decimal
from personalization.govern.rounding import shown_count
from personalization.learn.audited import title_of
from personalization.learn.models import ModelVersion
from personalization.report.model_words import VISITORS
from rules.fields import Field

Document = Mapping[str, Any]  # JSON
MUCH: Final = 0.2  # of a share: less is no matter for a page


@dataclass(frozen=True, slots=True)
class Group:
    """`verdict`, for a CSS class: "best", "worse" or "unsure"; `ndcg`: mean, low and high."""

    label: str
    visitors: str
    ndcg: Document
    popularity: float
    well_known: int  # percent of the places
    verdict: str
    behind: Document | None


@dataclass(frozen=True, slots=True)
class Attribute:
    label: str
    sentence: str
    groups: tuple[Group, ...]
    elsewhere: str  # visitors in no group, or in one that is too small


@dataclass(frozen=True, slots=True)
class Provider:
    """Shares in percent; `verdict`: "more", "less" or "fair", beside what visitors asked for."""

    label: str
    items: int
    catalogue: float
    asked: float
    shown: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Providers:
    label: str
    rows: tuple[Provider, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """The difference that the weights made to one group; `verdict`: "better", "worse", "unsure"."""

    label: str
    visitors: str
    without: float
    weighed: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Weights:
    label: str
    rows: tuple[Weighed, ...]


def attributes(model: ModelVersion, declared: Mapping[str, Field]) -> list[Attribute]:
    """By each attribute of visitors that the site named when it was trained."""
    found = model.metrics.get("audit", {}).get("attributes", {})
    return [
        Attribute(
            _title(name, declared),
            _gap_in_words(document),
            tuple(_groups(document)),
            shown_count(document["elsewhere"]),
        )
        for name, document in found.items()
    ]


def providers(model: ModelVersion) -> Providers | None:
    found = model.metrics.get("audit", {}).get("providers")
    if found is None:
        return None
    rows = tuple(_provider(row) for row in found["rows"])
    return Providers(found["attribute"], rows, _gini_in_words(found["gini"]))


def weights(model: ModelVersion, declared: Mapping[str, Field]) -> Weights | None:
    found = model.metrics.get("reweighted")
    if found is None:
        return None
    rows = tuple(
        Weighed(
            _word(each["label"]) or _("everyone"),
            shown_count(each["visitors"]),
            each["without"],
            each["with"],
            each["low"],
            each["high"],
            "better" if each["low"] > 0 else "worse" if each["high"] < 0 else "unsure",
        )
        for each in found["groups"]
    )
    return Weights(_title(found["attribute"], declared), rows)


def left_out(model: ModelVersion) -> list[str]:
    """What training did not learn from, and why."""
    dropped = model.metrics.get("dropped")
    if dropped is None:
        return []
    said = {
        "programs": _(
            "%(events)s events of %(visitors)s visitors who act as programs do, not people"
        )
        % {
            "events": shown_count(dropped["program_events"]),
            "visitors": shown_count(dropped["programs"]),
        },
        "burst_events": _("%s events of newcomers who came to one item all at once")
        % shown_count(dropped["burst_events"]),
        "excess_events": _("%s events beyond the share that one visitor may have")
        % shown_count(dropped["excess_events"]),
    }
    return [sentence for name, sentence in said.items() if dropped[name]] or [
        _("Nothing: no programs, no crowds, nobody with more than their share.")
    ]


def why_it_waits(model: ModelVersion) -> list[str]:
    """Why it did not go live by itself."""
    waits = model.metrics.get("waits")
    if waits is None:
        return []
    said = {
        "popularity": _("The most popular items would do as well."),
        "unsure": _("It is not surely better than model %(model)s for %(group)s."),
        "unjudged": _(
            "%(group)s: guarded, and too few of them did anything since model %(model)s was trained"
            " to tell."
        ),
    }
    return [
        said[reason["code"]]
        % {
            "model": waits["model"],
            "group": str(VISITORS.get(reason["group"], reason["group"])),
        }
        for reason in waits["reasons"]
    ]


def _groups(document: Document) -> Iterator[Group]:
    gaps = {gap["label"]: gap for gap in document["gaps"]}
    for each in document["groups"]:
        gap = gaps.get(each["label"])
        behind = gap is not None and gap["low"] > 0
        yield Group(
            _word(each["label"]),
            shown_count(each["visitors"]),
            each["ndcg"],
            each["popularity"]["mean"],
            round(100 * each["well_known"]["mean"]),
            "best" if gap is None else "worse" if behind else "unsure",
            gap,
        )


def _gap_in_words(document: Document) -> str:
    if len(document["groups"]) < 2:
        return _("Fewer than two groups have the 50 visitors that it takes to tell.")
    behind = [gap for gap in document["gaps"] if gap["low"] > 0]
    if not behind:
        return _("No group is surely served worse than another.")
    said = _("Lists are surely worse for %(groups)s than for %(best)s.")
    named = ", ".join(_word(gap["label"]) for gap in behind)
    return said % {"groups": named, "best": _word(behind[0]["to"])}


def _provider(row: Document) -> Provider:
    shown, asked = row["shown"], row["asked"]
    verdict = "fair"
    if shown["low"] > asked * (1 + MUCH):
        verdict = "more"
    elif shown["high"] < asked * (1 - MUCH):
        verdict = "less"
    percent = {name: 100 * shown[name] for name in ("mean", "low", "high")}
    return Provider(
        row["label"],
        row["items"],
        100 * row["catalogue"],
        100 * asked,
        percent["mean"],
        max(0.0, percent["low"]),
        percent["high"],
        verdict,
    )


def _gini_in_words(found: Document) -> str:
    said = {"shown": decimal(found["shown"], 2), "asked": decimal(found["asked"], 2)}
    if found["shown"] > found["asked"]:
        text = _(
            "Places go to fewer items than visitors turn to by themselves: Gini index %(shown)s,"
            " of what visitors did %(asked)s (0: all items alike, 1: all to one)."
        )
    else:
        text = _(
            "Places are spread over more items than visitors turn to by themselves: Gini index"
            " %(shown)s, of what visitors did %(asked)s (0: all items alike, 1: all to one)."
        )
    return text % said


def _title(name: str, declared: Mapping[str, Field]) -> str:
    return title_of(name, declared[name]) if name in declared else name


def _word(label: str) -> str:
    return {"True": _("yes"), "False": _("no")}.get(label, label)
