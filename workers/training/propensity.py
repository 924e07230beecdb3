"""How likely a visitor is to do something soon: a chance that holds what it says, or none at all.

In:  deeds, the instant of now, how many days are soon.
Out: a calibrated chance, and how it was judged on visitors and days that it had not seen.

Fitted on what visitors looked like two periods ago and did in the period after; calibrated on half
of the visitors of the newest period, judged on the other half. What is judged is what is served.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from workers.training.deeds import DAY, Deeds
from workers.training.interactions import Column, NotEnoughData
from workers.training.metrics import interval
from workers.training.outlooks import Outlooks, outlooks

FEWEST: Final = 30  # of those who did and of those who did not, in each part
MANY: Final = 200  # of either, for a calibration of free form
FLOOR: Final = 50  # visitors in a group that is shown
SUREST: Final = 0.99  # nobody is foretold for certain
Calibrate = Callable[[Column], Column]


def buys(seen: Outlooks) -> Column:
    return seen.bought


def lapses(seen: Outlooks) -> Column:
    return ~seen.came


@dataclass(frozen=True, slots=True)
class Group:
    """Of visitors who were told about the same chance: what was said, and what came true."""

    said: float
    did: float
    visitors: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Mean squared errors (Brier scores): the chance's, and that of telling everybody the mean.

    `gain_low`: the lower end of the difference of both, with 95 % certainty.
    """

    visitors: int
    mean: float
    brier: float
    brier_of_mean: float
    gain_low: float
    auc: float
    groups: tuple[Group, ...]

    @property
    def is_useful(self) -> bool:
        return self.gain_low > 0


@dataclass(frozen=True, slots=True)
class Chance:
    """A logistic regression on standardised figures, calibrated."""

    means: Column
    spreads: Column
    weights: Column
    bias: float
    calibrate: Calibrate

    def of(self, figures: Column) -> Column:
        found: Column = np.clip(self.calibrate(self.raw(figures)), 1 - SUREST, SUREST)
        return found

    def raw(self, figures: Column) -> Column:
        found: Column = (figures - self.means) / self.spreads @ self.weights + self.bias
        return found


def learn_chance(
    deeds: Deeds, did: Callable[[Outlooks], Column], *, now: float, days: int, seed: int
) -> tuple[Chance, Judgement]:
    """`did`: what of an outlook came true. Too little to judge by raises `NotEnoughData`."""
    past = outlooks(deeds, now - 2 * days * DAY, days)
    newest = outlooks(deeds, now - days * DAY, days)
    is_judge = np.random.default_rng(seed).random(len(newest.visitors)) < 0.5
    calibrating, judging = newest.rows(~is_judge), newest.rows(is_judge)
    for part in (past, calibrating, judging):
        _require(did(part))
    fitted = _fit(past.figures, did(past))
    calibrate = _calibration(fitted.raw(calibrating.figures), did(calibrating))
    chance = Chance(fitted.means, fitted.spreads, fitted.weights, fitted.bias, calibrate)
    said = chance.of(judging.figures)
    return chance, judge(said, did(judging), mean=float(did(calibrating).mean()))


def judge(said: Column, did: Column, *, mean: float) -> Judgement:
    """`mean`: the one chance that one could tell everybody without knowing them."""
    errors, errors_of_mean = (said - did) ** 2, (mean - did) ** 2
    return Judgement(
        visitors=len(did),
        mean=float(did.mean()),
        brier=float(errors.mean()),
        brier_of_mean=float(errors_of_mean.mean()),
        gain_low=interval(errors_of_mean - errors)[0],
        auc=float(roc_auc_score(did, said)),
        groups=reliability(said, did),
    )


def reliability(said: Column, did: Column) -> tuple[Group, ...]:
    """By tenths of the chance that was said; neighbours are joined until each has 50 visitors."""
    order = np.argsort(said, kind="stable")
    tenths = np.minimum((said[order] * 10).astype(int), 9)
    starts = [0, *(np.flatnonzero(np.diff(tenths)) + 1).tolist(), len(order)]
    ends = [0]
    for end in starts[1:]:
        if end - ends[-1] >= FLOOR:
            ends.append(end)
    if len(order) - ends[-1] and len(ends) > 1:
        ends[-1] = len(order)  # what is left joins the last
    return tuple(
        Group(float(said[rows].mean()), float(did[rows].mean()), len(rows))
        for rows in (order[a:b] for a, b in pairwise(ends))
    )


def _require(did: Column) -> None:
    fewest = min(int(did.sum()), int((~did).sum()))
    if fewest < FEWEST:
        raise NotEnoughData(f"{fewest} examples of one outcome; at least {FEWEST} are needed")


def _fit(figures: Column, did: Column) -> Chance:
    means, spreads = figures.mean(axis=0), figures.std(axis=0)
    spreads = np.where(spreads > 0, spreads, 1)
    model = LogisticRegression(max_iter=500).fit((figures - means) / spreads, did)
    return Chance(means, spreads, model.coef_[0], float(model.intercept_[0]), _as_it_is)


def _as_it_is(raw: Column) -> Column:
    found: Column = 1 / (1 + np.exp(-raw))
    return found


def _calibration(raw: Column, did: Column) -> Calibrate:
    """Of free rising form where there is enough to draw it by, else of the logistic form."""
    if min(did.sum(), (~did).sum()) >= MANY:
        steps = IsotonicRegression(out_of_bounds="clip").fit(raw, did)
        return lambda raw: np.asarray(steps.predict(raw))
    curve = LogisticRegression(C=1e6, max_iter=500).fit(raw[:, None], did)
    return lambda raw: np.asarray(curve.predict_proba(raw[:, None])[:, 1])
