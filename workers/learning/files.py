"""The files that `evaluate` reads: events, items, and whom to predict for.

In:  CSV, gzip too, UTF-8. Columns `visitor,item,at[,type,value]` and
     `item,title,category,tags[,price,available,…]`; one visitor a line.
Out: `Row`s in the order of time, `ItemText`s by key, visitors. What cannot be read is refused with
     its line and a remedy.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from personalization.exceptions import Malformed
from personalization.learn.describing import LONGEST_VALUE, ItemText, properties
from personalization.learn.serving import type_weight
from workers.imports.text_files import opened
from workers.learning.study import Row

KNOWN = {"item", "title", "category", "tags", "price", "text", "available"}
NOT_METADATA = {"currency", "url", "image", "attributes"}
NUMBER = re.compile(r"-?\d+(\.\d+)?")
MOST_SECONDS = 1e11  # larger numbers are milliseconds


@dataclass(frozen=True, slots=True)
class Catalogue:
    items: Mapping[str, ItemText]
    available: frozenset[str]


def read_events(path: Path) -> list[Row]:
    """By (at, line)."""
    rows = [_event(path, line, row) for line, row in _rows(path, ("visitor", "item", "at"))]
    if not rows:
        raise Malformed(_("%(file)s has no rows; it needs one line an event.") % {"file": path})
    rows.sort(key=lambda row: row.at)
    return rows


def read_catalogue(path: Path) -> Catalogue:
    """Of an item that stands twice the first line counts."""
    items: dict[str, ItemText] = {}
    available: set[str] = set()
    for line, row in _rows(path, ("item", "title", "category", "tags")):
        key = _needed(path, line, row, "item")
        if key not in items:
            items[key] = _item(path, line, row)
            if row.get("available", "").strip().lower() not in {"false", "0", "no"}:
                available.add(key)
    if not items:
        raise Malformed(_("%(file)s has no rows; it needs one line an item.") % {"file": path})
    return Catalogue(items, frozenset(available))


def read_visitors(path: Path) -> list[str]:
    """Each once, in the order of the file."""
    with opened(path) as file:
        return list(dict.fromkeys(line.strip() for line in file if line.strip()))


def _event(path: Path, line: int, row: Mapping[str, str]) -> Row:
    return Row(
        _needed(path, line, row, "visitor"),
        _needed(path, line, row, "item"),
        _time(path, line, _needed(path, line, row, "at")),
        type_weight(row.get("type", "").strip()),
    )


def _item(path: Path, line: int, row: Mapping[str, str]) -> ItemText:
    """Columns of the file's own are properties like tags; where they hold prose, text."""
    own = {n: value.strip() for n, value in row.items() if n not in KNOWN | NOT_METADATA}
    prose = [value for value in own.values() if len(value) > LONGEST_VALUE]
    tags = tuple(tag.strip() for tag in re.split(r"[|;,]", row["tags"]) if tag.strip())
    price = row.get("price", "").strip()
    return ItemText(
        row["title"].strip(),
        row["category"].strip(),
        (*tags, *properties(own)),
        _number(path, line, price) if price else None,
        "\n".join([row.get("text", "").strip(), *prose]),
    )


def _rows(path: Path, required: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    with opened(path) as file:
        reader = csv.reader(file, strict=True)
        try:
            header = [name.strip().lower() for name in next(reader, [])]
            _check_header(path, header, required)
            for values in reader:
                if values:
                    yield reader.line_num, _named(path, reader.line_num, header, values)
        except csv.Error as broken:
            raise _refusal(
                path, reader.line_num, _("is not CSV (%(why)s); quote it.") % {"why": broken}
            ) from broken


def _check_header(path: Path, header: list[str], required: tuple[str, ...]) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        raise _refusal(
            path,
            1,
            _("has no column %(missing)s; the first line must name the columns %(required)s.")
            % {"missing": ", ".join(missing), "required": ", ".join(required)},
        )


def _named(path: Path, line: int, header: list[str], values: list[str]) -> dict[str, str]:
    if len(values) != len(header):
        raise _refusal(
            path,
            line,
            _("has %(found)d values for %(wanted)d columns; quote values that contain commas.")
            % {"found": len(values), "wanted": len(header)},
        )
    return dict(zip(header, values, strict=True))


def _needed(path: Path, line: int, row: Mapping[str, str], name: str) -> str:
    value = row[name].strip()
    if not value:
        raise _refusal(path, line, _("has no %(name)s; fill it or drop the line.") % {"name": name})
    if "\x00" in value:
        raise _refusal(path, line, _("has a NUL in %(name)s; remove it.") % {"name": name})
    return value


def _time(path: Path, line: int, text: str) -> float:
    """ISO 8601, UTC where no zone is given, or seconds or milliseconds since 1970.

    Digits are a number first: ISO's basic form would read some of them as dates.
    """
    if NUMBER.fullmatch(text) and len(text) != len("20261123"):
        number = _number(path, line, text)
        return number / 1000 if abs(number) > MOST_SECONDS else number
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _unreadable(path, line, text) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _number(path: Path, line: int, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e18:
        raise _unreadable(path, line, text)
    return number


def _unreadable(path: Path, line: int, text: str) -> Malformed:
    return _refusal(
        path,
        line,
        _("has “%(text)s” where a number or a time like 2026-11-23T12:00:00Z must stand.")
        % {"text": text[:40]},
    )


def _refusal(path: Path, line: int, sentence: str) -> Malformed:
    return Malformed(
        _("%(file)s, line %(line)d %(sentence)s")
        % {"file": path, "line": line, "sentence": sentence}
    )
