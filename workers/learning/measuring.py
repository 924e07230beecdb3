"""What a model would have shown before the held-out events, and how right that was.

In:  a study split in two, what was chosen on its past, the model that is live.
Out: a JSON document: figures with intervals for the model and for popularity, by how long visitors
     have been known, by how much items were touched, by the groups that a site names; the paired
     difference to the live model.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from personalization.learn.history import Past
from personalization.learn.ranker import POPULAR, ArrayRanker
from workers.learning.audience import AT, pasts_by_visitor, shortened
from workers.learning.auditing import NOTHING, Audit, audited
from workers.learning.batches import blended
from workers.learning.item_groups import among_new, best_of, by_items, head
from workers.training.fairness import FEWEST, Document, Lists
from workers.training.interactions import Column
from workers.training.metrics import (
    Metrics,
    coverage,
    coverage_interval,
    interval,
    measure,
    novelty,
    novelty_interval,
)
from workers.training.split import Split

LENGTHS: Final = (("new", 1, 4), ("known", 5, 19), ("regular", 20, None))  # items in their past


@dataclass(frozen=True, slots=True)
class Live:
    """The model that pages use: `until` is the newest event that it learnt from, in seconds."""

    number: int
    ranker: ArrayRanker
    until: float


@dataclass(frozen=True, slots=True)
class Tried:
    """Visitors with something new ahead: their pasts, what came, and when it began to come."""

    visitors: list[int]
    pasts: list[Past]
    right: list[frozenset[int]]

    @classmethod
    def of(cls, split: Split, memory: int | None, since: float = -np.inf) -> "Tried":
        """`since`: only what came after that counts as right."""
        future = split.future.rows(split.future.at > since)
        ahead: dict[int, set[int]] = {}
        pairs = zip(future.visitors.tolist(), future.items.tolist(), strict=True)
        for visitor, item in pairs:
            ahead.setdefault(visitor, set()).add(item)
        found = []
        for visitor, past in pasts_by_visitor(split.past).items():
            right = frozenset(ahead.get(visitor, set()).difference(past.items.tolist()))
            if right:
                found.append((visitor, past, right))
        return cls(
            [visitor for visitor, _, _ in found],
            [shortened(past, memory) for _, past, _ in found],
            [right for _, _, right in found],
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """How many visitors of the past touched each item, and how many there are."""

    by_item: Column
    visitors: int

    @classmethod
    def of(cls, split: Split) -> "Reach":
        past = split.past
        pairs = np.unique(past.visitors.astype(np.int64) * past.n_items + past.items)
        by_item = np.bincount(pairs % past.n_items, minlength=past.n_items)
        return cls(by_item, len(np.unique(past.visitors)))


def measured(
    ranker: ArrayRanker,
    split: Split,
    memory: int | None,
    live: Live | None,
    audit: Audit = NOTHING,
    reach: Reach | None = None,
) -> Document:
    """`reach`: where the split is a sample, of all."""
    tried = Tried.of(split, memory)
    seen = _had(split, tried)
    lists = lists_of(ranker, tried.pasts, seen)
    popular = _popular_lists(ranker, seen)
    found, plain = measure(lists, tried.right, AT), measure(popular, tried.right, AT)
    reach = reach or Reach.of(split)
    touched, n_visitors = reach.by_item, reach.visitors
    return {
        "model": _figures(found, lists, touched, n_visitors),
        "popularity": _figures(plain, popular, touched, n_visitors),
        "visitors": dict(_by_length(tried, seen, found, plain)),
        "items": dict(by_items(lists, popular, tried.right, touched)),
        "cold": among_new(ranker, tried.pasts, tried.right, touched),
        "audit": audited(audit, tried.visitors, lists, found, plain, touched, head(touched)),
        "against": None if live is None else _against(ranker, live, split, memory, audit),
        "k": AT,
    }


def quality(ranker: ArrayRanker, split: Split, tried: Tried) -> Metrics:
    """Of the lists that these visitors would have seen."""
    return measure(lists_of(ranker, tried.pasts, _had(split, tried)), tried.right, AT)


def _figures(found: Metrics, lists: Lists, touched: Column, n_visitors: int) -> Document:
    """How right the lists are, how much of the catalogue they show, how surprising they are."""
    document = found.to_document()
    breadth = {
        "coverage": (coverage_interval(lists, len(touched)), coverage(lists, len(touched))),
        "novelty": (
            novelty_interval(lists, touched, n_visitors),
            novelty(lists, touched, n_visitors),
        ),
    }
    if found.visitors > 1:
        ends = {name: [round(end, 6) for end in pair] for name, (pair, _) in breadth.items()}
        document["intervals"] = {**document["intervals"], **ends}
    return {**document, **{name: round(value, 6) for name, (_, value) in breadth.items()}}


def lists_of(
    ranker: ArrayRanker, pasts: Sequence[Past], seen: Sequence[frozenset[int]]
) -> list[list[int]]:
    """Positions of the best items that each does not have yet, as pages would show them."""
    rows = (row for chunk in blended(ranker, pasts) for row in chunk)
    return [best_of(row, had) for row, had in zip(rows, seen, strict=True)]


def _popular_lists(ranker: ArrayRanker, seen: Sequence[frozenset[int]]) -> list[list[int]]:
    nothing = np.zeros(0, np.int64), np.zeros(0, np.float32)
    scores = ranker.members[POPULAR].scores(*nothing)
    return [best_of(scores, had) for had in seen]


def _had(split: Split, tried: Tried) -> list[frozenset[int]]:
    """All items of their past, however much of it pages remember."""
    pasts = pasts_by_visitor(split.past)
    return [frozenset(pasts[visitor].items.tolist()) for visitor in tried.visitors]


def _by_length(
    tried: Tried, seen: Sequence[frozenset[int]], found: Metrics, plain: Metrics
) -> Iterator[tuple[str, Document]]:
    lengths = np.asarray([len(had) for had in seen])
    for name, least, most in LENGTHS:
        chosen = (lengths >= least) & (lengths <= (most or np.inf))
        if chosen.sum() >= FEWEST:
            group = {"model": found, "popularity": plain}
            yield (
                name,
                {whose: Metrics(one.rows[chosen]).to_document() for whose, one in group.items()},
            )


def _against(
    ranker: ArrayRanker, live: Live, split: Split, memory: int | None, audit: Audit
) -> Document | None:
    """Both asked of the same visitors about what came after the live model had been trained.

    Neither has seen those events; None where too few came to tell.
    """
    tried = Tried.of(split, memory, since=live.until)
    if len(tried.visitors) < FEWEST:
        return None
    seen = _had(split, tried)
    mine = measure(lists_of(ranker, tried.pasts, seen), tried.right, AT)
    theirs = measure(_as_live(live.ranker, ranker, tried, seen), tried.right, AT)
    lengths = np.asarray([len(had) for had in seen])
    groups = {"everyone": np.ones(len(seen), bool)}
    groups |= {n: (lengths >= low) & (lengths <= (high or np.inf)) for n, low, high in LENGTHS}
    groups |= audit.masks(tried.visitors)
    return {
        "model": live.number,
        "groups": {
            name: _difference(Metrics(mine.rows[chosen]), Metrics(theirs.rows[chosen]))
            for name, chosen in groups.items()
            if chosen.sum() >= FEWEST
        },
    }


def _difference(mine: Metrics, theirs: Metrics) -> Mapping[str, Any]:
    at = 3  # NDCG
    differences = mine.rows[:, at] - theirs.rows[:, at]
    low, high = interval(differences)
    return {
        "visitors": mine.visitors,
        "ndcg": round(float(differences.mean()), 6),
        "low": round(low, 6),
        "high": round(high, 6),
    }


def _as_live(
    live: ArrayRanker, mine: ArrayRanker, tried: Tried, seen: Sequence[frozenset[int]]
) -> list[list[int]]:
    """The live model's lists, in the positions of this study."""
    to_live = np.asarray([live.positions.get(key, -1) for key in mine.keys])
    to_mine = np.asarray([mine.positions.get(key, -1) for key in live.keys])
    lists: list[list[int]] = []
    for past, had in zip(tried.pasts, seen, strict=True):
        places = to_live[past.items]
        known = places >= 0
        moved = Past(places[known], past.strengths[known], past.ages[known])
        hidden = frozenset(int(to_live[item]) for item in had if to_live[item] >= 0)
        gone = frozenset(np.flatnonzero(to_mine < 0).tolist())
        best = best_of(live.blended(moved), hidden | gone) if known.any() else []
        lists.append([int(to_mine[item]) for item in best])
    return lists
