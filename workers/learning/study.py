"""What one training run looks at: events, items, and nothing that names a visitor."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

import numpy as np

from personalization.learn.describing import ItemText
from workers.training.interactions import Interactions, NotEnoughData, capped
from workers.training.sifting import by_bursts, by_programs

MOST_EVENTS = 5_000_000  # the newest; what is older says little of the visitors of now
MOST_ROWS_OF_A_VISITOR = 1000
FEWEST_EVENTS, FEWEST_VISITORS, FEWEST_ITEMS = 50, 10, 5


@dataclass(frozen=True, slots=True)
class Row:
    """One event in the order of (at, id); `visitor` is any hashable name of the source."""

    visitor: object
    item: str
    at: float  # seconds
    strength: float


@dataclass(frozen=True, slots=True)
class Study:
    """`keys` are the items in the order of their positions in every array.

    `dropped` counts what `sifted` left out.
    """

    interactions: Interactions
    keys: tuple[str, ...]
    texts: tuple[ItemText, ...]
    names: Mapping[object, int]  # the source's visitors to this run's numbers; never stored
    dropped: Mapping[str, int] = field(default_factory=dict)

    def sifted(self, most_programs: float = 1.0) -> "Study":
        """What is learnt from: no programs, no bursts, and of nobody more than their share.

        Visitors keep their numbers: pages serve those too from whom nothing is learnt. Where more
        than the share `most_programs` of them would be programs, times are an order and no clock.
        """
        rows = self.interactions
        program = by_programs(rows)
        if len(np.unique(rows.visitors[program])) > most_programs * len(np.unique(rows.visitors)):
            program = np.zeros_like(program)
        people = rows.rows(~program)
        burst = by_bursts(people)
        calm = people.rows(~burst)
        learnt = capped(calm, MOST_ROWS_OF_A_VISITOR)
        dropped = {
            "programs": len(np.unique(rows.visitors[program])),
            "program_events": int(program.sum()),
            "burst_events": int(burst.sum()),
            "excess_events": len(calm) - len(learnt),
        }
        return replace(self, interactions=learnt, dropped=dropped)

    def fingerprint(self) -> str:
        """Changes with any row, item or their order; says nothing about who."""
        found = sha256()
        rows = self.interactions
        for column in (rows.visitors, rows.items, rows.at, rows.strengths):
            found.update(np.ascontiguousarray(column).tobytes())
        found.update(repr((self.keys, self.texts)).encode("utf-8", "surrogatepass"))
        return found.hexdigest()

    def digest(self, count: int | None = None) -> str:
        """Of the first rows, whatever joined since."""
        rows = self.interactions.rows(np.arange(len(self.interactions))[:count])
        found = sha256()
        for column in (rows.visitors, rows.at, rows.strengths):
            found.update(np.ascontiguousarray(column).tobytes())
        found.update(repr([self.keys[item] for item in rows.items.tolist()]).encode())
        return found.hexdigest()

    def counts(self) -> dict[str, int]:
        rows = self.interactions
        return {
            "events": len(rows),
            "visitors": len(np.unique(rows.visitors)),
            "items": len(self.keys),
            "items_with_events": len(np.unique(rows.items)),
        }

    def require_enough(self) -> None:
        require_enough(self.counts())


def require_enough(counts: Mapping[str, int]) -> None:
    for name, least in (
        ("events", FEWEST_EVENTS),
        ("visitors", FEWEST_VISITORS),
        ("items_with_events", FEWEST_ITEMS),
    ):
        if counts[name] < least:
            words = name.replace("_", " ")
            raise NotEnoughData(f"{counts[name]} {words}; at least {least} are needed")


def make_study(items: Mapping[str, ItemText], rows: Iterable[Row]) -> Study:
    """Visitors get numbers in the order in which they first appear; unknown items are left out."""
    positions = {key: position for position, key in enumerate(items)}
    names: dict[object, int] = {}
    visitors, places, at, strengths = array("q"), array("q"), array("d"), array("f")
    for row in rows:
        position = positions.get(row.item)
        if position is not None:
            visitors.append(names.setdefault(row.visitor, len(names)))
            places.append(position)
            at.append(row.at)
            strengths.append(row.strength)
    interactions = Interactions(
        np.array(visitors),
        np.array(places),
        np.array(at),
        np.array(strengths),
        len(names),
        len(items),
    )
    newest = interactions.rows(np.arange(len(interactions))[-MOST_EVENTS:])
    return Study(newest, tuple(items), tuple(items.values()), names)
