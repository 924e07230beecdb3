"""The events from which visitors are scored, each under the purposes it came with.

In:  a site, now.
Out: deeds in the order of (visitor, time), and which of them may be learnt from, and which may say
     something about their own visitor.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import numpy as np

from personalization.clock import SECOND, to_us
from personalization.collect.models import Event
from personalization.govern.models import Site
from personalization.govern.purposes import PERSONALIZATION, PROFILING_AI, TRAINING
from personalization.learn.serving import type_weight
from personalization.money import to_major
from workers.training.deeds import KINDS, OTHER, Deeds
from workers.training.interactions import Column

MOST: Final = 5_000_000  # events; of more, the newest
PROFILING: Final = PERSONALIZATION | PROFILING_AI
AUDIENCE: Final = TRAINING | PERSONALIZATION
COLUMNS: Final = (
    *("profile_id", "purposes", "profile__purposes", "type", "at", "category", "value"),
    "currency",
)
Values = tuple[Any, ...]  # a row of mixed columns


@dataclass(frozen=True)
class Read:
    """`profiles`: the ids of profiles by the visitors' numbers of this run.

    `bits`: of each deed, the purposes granted when it came and still.
    """

    deeds: Deeds
    bits: Column
    profiles: Column

    @cached_property
    def learning(self) -> Deeds:
        return self._granting(TRAINING)

    @cached_property
    def audience(self) -> Deeds:
        """What may be learnt from, of visitors whom segments can reach."""
        return self._granting(AUDIENCE)

    @cached_property
    def scoring(self) -> Deeds:
        return self._granting(PROFILING)

    def _granting(self, bits: int) -> Deeds:
        return self.deeds.rows(self.bits & bits == bits)


def read_deeds(site: Site, now: datetime) -> Read:
    """Whoever allows neither training nor profiling is not read."""
    columns: list[array[Any]] = [array(kind) for kind in "qBBdldd"]  # ids, bits, kinds, …
    categories: dict[str | None, int] = {None: -1}
    for row in _rows(site, now):
        for column, value in zip(columns, _cells(row, site.currency, categories), strict=True):
            column.append(value)
    profiles, bits, kinds, at, codes, paid, strengths = (
        np.asarray(column)[::-1] for column in columns
    )
    ids, numbers = _numbered(profiles)
    order = np.argsort(numbers, kind="stable")
    names, sorted_codes = _sorted_names(categories, codes)
    deeds = Deeds(
        numbers[order],
        at[order],
        kinds[order],
        sorted_codes[order],
        paid[order],
        strengths[order],
        len(ids),
        names,
    )
    return Read(deeds, bits[order], ids)


def _rows(site: Site, now: datetime) -> Iterator[Values]:
    """Newest first, so that of too many the oldest are left out."""
    found = Event.objects.filter(site=site, at__lte=to_us(now)).exclude(type="exposure")
    rows = found.order_by("-at", "-id").values_list(*COLUMNS)[:MOST]
    for row in rows.iterator(chunk_size=10_000):
        bits = row[1] & row[2]
        if bits & TRAINING or bits & PROFILING == PROFILING:
            yield row


def _cells(row: Values, currency: str, categories: dict[str | None, int]) -> Sequence[float]:
    profile, then, still, kind, at, category, value, paid_in = row
    is_money = kind == "purchase" and value and paid_in in {None, "", currency}
    return (
        profile,
        then & still,
        KINDS.get(kind, OTHER),
        at / SECOND,
        categories.setdefault(category or None, len(categories) - 1),
        to_major(value, currency) if is_money else 0.0,
        type_weight(kind),
    )


def _numbered(profiles: Column) -> tuple[Column, Column]:
    """The ids in the order in which they first appear, and each row's number."""
    ids, first, numbers = np.unique(profiles, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty(len(ids), np.int64)
    place[order] = np.arange(len(ids))
    return ids[order], place[numbers]


def _sorted_names(
    categories: dict[str | None, int], codes: Column
) -> tuple[tuple[str, ...], Column]:
    """Categories by name, whatever order they were met in."""
    named = {name: code for name, code in categories.items() if name is not None}
    names = tuple(sorted(named))
    place = np.full(len(named) + 1, -1, np.int64)  # the last one is where -1 points
    for position, name in enumerate(names):
        place[named[name]] = position
    return names, place[codes]
