"""The rejects file: which lines were refused, and why.

It holds line numbers and reasons and none of the values, so it names no visitor.
"""

import csv
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from personalization import conf


class Rejects:
    """Opened for writing at the first refusal; a file of an earlier run is replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.counts:
            self._file.close()

    def add(self, line: int, code: str, reason: str) -> None:
        if not self.counts:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file, lineterminator="\n")
            self._writer.writerow(["line", "code", "reason"])
        self.counts[code] += 1
        self._writer.writerow([line, code, reason])

    def __len__(self) -> int:
        return self.counts.total()

    def said(self) -> str:
        """`135080 no_visitor, 10624 returned`."""
        return ", ".join(f"{count} {code}" for code, count in self.counts.most_common())


def usual_path(source: Path) -> Path:
    """Beside nothing of theirs: their folder may be read-only."""
    return conf.data_dir() / "rejects" / f"{source.name}.rejects.csv"
