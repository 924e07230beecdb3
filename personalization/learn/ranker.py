"""A trained model, ready to rank: what `rules.types.Ranker` asks for.

In:  an artefact's arrays and the items that may be shown.
Out: scored items for a visitor's recent behaviour, or for an item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import numpy as np

from personalization.learn.arrays import Arrays, unpack
from personalization.learn.history import Past, past
from personalization.learn.members import (
    Member,
    Popular,
    Table,
    Vector,
    Vectors,
    standardise,
)
from personalization.learn.newcomers import extended
from personalization.learn.serving import FoldIn, Recency, Serving
from rules.types import Scored, Signal

ALIKE, TOGETHER, FOLLOWS, LINEAR = "alike", "together", "follows", "linear"
CONTENT = "content"
TABLES = (ALIKE, TOGETHER, FOLLOWS, LINEAR, CONTENT)
APART = np.float32(1e-6)  # keeps scores that were equal in their new order
VECTORS, FACTORS, POPULAR = "vectors", "factors", "popular"
NEW = "new"  # the vectors again, folded in for items that nobody touched
DESCRIBED = "described"  # the content again, for them: the whole past counts alike


@dataclass(frozen=True, slots=True)
class ArrayRanker:
    """Scores all items at once and picks the best; about a millisecond for 50,000 items."""

    keys: tuple[str, ...]
    positions: Mapping[str, int]
    members: Mapping[str, Member]
    serving: Serving
    hidden: Vector  # positions that may not be shown
    cold: Vector  # positions that no event touched, where they are ordered by themselves

    @classmethod
    def load(
        cls, content: bytes, available: frozenset[str] | None = None, placed: bytes = b""
    ) -> Self:
        """`placed`: the items that joined since, as `newcomers.place` found their places."""
        arrays, about = unpack(content)
        keys = about["keys"]
        if placed:
            arrays, keys = extended(arrays, keys, placed)
        return cls.of(arrays, keys, Serving.from_document(about["serving"]), available)

    @classmethod
    def of(
        cls,
        arrays: Arrays,
        keys: Sequence[str],
        serving: Serving,
        available: frozenset[str] | None = None,
    ) -> Self:
        hidden = [] if available is None else [i for i, k in enumerate(keys) if k not in available]
        popular = arrays.get(POPULAR, _NOTHING) if serving.cold else _NOTHING
        return cls(
            tuple(keys),
            {key: position for position, key in enumerate(keys)},
            read_members(arrays, serving),
            serving,
            np.asarray(hidden, np.int64),
            np.flatnonzero(popular == 0),
        )

    def for_visitor(
        self,
        signals: Sequence[Signal],
        now: datetime,
        limit: int,
        exclude: frozenset[str],
    ) -> tuple[Scored, ...]:
        """Items new to the visitor: training judged lists without what they already had."""
        known = past(signals, self.positions)
        if not len(known.items):
            return ()
        had = frozenset(signal.item for signal in signals)
        return self.best(self.blended(known), limit, exclude | had)

    def similar(self, item: str, limit: int, exclude: frozenset[str]) -> tuple[Scored, ...]:
        """Near in the vectors and seen by the same people, half each where both speak.

        Where neither does, described alike.
        """
        position = self.positions.get(item)
        if position is None:
            return ()
        found = [
            scores for scores in (self._alike(position), self._close(position)) if scores.any()
        ] or [self._table(CONTENT, position)]
        return self.best(np.mean(found, axis=0), limit, exclude | {item}, above=0.0)

    def bought_together(self, item: str, limit: int, exclude: frozenset[str]) -> tuple[Scored, ...]:
        position = self.positions.get(item)
        if position is None:
            return ()
        return self.best(self._table(TOGETHER, position), limit, exclude | {item}, above=0.0)

    def blended(self, known: Past) -> Vector:
        """The weighted sum of the members' standardised scores; new items in their own order."""
        total = np.zeros(len(self.keys), np.float32)
        parts: dict[str, Vector] = {}
        for name in self.named():
            weights = known.weights(self.serving.recency.get(name, Recency()))
            parts[name] = standardise(self.members[name].scores(known.items, weights))
            total += np.float32(self.serving.blend.get(name, 0.0)) * parts[name]
        if len(self.cold):
            self.order_cold(total, parts)
        return total

    def named(self) -> list[str]:
        """The members that are asked: of the blend, and where there are new items, of those."""
        wanted = {name for name, weight in self.serving.blend.items() if weight}
        if len(self.cold):
            wanted |= set(self.serving.cold)
        return [name for name in self.members if name in wanted]

    def order_cold(self, total: Vector, parts: Mapping[str, Vector]) -> None:
        """Deal the scores that new items have in the blend out anew, the best to the best.

        The blend judges them by members that never saw them; among themselves those count that
        know their metadata, and equals stay in the order of the catalogue. How they stand beside
        other items stays as it is.
        """
        merit = np.zeros(len(self.cold), np.float32)
        for name, weight in self.serving.cold.items():
            if name in parts:
                merit += np.float32(weight) * parts[name][self.cold]
        order = np.argsort(-merit, kind="stable")[::-1]
        apart = np.arange(len(order), dtype=np.float32) * APART
        total[self.cold[order]] = np.sort(total[self.cold]) + apart

    def best(
        self, scores: Vector, limit: int, exclude: frozenset[str], above: float = -np.inf
    ) -> tuple[Scored, ...]:
        """The best first, equal scores in the order of the catalogue."""
        masked = scores.astype(np.float32)
        masked[self.hidden] = -np.inf
        masked[[self.positions[key] for key in exclude if key in self.positions]] = -np.inf
        count = min(limit, len(masked))
        if count <= 0:
            return ()
        least = np.partition(masked, -count)[-count]
        top = np.flatnonzero(masked >= least)
        top = top[np.argsort(-masked[top], kind="stable")][:count]
        return tuple(
            Scored(self.keys[i], float(masked[i])) for i in top if masked[i] > max(above, -np.inf)
        )

    def _alike(self, position: int) -> Vector:
        return _to_one(self._table(ALIKE, position))

    def _close(self, position: int) -> Vector:
        member = self.members.get(VECTORS)
        if not isinstance(member, Vectors):
            return np.zeros(len(self.keys), np.float32)
        near = member.near(position)
        near[position] = 0
        return _to_one(near)

    def _table(self, name: str, position: int) -> Vector:
        table = self.members.get(name)
        if not isinstance(table, Table):
            return np.zeros(len(self.keys), np.float32)
        return table.scores(np.array([position]), np.ones(1, np.float32))


def read_members(arrays: Arrays, serving: Serving) -> dict[str, Member]:
    """The members whose arrays the artefact holds, by name."""
    members: dict[str, Member] = {
        name: Table(arrays[f"{name}_starts"], arrays[f"{name}_items"], arrays[f"{name}_values"])
        for name in TABLES
        if f"{name}_starts" in arrays
    }
    if CONTENT in members:
        members[DESCRIBED] = members[CONTENT]
    if POPULAR in arrays:
        members[POPULAR] = Popular(arrays[POPULAR])
    if VECTORS in arrays:
        for name in (VECTORS, NEW):
            fold_in = serving.fold_ins.get(name, FoldIn())
            members[name] = Vectors.of(arrays[VECTORS], arrays["biases"], fold_in)
    if FACTORS in arrays:
        no_biases = np.zeros(len(arrays[FACTORS]), np.float32)
        fold_in = serving.fold_ins.get(FACTORS, FoldIn())
        members[FACTORS] = Vectors.of(arrays[FACTORS], no_biases, fold_in)
    return members


_NOTHING = np.zeros(0, np.float32)


def _to_one(scores: Vector) -> Vector:
    largest: Any = scores.max(initial=0)
    return scores / largest if largest > 0 else scores
