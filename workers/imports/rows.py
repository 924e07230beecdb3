"""Rows of a file, one at a time, whatever its form.

In:  CSV or JSON Lines (gzipped too), or Parquet; told apart by the file's name.
Out: (line, row), the row by their column names; or why the line is no row.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext as _

from personalization.exceptions import Malformed
from workers.imports.text_files import opened

BATCH = 2000
JSON_LINES = {".jsonl", ".ndjson", ".json"}
TheirRow = Mapping[str, Any]  # texts from CSV, typed values from the others


@dataclass(frozen=True, slots=True)
class NoRow:
    """A line that is no row, and why."""

    code: str
    reason: str


def read_rows(path: Path) -> Iterator[tuple[int, TheirRow | NoRow]]:
    kind = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    if kind == ".parquet":
        return _parquet(path)
    return _json_lines(path) if kind in JSON_LINES else _csv(path)


def _csv(path: Path) -> Iterator[tuple[int, TheirRow | NoRow]]:
    with opened(path) as file:
        reader = csv.reader(file)
        header = [name.strip() for name in _next(path, reader) or []]
        if not header:
            raise Malformed(
                _("%(file)s is empty; its first line must name the columns.") % {"file": path}
            )
        while (values := _next(path, reader)) is not None:
            if len(values) == len(header):
                yield reader.line_num, dict(zip(header, values, strict=True))
            elif values:
                counts = {"found": len(values), "wanted": len(header)}
                yield (
                    reader.line_num,
                    NoRow("columns", _("%(found)d values for %(wanted)d columns.") % counts),
                )


def _next(path: Path, reader: Any) -> list[str] | None:  # csv's reader has no public type
    try:
        return next(reader, None)
    except csv.Error as broken:
        where = {"file": path, "line": reader.line_num, "why": broken}
        raise Malformed(_("%(file)s, line %(line)d is not CSV (%(why)s).") % where) from broken


def _json_lines(path: Path) -> Iterator[tuple[int, TheirRow | NoRow]]:
    with opened(path) as file:
        for line, text in enumerate(file, start=1):
            if text.strip():
                yield line, _json_row(text)


def _json_row(text: str) -> TheirRow | NoRow:
    try:
        row = orjson.loads(text)
    except orjson.JSONDecodeError as broken:
        return NoRow("json", _("This line is not JSON: %(why)s.") % {"why": broken})
    return row if isinstance(row, dict) else NoRow("json", _("This line is no JSON object."))


def _parquet(path: Path) -> Iterator[tuple[int, TheirRow | NoRow]]:
    """Lines are row numbers, from 1."""
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        raise Malformed(
            _("Parquet needs pyarrow: install the extra `parquet`, or convert the file to CSV.")
        ) from None
    try:
        batches = parquet.ParquetFile(path).iter_batches(batch_size=BATCH)
        line = 0
        for batch in batches:
            for row in batch.to_pylist():
                line += 1
                yield line, row
    except (OSError, ValueError) as broken:  # pyarrow's errors are of these
        raise Malformed(
            _("%(file)s cannot be read (%(why)s); is it Parquet?") % {"file": path, "why": broken}
        ) from broken
