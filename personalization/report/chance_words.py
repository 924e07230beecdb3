"""What was foretold of visitors, and whether one may believe it, in words for a marketer.

In:  the newest night's judgements (`workers.scoring.night`).
Out: for each likelihood a heading, sentences and a table of what was said and what came true.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.figures import decimal, percent
from personalization.govern.rounding import shown_count
from personalization.learn.models import ScoringRun

Judged = Mapping[str, Any]  # JSON
TITLES: Final = {
    "propensity_buy": gettext_lazy("Likelihood to buy"),
    "propensity_lapse": gettext_lazy("Likelihood to lapse"),
}
MEANINGS: Final = {
    "propensity_buy": gettext_lazy("That a visitor buys something within %(days)s days."),
    "propensity_lapse": gettext_lazy("That a visitor does not come back within %(days)s days."),
}
LEADS: Final = {
    "propensity_buy": gettext_lazy(
        "Of the visitors said to buy with %(said)s, %(did)s did; of all visitors %(mean)s."
    ),
    "propensity_lapse": gettext_lazy(
        "Of the visitors said to stay away with %(said)s, %(did)s did; of all visitors %(mean)s."
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """Visitors who were told about the same."""

    said: str
    did: str
    visitors: str


@dataclass(frozen=True, slots=True)
class Told:
    """One likelihood. `state`: offered, weak or little."""

    field: str
    title: str
    meaning: str
    state: str
    sentences: tuple[str, ...]
    rows: tuple[Row, ...]


def told(run: ScoringRun) -> Iterator[Told]:
    for field, judged in run.chances.items():
        yield Told(
            field=field,
            title=str(TITLES[field]),
            meaning=str(MEANINGS[field]) % {"days": run.days},
            state=judged["state"],
            sentences=tuple(_sentences(field, judged, run.days)),
            rows=tuple(_row(group) for group in judged.get("groups", ())),
        )


def _sentences(field: str, judged: Judged, days: int) -> Iterator[str]:
    if judged["state"] == "little":
        yield _(
            "There is too little to judge by yet: it takes about %(days)s days of events, and some"
            " dozens of visitors who did and who did not. Until then the field is unknown for all."
        ) % {"days": 3 * days}
        return
    if judged["state"] == "weak":
        yield _(
            "It was tried, and it is not surely better than to tell everybody the average. So it is"
            " not offered, and the field is unknown for all."
        )
        return
    likeliest = judged["groups"][-1]
    yield str(LEADS[field]) % {
        "said": percent(likeliest["said"]),
        "did": percent(likeliest["did"]),
        "mean": percent(judged["mean"]),
    }
    yield _(
        "Tried on days and visitors that it had not seen: of two visitors of whom one did it, it"
        " told the right one apart in %(auc)s of 100 cases (50 is chance), and its error is"
        " %(less)s smaller than that of telling everybody the average (Brier score %(brier)s"
        " instead of %(mean)s)."
    ) % {
        "auc": round(100 * judged["auc"]),
        "less": percent(1 - judged["brier"] / judged["brier_of_mean"]),
        "brier": decimal(judged["brier"], 3),
        "mean": decimal(judged["brier_of_mean"], 3),
    }


def _row(group: Judged) -> Row:
    return Row(percent(group["said"]), percent(group["did"]), shown_count(group["visitors"]))
