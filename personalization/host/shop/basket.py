"""The shopping basket: kept in the browser alone, in one cookie that the visitor asked for.

In and out: the text of the cookie, `<product>.<count>~<product>.<count>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from personalization.host.shop.shelf import Product, shelf

COOKIE = "basket"
MOST_OF_ONE = 20
MOST_LINES = 30
DELIVERY, FREE_FROM = 490, 6000  # cents


@dataclass(frozen=True, slots=True)
class Line:
    product: Product
    count: int

    @property
    def price(self) -> int:
        return self.product.price * self.count


@dataclass(frozen=True, slots=True)
class Basket:
    """What somebody is about to buy, in the order in which they took it."""

    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "Basket":
        """Never fails: what is not a product of ours or a sensible count is left out."""
        counts: dict[str, int] = {}
        for part in text.split("~")[:MOST_LINES]:
            key, _, count = part.rpartition(".")
            if key in shelf() and count.isascii() and count.isdecimal() and len(count) < 4:
                counts[key] = min(int(count), MOST_OF_ONE)
        return cls({key: count for key, count in counts.items() if count})

    def write(self) -> str:
        return "~".join(f"{key}.{count}" for key, count in self.counts.items())

    def with_count(self, key: str, count: int) -> "Basket":
        """The same basket with so many of a product; none takes it out."""
        counts = {**self.counts, key: max(0, min(count, MOST_OF_ONE))}
        return Basket({key: count for key, count in counts.items() if count})

    def with_one_more(self, key: str) -> "Basket":
        return self.with_count(key, self.counts.get(key, 0) + 1)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(Line(shelf()[key], count) for key, count in self.counts.items())

    @property
    def size(self) -> int:
        return sum(self.counts.values())

    @property
    def price(self) -> int:
        return sum(line.price for line in self.lines)

    @property
    def delivery(self) -> int:
        return 0 if self.price >= FREE_FROM else DELIVERY

    @property
    def total(self) -> int:
        return self.price + self.delivery
