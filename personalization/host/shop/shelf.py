"""The products of the demo shop, made from the assortment and a seed: always the same ones.

In:  a seed and how many.
Out: products in a stable order, spread evenly over the departments.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product as combinations
from types import MappingProxyType

from personalization.host.shop.assortment import COLOURS, DEPARTMENTS, Colour, Department, Kind

SEED = 20
SIZE = 306


@dataclass(frozen=True, slots=True)
class Product:
    """One thing to buy. `price` in cents; `tier` 0 is cheap, 2 is dear within its kind."""

    key: str
    title: str
    department: Department
    brand: str
    kind: str
    colour: Colour
    material: str
    price: int
    tier: int
    tags: tuple[str, ...]
    text: str

    @property
    def url(self) -> str:
        return f"/p/{self.key}"

    @property
    def image(self) -> str:
        return f"/shop/pictures/{self.key}.svg"


@cache
def shelf() -> Mapping[str, Product]:
    """What the shop sells, by key."""
    return MappingProxyType({each.key: each for each in make_products(SEED, SIZE)})


@cache
def of_department(key: str) -> tuple[Product, ...]:
    return tuple(each for each in shelf().values() if each.department.key == key)


def make_products(seed: int, size: int) -> tuple[Product, ...]:
    """`size` products with different keys and titles; the same seed makes the same ones."""
    chance = random.Random(f"shelf:{seed}")
    shares = [size // len(DEPARTMENTS)] * len(DEPARTMENTS)
    for extra in range(size % len(DEPARTMENTS)):
        shares[extra] += 1
    return tuple(
        each
        for department, share in zip(DEPARTMENTS, shares, strict=True)
        for each in _department(department, share, chance)
    )


def _department(department: Department, count: int, chance: random.Random) -> list[Product]:
    every = list(combinations(department.lines, range(len(department.kinds)), COLOURS))
    if count > len(every):
        raise ValueError(f"{department.key} has words for {len(every)} products, not {count}")
    picked = chance.sample(every, count)
    return [_product(department, line, style, colour, chance) for line, style, colour in picked]


def _product(
    department: Department, line: str, style: int, colour: Colour, chance: random.Random
) -> Product:
    kind = department.kinds[style]
    brand = department.brands[department.lines.index(line) % len(department.brands)]
    material = chance.choice(kind.materials)
    tier = chance.choices((0, 1, 2), (4, 4, 2))[0]
    return Product(
        key=f"{department.key}-{line}-{kind.name}-{colour.name}".lower().replace(" ", "-"),
        title=f"{line} {kind.name}, {colour.name}",
        department=department,
        brand=brand,
        kind=kind.name,
        colour=colour,
        material=material,
        price=_price(kind, tier, chance),
        tier=tier,
        tags=_tags(department, tier, chance),
        text=f"{kind.sentence} By {brand}, in {material}; colour {colour.name}.",
    )


def _price(kind: Kind, tier: int, chance: random.Random) -> int:
    """A price that ends as prices do, within its tier's third of the kind's range."""
    low, high = kind.prices
    floor = low * (high / low) ** (tier / 3)
    ceiling = low * (high / low) ** ((tier + 1) / 3)
    euros = max(low, round(chance.uniform(floor, ceiling)))
    return euros * 100 - (5 if euros < 60 else 100 if euros % 10 == 0 else 0)


def _tags(department: Department, tier: int, chance: random.Random) -> tuple[str, ...]:
    tags = chance.sample(department.tags, 2)
    if department.season:
        tags.append(department.season)
    if tier == 2:
        tags.append("premium")
    if chance.random() < 0.15:
        tags.append("new")
    return tuple(dict.fromkeys(tags))
