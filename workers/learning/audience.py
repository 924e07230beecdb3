"""The visitors by whom choices are judged: their past, and what they did next.

In:  a temporal split.
Out: for a matrix of scores (visitors by items), the mean NDCG of the lists it would show.
"""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from personalization.learn.history import Past, columns
from personalization.learn.members import Member
from personalization.learn.serving import Recency
from workers.learning.batches import standardised
from workers.training.interactions import Column, Interactions, distinct
from workers.training.split import Split

CELLS = 8_000_000  # scores held at once
FEWEST = 200  # visitors, if there are as many
AT = 10


@dataclass(frozen=True)
class Audience:
    """`memory`: how many of their newest signals pages know of a visitor; None is all."""

    visitors: tuple[int, ...]
    pasts: tuple[Past, ...]
    right: tuple[frozenset[int], ...]
    n_items: int

    @classmethod
    def of(cls, split: Split, memory: int | None, share: float = 1.0) -> "Audience":
        """Visitors with something new in their future; of many, those with the newest future.

        Pages serve the visitors of now: what fits those of a year ago says less.
        """
        pasts = pasts_by_visitor(split.past)
        ahead: dict[int, set[int]] = {}
        newest: dict[int, float] = {}
        future = split.future
        named = (future.visitors.tolist(), future.items.tolist(), future.at.tolist())
        for visitor, item, at in zip(*named, strict=True):
            ahead.setdefault(visitor, set()).add(item)
            newest[visitor] = at
        told = [
            (visitor, pasts[visitor], frozenset(items.difference(pasts[visitor].items.tolist())))
            for visitor, items in ahead.items()
            if visitor in pasts
        ]
        useful = sorted((one for one in told if one[2]), key=lambda one: (-newest[one[0]], one[0]))
        most = max(FEWEST, min(CELLS // max(1, split.past.n_items), ceil(len(useful) * share)))
        chosen = useful[:most]
        return cls(
            tuple(visitor for visitor, _, _ in chosen),
            tuple(shortened(past, memory) for _, past, _ in chosen),
            tuple(right for _, _, right in chosen),
            split.past.n_items,
        )

    def __len__(self) -> int:
        return len(self.pasts)

    def scores(self, member: Member, recency: Recency) -> Column:
        """Standardised, one row a visitor, as `ArrayRanker.blended` adds them."""
        return standardised(member, self.pasts, recency, self.n_items)

    def ndcg(self, scores: Column) -> float:
        """The mean of `ndcgs`."""
        return float(self.ndcgs(scores).mean())

    def ndcgs(self, scores: Column) -> Column:
        """For each visitor NDCG@10 of the best items that they do not have yet."""
        open_scores = np.where(self._seen, np.float32(-np.inf), scores)
        count = min(AT, self.n_items)
        top = np.argpartition(-open_scores, count - 1, axis=1)[:, :count]
        rows = np.arange(len(self))[:, None]
        order = np.argsort(-open_scores[rows, top], axis=1, kind="stable")
        hits = self._truth[rows, top[rows, order]]
        gains = hits @ self._discounts[:count]
        found: Column = gains / self._ideal
        return found

    @cached_property
    def _seen(self) -> Column:
        return _marked([past.items.tolist() for past in self.pasts], self.n_items)

    @cached_property
    def _truth(self) -> Column:
        return _marked([sorted(right) for right in self.right], self.n_items)

    @cached_property
    def _discounts(self) -> Column:
        return 1 / np.log2(np.arange(AT) + 2)

    @cached_property
    def _ideal(self) -> Column:
        sums = np.cumsum(self._discounts)
        return np.asarray([sums[min(len(right), AT) - 1] for right in self.right])


def pasts_by_visitor(interactions: Interactions) -> dict[int, Past]:
    """Every visitor's items, newest first."""
    once = distinct(interactions)
    order = np.argsort(once.visitors, kind="stable")
    sorted_rows = once.rows(order)
    visitors, starts = np.unique(sorted_rows.visitors, return_index=True)
    ends = [*starts[1:].tolist(), len(once)]
    return {
        int(visitor): columns(
            sorted_rows.items[start:end][::-1].tolist(),
            sorted_rows.strengths[start:end][::-1].tolist(),
            sorted_rows.at[start:end][::-1].tolist(),
        )
        for visitor, start, end in zip(visitors, starts.tolist(), ends, strict=True)
    }


def shortened(past: Past, memory: int | None) -> Past:
    return Past(past.items[:memory], past.strengths[:memory], past.ages[:memory])


def _marked(rows: list[list[int]], n_items: int) -> Column:
    marks = np.zeros((len(rows), n_items), bool)
    for mark, items in zip(marks, rows, strict=True):
        mark[items] = True
    return marks
