"""The product's own recommender on files: the same trainers, choices and ranking as pages use.

In:  events, a catalogue, the visitors to predict for.
Out: for each of them the best items that they do not have yet, with scores.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from personalization import conf
from personalization.exceptions import Malformed
from personalization.learn.history import Past
from personalization.learn.members import Vector
from personalization.learn.ranker import POPULAR, ArrayRanker
from rules.types import Scored
from workers.learning.audience import pasts_by_visitor
from workers.learning.batches import blended
from workers.learning.choices import ONLY_POPULAR, Budget, Say, choose
from workers.learning.describing import describe_items
from workers.learning.files import Catalogue
from workers.learning.study import MOST_ROWS_OF_A_VISITOR, Row, Study, make_study
from workers.training.interactions import NotEnoughData, capped

MOST_PROGRAMS = 0.1  # of the visitors; files of others may count rows where we expect a time
NO_ITEMS, NO_WEIGHTS = np.zeros(0, np.int64), np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class Prediction:
    visitor: str
    suggestions: tuple[Scored, ...]


def predict(
    rows: Sequence[Row],
    catalogue: Catalogue,
    visitors: Sequence[str],
    *,
    top: int,
    seed: int,
    say: Say,
) -> Iterator[Prediction]:
    """Visitors of whom nothing is known get what is popular, and so do gaps in short lists."""
    study = make_study(catalogue.items, rows)
    if not len(study.interactions):
        raise Malformed(_("No event is of an item of the catalogue: compare the two item columns."))
    ranker = _fitted(study.sifted(MOST_PROGRAMS), catalogue, seed, say)
    return _predictions(rows, study, ranker, visitors, top)


def _predictions(
    rows: Sequence[Row], study: Study, ranker: ArrayRanker, visitors: Sequence[str], top: int
) -> Iterator[Prediction]:
    pasts = pasts_by_visitor(capped(study.interactions, MOST_ROWS_OF_A_VISITOR))
    seen = _seen(rows, visitors)
    popular = ranker.members[POPULAR].scores(NO_ITEMS, NO_WEIGHTS)
    for visitor, scores in _scored(
        ranker, [(v, pasts.get(study.names.get(v, -1))) for v in visitors]
    ):
        found = popular if scores is None else scores
        yield Prediction(visitor, ranker.best(found, top, seen.get(visitor, frozenset())))


def _scored(
    ranker: ArrayRanker, asked: Sequence[tuple[str, Past | None]]
) -> Iterator[tuple[str, Vector | None]]:
    """Everybody's scores in the order asked; None of somebody unknown."""
    known = [past for _visitor, past in asked if past is not None]
    rows = (row for chunk in blended(ranker, known) for row in chunk)
    for visitor, past in asked:
        yield visitor, None if past is None else next(rows)


def _fitted(study: Study, catalogue: Catalogue, seed: int, say: Say) -> ArrayRanker:
    budget = Budget(int(conf.get("TUNING_TRIALS")))
    try:
        study.require_enough()
        features = describe_items(study.texts)
        choices = choose(
            study.interactions, features, seed=seed, memory=None, say=say, budget=budget
        )
    except NotEnoughData as little:
        say(f"{little}: popularity serves.")
        choices = ONLY_POPULAR
    arrays = choices.fit(study.interactions, seed=seed)
    return ArrayRanker.of(arrays, study.keys, choices.serving, catalogue.available)


def _seen(rows: Sequence[Row], visitors: Sequence[str]) -> dict[str, frozenset[str]]:
    wanted = set(visitors)
    found: dict[str, set[str]] = {}
    for row in rows:
        if row.visitor in wanted:
            found.setdefault(str(row.visitor), set()).add(row.item)
    return {visitor: frozenset(items) for visitor, items in found.items()}
