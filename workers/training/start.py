"""Where a training begins that need not begin from chance: an earlier model's arrays over items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from workers.training.interactions import Column


@dataclass(frozen=True, slots=True)
class Start:
    """`items` and `words` of now as rows of `arrays`; -1 where the earlier model knew none."""

    arrays: Mapping[str, Column]
    items: Column
    words: Column

    @classmethod
    def of(
        cls,
        arrays: Mapping[str, Column],
        before: tuple[Sequence[str], Sequence[str]],
        now: tuple[Sequence[str], Sequence[str]],
    ) -> Self:
        """`before` and `now`: the keys of items, then the names of words."""
        items, words = (_rows(*each) for each in zip(before, now, strict=True))
        return cls(arrays, items, words)

    def fits(self, name: str, size: int) -> bool:
        """Whether it has these vectors, of this length."""
        return name in self.arrays and self.arrays[name].shape[1] == size

    def over(self, name: str, rows: Column, cold: Column) -> Column:
        """The earlier rows of an array; the `cold` ones where there was none."""
        known = rows >= 0
        found: Column = np.array(cold, np.float32)
        found[known] = self.arrays[name][rows[known]]
        return found


def _rows(before: Sequence[str], now: Sequence[str]) -> Column:
    places = {name: row for row, name in enumerate(before)}
    return np.asarray([places.get(name, -1) for name in now], np.int64)
