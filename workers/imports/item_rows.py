"""The rows of a file as items of the catalogue, one for each key.

In:  rows by our names; sales lines too, where an item stands many times under several titles.
Out: items as `POST catalog/items` takes them, each with the last line that speaks of it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from personalization.catalog.checking import FIELDS
from workers.imports.columns import OurRow
from workers.imports.values import as_flag, as_id, as_number, as_object, as_tags

KNOWN = FIELDS
CASTS = {
    "item": as_id,
    "price": as_number,
    "tags": as_tags,
    "available": as_flag,
    "attributes": as_object,
}


@dataclass(slots=True)
class Gathered:
    """What the lines say of one item so far. Memory grows with the catalogue, not the file."""

    line: int = 0
    is_sold: bool = False  # some line has a price
    columns: dict[str, Any] = field(default_factory=dict)
    titles: Counter[str] = field(default_factory=Counter)

    def hear(self, line: int, row: OurRow) -> None:
        """Lines without a price are remarks as soon as one has one: they count no longer."""
        is_sold = isinstance(row.get("price"), int | float) and row["price"] > 0
        if self.is_sold and not is_sold:
            return
        if is_sold and not self.is_sold:
            self.columns, self.titles, self.is_sold = {}, Counter(), True
        self.line = line
        self.columns.update(row)
        if isinstance(row.get("title"), str):
            self.titles[row["title"]] += 1

    def item(self) -> dict[str, Any]:  # JSON values
        """The last word on every column; of several titles the most frequent."""
        if not self.titles:
            return self.columns
        return {**self.columns, "title": self.titles.most_common(1)[0][0]}


class Gathering:
    """The items of a file, as they are heard of."""

    def __init__(self) -> None:
        self._items: dict[object, Gathered] = {}

    def hear(self, line: int, row: OurRow) -> None:
        typed = {
            name: CASTS[name](value) if name in CASTS else value for name, value in row.items()
        }
        if isinstance(typed.get("title"), str):
            typed["title"] = typed["title"].strip()
        key = typed.get("item")
        place = key if isinstance(key, str) else (line, "without a key")
        self._items.setdefault(place, Gathered()).hear(line, typed)

    def items(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for gathered in self._items.values():
            yield gathered.line, gathered.item()


def _as_it_is(value: Any) -> Any:
    return value
