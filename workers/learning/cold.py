"""How items that nobody touched yet are ordered: learnt on items that are hidden for it.

In:  the past, the families that know items by their metadata: vectors and content.
Out: weights by member and a fold-in; judged on visitors whose list holds some of the hidden items.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from personalization.learn.history import Past
from personalization.learn.members import Member, Vectors
from personalization.learn.ranker import CONTENT, NEW, VECTORS, read_members
from personalization.learn.serving import FoldIn, Recency, Serving
from workers.learning.audience import pasts_by_visitor
from workers.learning.batches import standardised
from workers.training.interactions import Column, Interactions
from workers.training.metrics import measure
from workers.training.trainer import Trainer

HIDDEN = 0.2  # of the items with events
MOST_JUDGES = 2000
FEWEST_JUDGES = 50
AT = 10
SHARES = (0.25, 0.5, 1.0, 2.0)  # of the content beside the vectors
FOLD_INS = tuple(
    FoldIn(ridge, unseen, bias)
    for ridge in (30.0, 10.0, 100.0)
    for unseen in (0.1, 0.01, 1.0)
    for bias in (0.0, 0.3)
)
Judged = tuple[Past, frozenset[int]]  # what a visitor had, and which hidden items they had too


@dataclass(frozen=True, slots=True)
class Cold:
    """`weights` by member; `fold_in` of the vectors where they stand for new items (`NEW`)."""

    weights: Mapping[str, float]
    fold_in: FoldIn = FOLD_INS[0]


def learn_cold(past: Interactions, trainers: Mapping[str, Trainer], *, seed: int) -> Cold:
    """Without vectors, content alone; with too few to judge by, both alike."""
    if VECTORS not in trainers:
        return Cold({CONTENT: 1.0})
    hidden = _hidden(past, seed)
    rest = past.rows(~hidden[past.items])
    judges = _judges(past, rest, hidden)
    if len(judges) < FEWEST_JUDGES:
        return Cold({NEW: 1.0, CONTENT: 1.0})
    arrays: dict[str, Column] = {}
    for name in (VECTORS, CONTENT):
        arrays.update(trainers[name].fit(rest, seed=seed))
    fold_in, near = _best_fold_in(arrays, judges, hidden)
    alike = _among(read_members(arrays, Serving())[CONTENT], judges, hidden)
    scores = {NEW: near, CONTENT: alike}
    tried = [{NEW: 1.0}, {CONTENT: 1.0}, *({NEW: 1.0, CONTENT: share} for share in SHARES)]
    best = max(tried, key=lambda weights: _judged(weights, scores, judges, hidden))
    return Cold(best, fold_in)


def _best_fold_in(
    arrays: Mapping[str, Column], judges: Sequence[Judged], hidden: Column
) -> tuple[FoldIn, Column]:
    """Chosen on its own: what is right for items with events is too sure of itself here."""
    tried = []
    for fold_in in FOLD_INS:
        member = Vectors.of(arrays[VECTORS], arrays["biases"], fold_in)
        scores = _among(member, judges, hidden)
        tried.append((_judged({NEW: 1.0}, {NEW: scores}, judges, hidden), fold_in, scores))
    _, fold_in, scores = max(tried, key=lambda one: one[0])
    return fold_in, scores


def _hidden(past: Interactions, seed: int) -> Column:
    """A mask over the items: a share of those with events, by chance."""
    touched = np.unique(past.items)
    chosen = np.random.default_rng(seed).permutation(touched)[: int(HIDDEN * len(touched))]
    mask: Column = np.zeros(past.n_items, bool)
    mask[chosen] = True
    return mask


def _judges(past: Interactions, rest: Interactions, hidden: Column) -> list[Judged]:
    known = pasts_by_visitor(rest)
    whole = pasts_by_visitor(past.rows(hidden[past.items])) if hidden.any() else {}
    found = [
        (known[visitor], frozenset(had.items.tolist()))
        for visitor, had in whole.items()
        if visitor in known
    ]
    return found[-MOST_JUDGES:]


def _among(member: Member, judges: Sequence[Judged], hidden: Column) -> Column:
    """The whole past counts alike: what is like a new item was mostly touched long ago."""
    pasts = [past for past, _ in judges]
    scores = standardised(member, pasts, Recency(), len(hidden))
    return scores[:, hidden]


def _judged(
    weights: Mapping[str, float],
    scores: Mapping[str, Column],
    judges: Sequence[Judged],
    hidden: Column,
) -> float:
    """NDCG@10 among the hidden items alone."""
    total = sum(weight * scores[name] for name, weight in weights.items())
    positions = np.flatnonzero(hidden)
    order = np.argsort(-np.asarray(total), axis=1, kind="stable")[:, :AT]
    lists = [positions[row].tolist() for row in order]
    return measure(lists, [right for _, right in judges], AT).mean("ndcg")
