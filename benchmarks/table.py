"""One table for all: what was measured, as a ratio, beside what was promised.

In:  rows. Out: text; and, where `BENCH_ROWS` names a file, the rows as lines of JSON for `run`.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio`: None where it could not be measured, and `note` says why.

    `least` and `most`: what was promised of the ratio, if anything was.
    """

    benchmark: str
    what: str
    ratio: float | None
    least: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def promise(self) -> str:
        if self.least is not None:
            return f"at least {self.least:g}"
        return f"at most {self.most:g}" if self.most is not None else ""

    @property
    def verdict(self) -> str:
        if self.ratio is None or not self.promise:
            return self.note
        kept = (self.least is None or self.ratio >= self.least) and (
            self.most is None or self.ratio <= self.most
        )
        return "kept" if kept else "NOT KEPT"


def report(rows: Iterable[Figure]) -> None:
    """Print them, and hand them on to whoever runs all benchmarks."""
    found = list(rows)
    show(found)
    if name := os.environ.get("BENCH_ROWS"):
        with Path(name).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(row)) + "\n" for row in found)


def read(file: Path) -> list[Figure]:
    return [Figure(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def show(rows: Iterable[Figure]) -> None:
    print(f"{'benchmark':<14}{'what':<58}{'ratio':>9}  {'promised':<14}")
    for row in rows:
        ratio = "-" if row.ratio is None else f"{row.ratio:.2f}"
        line = f"{row.benchmark:<14}{row.what:<58}{ratio:>9}  {row.promise:<14}{row.verdict}"
        print(line.rstrip(), flush=True)
