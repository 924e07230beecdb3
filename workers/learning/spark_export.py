"""A site's events on their way to Spark: never all of them in memory, no visitor by their own name.

In:  a site. Only events whose visitor allowed `training` when they came, and allows it still.
Out: a Parquet file of (at, id)-ordered rows, visitors under pseudonyms of this run.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from personalization.govern.models import Site
from personalization.learn.describing import ItemText
from workers.learning.events import read_rows
from workers.training.spark import parquet


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """64-bit keyed hashes; the key lives as long as this object."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def of(self, visitor: object) -> int:
        hashed = blake2b(str(visitor).encode(), digest_size=8, key=self.key).digest()
        return int.from_bytes(hashed, "big", signed=True)


@dataclass(frozen=True, slots=True)
class Names(Mapping[object, int]):
    """The source's visitors to their numbers in a sample, which knows them by pseudonyms."""

    pseudonyms: Pseudonyms
    numbers: Mapping[int, int]

    def __getitem__(self, visitor: object) -> int:
        return self.numbers[self.pseudonyms.of(visitor)]

    def __iter__(self) -> Iterator[object]:
        raise TypeError("a pseudonym does not tell whose it is")

    def __len__(self) -> int:
        return len(self.numbers)


def write(site: Site, items: Mapping[str, ItemText], pseudonyms: Pseudonyms, file: Path) -> int:
    """How many rows were written; unknown items are left out."""
    positions = {key: position for position, key in enumerate(items)}
    return parquet.write(
        file,
        (
            (pseudonyms.of(row.visitor), positions[row.item], row.at, row.strength)
            for row in read_rows(site)
            if row.item in positions
        ),
    )
