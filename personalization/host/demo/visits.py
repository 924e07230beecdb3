"""What the invented visitors did: 60 days of events that follow from their tastes.

In:  people, products, a seed, and now. Out: events as the API takes them, oldest first.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from personalization.host.demo.people import Person
from personalization.host.shop.shelf import Product

DAYS = 60
EVENING, DAY = (19, 20, 21, 22), (8, 9, 11, 12, 13, 15, 17)
BUSY = (1.0, 0.9, 0.9, 1.0, 1.1, 1.35, 1.5)  # Monday to Sunday
FAVOURITES = 28  # products that somebody really considers
SECONDS_A_PAGE = (8, 95)

Row = dict[str, Any]  # one event in the words of `POST events`, whose values are of many types


@dataclass(frozen=True, slots=True)
class Told:
    """Who did something, and the row that tells it."""

    person: Person
    row: Row


def tell(
    people: Sequence[Person], products: Sequence[Product], *, seed: int, now: datetime
) -> list[Row]:
    """All events of all people up to `now`; those who refused did nothing that anybody knows."""
    rows = [
        row
        for person in people
        if person.purposes
        for row in _life(person, products, random.Random(f"life:{seed}:{person.id}"), now)
    ]
    return sorted(rows, key=lambda row: (row["at"], row["id"]))


def _life(
    person: Person, products: Sequence[Product], chance: random.Random, now: datetime
) -> Iterator[Row]:
    liked = _favourites(person, products, chance)
    count = 0
    for start in _visit_times(person, chance, now):
        for row in _visit(person, liked, start, chance):
            if row["at"] <= now:
                count += 1
                yield {**row, "id": f"{person.id}-{count}", "at": row["at"].isoformat()}


def _favourites(
    person: Person, products: Sequence[Product], chance: random.Random
) -> list[tuple[Product, float]]:
    """The products that suit this person best, with the weight of each: taste, and luck."""
    weighted = [
        (product, _appeal(person, product) * chance.lognormvariate(0, 0.5)) for product in products
    ]
    return sorted(weighted, key=lambda pair: -pair[1])[:FAVOURITES]


def _appeal(person: Person, product: Product) -> float:
    distance = abs(person.tier - product.tier)
    return (
        person.departments[product.department.key]
        * person.brands[product.brand]
        * math.sqrt(person.colours[product.colour.name])
        * (1.0, 0.45, 0.15)[distance]
        * (1.5 if "new" in product.tags else 1.0)
    )


def _visit_times(person: Person, chance: random.Random, now: datetime) -> list[datetime]:
    days = range(person.joined_day, person.left_day)
    first = (now - timedelta(days=DAYS)).replace(minute=0, second=0, microsecond=0)
    weights = [BUSY[(first + timedelta(days=day)).weekday()] for day in days]
    hours = EVENING if person.is_evening else DAY
    times = [
        first.replace(hour=0)
        + timedelta(days=day + 1, hours=chance.choice(hours), seconds=chance.randrange(3600))
        for day in chance.choices(days, weights, k=person.visits)
    ]
    return sorted(times)


def _visit(
    person: Person,
    liked: Sequence[tuple[Product, float]],
    start: datetime,
    chance: random.Random,
) -> Iterator[Row]:
    """A few pages of one or two departments; sometimes into the cart, sometimes bought."""
    at = start
    cart: list[Product] = []
    mood = _mood(liked, chance)
    for product in chance.choices([p for p, _ in mood], [w for _, w in mood], k=_pages(chance)):
        if chance.random() < 0.4:
            yield _row("click", person, at, product)
            at += timedelta(seconds=2)
        yield _row("view", person, at, product)
        at += timedelta(seconds=chance.randint(*SECONDS_A_PAGE))
        if chance.random() < _desire(person) and product not in cart:
            cart.append(product)
            yield _row("add_to_cart", person, at, product)
            at += timedelta(seconds=5)
    if cart and chance.random() < _resolve(person):
        for product in cart:
            at += timedelta(seconds=1)
            yield {
                **_row("purchase", person, at + timedelta(minutes=3), product),
                "value": product.price / 100,
                "currency": "EUR",
            }


def _desire(person: Person) -> float:
    """Who comes often puts things into the cart more readily."""
    return 0.1 + 0.045 * min(person.visits, 8)


def _resolve(person: Person) -> float:
    """Who comes often, and who is a member, sooner buys what is in the cart."""
    return min(0.9, 0.25 + 0.06 * min(person.visits, 10) + (0.1 if person.is_member else 0))


def _mood(
    liked: Sequence[tuple[Product, float]], chance: random.Random
) -> list[tuple[Product, float]]:
    """Most visits have a purpose: one department, drawn as strongly as it is liked."""
    if chance.random() < 0.25:
        return list(liked)
    product = chance.choices([p for p, _ in liked], [w for _, w in liked])[0]
    return [(p, w) for p, w in liked if p.department is product.department]


def _pages(chance: random.Random) -> int:
    return 1 + min(9, int(chance.expovariate(0.4)))


def _row(kind: str, person: Person, at: datetime, product: Product) -> Row:
    return {
        "type": kind,
        "visitor": person.id,
        "at": at.astimezone(UTC),
        "item": product.key,
    }
