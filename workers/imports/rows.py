"""Rows of a file, one at a time, whatever its form.

In:  CSV (or with ; tab | between values) or JSON Lines, gzipped too, or Parquet; told apart by
     the file's name.
Out: (line, row), the row by their column names; or why the line is no row.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext as _

from personalization.exceptions import Malformed
from workers.imports.text_files import UTF_8, opened

BATCH = 2000
SEPARATORS = ",;\t|"
JSON_LINES = {".jsonl", ".ndjson", ".json"}
TheirRow = Mapping[str, Any]  # texts from CSV, typed values from the others


@dataclass(frozen=True, slots=True)
class NoRow:
    """A line that is no row, and why."""

    code: str
    reason: str


def read_rows(
    path: Path, wanted: Iterable[str] = (), encoding: str = UTF_8
) -> Iterator[tuple[int, TheirRow | NoRow]]:
    """`wanted`: their columns that must be there, in files that name them all at the top."""
    kind = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    if kind == ".parquet":
        return _parquet(path, wanted)
    return _json_lines(path, encoding) if kind in JSON_LINES else _csv(path, wanted, encoding)


def _csv(
    path: Path, wanted: Iterable[str], encoding: str
) -> Iterator[tuple[int, TheirRow | NoRow]]:
    with opened(path, encoding) as file:
        first = file.readline()
        reader = csv.reader(chain([first], file), delimiter=_separator(first))
        header = [name.strip() for name in _next(path, reader) or []]
        if not header:
            raise Malformed(
                _("%(file)s is empty; its first line must name the columns.") % {"file": path}
            )
        _check_there(path, wanted, header)
        while (values := _next(path, reader)) is not None:
            if len(values) == len(header):
                yield reader.line_num, dict(zip(header, values, strict=True))
            elif values:
                counts = {"found": len(values), "wanted": len(header)}
                yield (
                    reader.line_num,
                    NoRow("columns", _("%(found)d values for %(wanted)d columns.") % counts),
                )


def _separator(header: str) -> str:
    """What stands between the names of the columns; a comma, if nothing does."""
    return max(SEPARATORS, key=header.count)


def _check_there(path: Path, wanted: Iterable[str], header: list[str]) -> None:
    for name in wanted:
        if name not in header:
            said = {"file": path, "name": name, "all": ", ".join(header)}
            raise Malformed(_("%(file)s has no column “%(name)s”. It has: %(all)s.") % said)


def _next(path: Path, reader: Any) -> list[str] | None:  # csv's reader has no public type
    try:
        return next(reader, None)
    except csv.Error as broken:
        where = {"file": path, "line": reader.line_num, "why": broken}
        raise Malformed(_("%(file)s, line %(line)d is not CSV (%(why)s).") % where) from broken


def _json_lines(path: Path, encoding: str) -> Iterator[tuple[int, TheirRow | NoRow]]:
    with opened(path, encoding) as file:
        for line, text in enumerate(file, start=1):
            if text.strip():
                yield line, _json_row(text)


def _json_row(text: str) -> TheirRow | NoRow:
    try:
        row = orjson.loads(text)
    except orjson.JSONDecodeError as broken:
        return NoRow("json", _("This line is not JSON: %(why)s.") % {"why": broken})
    return row if isinstance(row, dict) else NoRow("json", _("This line is no JSON object."))


def _parquet(path: Path, wanted: Iterable[str]) -> Iterator[tuple[int, TheirRow | NoRow]]:
    """Lines are row numbers, from 1."""
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        raise Malformed(
            _("Parquet needs pyarrow: install the extra `parquet`, or convert the file to CSV.")
        ) from None
    try:
        file = parquet.ParquetFile(path)
        _check_there(path, wanted, file.schema_arrow.names)
        batches = file.iter_batches(batch_size=BATCH)
        line = 0
        for batch in batches:
            for row in batch.to_pylist():
                line += 1
                yield line, row
    except (OSError, ValueError) as broken:  # pyarrow's errors are of these
        raise Malformed(
            _("%(file)s cannot be read (%(why)s); is it Parquet?") % {"file": path, "why": broken}
        ) from broken
