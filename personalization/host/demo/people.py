"""Invented visitors with tastes: which departments, brands, colours and prices they lean to.

In:  a seed and how many. Out: people, always the same; a person never depends on how many others.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from personalization.host.shop.assortment import BRANDS, COLOURS, DEPARTMENTS
from rules.purposes import ALL_PURPOSES, NONE_GRANTED, Purpose, Purposes

NAMES = (
    "Anna Ben Clara David Elif Finn Greta Hannes Ida Jonas Karla Leo Mila Nils Olga Paul "
    "Quentin Rosa Samir Tilda Uwe Vera Wim Yara Zoë Ana Bruno Chiara Dženan Emre Fatou Giulia "
    "Henrik Ines Jurek Kaoru Lucía Marek Noor Oskar Petra Rafał Saoirse Théo Ülkü Viggo"
)
FIRST_NAMES = tuple(NAMES.split())
COUNTRIES = {"DE": 46, "AT": 12, "CH": 11, "NL": 8, "FR": 7, "DK": 6, "SE": 5, "GB": 5}
CHOICES: tuple[tuple[Purposes, int], ...] = (
    (ALL_PURPOSES, 62),
    (frozenset({Purpose.ANALYTICS, Purpose.PERSONALIZATION}), 12),
    (frozenset({Purpose.ANALYTICS, Purpose.PERSONALIZATION, Purpose.TRAINING}), 6),
    (frozenset({Purpose.ANALYTICS}), 6),
    (frozenset({Purpose.PERSONALIZATION}), 4),
    (NONE_GRANTED, 10),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One visitor. The tastes are weights; `visits` is how many they pay in the whole time."""

    id: str
    first_name: str
    country: str
    purposes: Purposes
    is_member: bool
    points: int
    tier: int  # the price level they buy at: 0 cheap, 2 dear
    departments: Mapping[str, float]
    brands: Mapping[str, float]
    colours: Mapping[str, float]
    visits: int
    is_evening: bool
    joined_day: int  # of the time that is told; most were there from the start
    left_day: int  # from then on they stay away; most never do


def make_people(seed: int, size: int, days: int) -> tuple[Person, ...]:
    return tuple(_person(seed, number, days) for number in range(1, size + 1))


def _person(seed: int, number: int, days: int) -> Person:
    chance = random.Random(f"person:{seed}:{number}")
    is_member = chance.random() < 0.35
    person = Person(
        id=f"demo-{number:04d}",
        first_name=chance.choice(FIRST_NAMES),
        country=_weighted(COUNTRIES, chance),
        purposes=chance.choices([c for c, _ in CHOICES], [w for _, w in CHOICES])[0],
        is_member=is_member,
        points=chance.randint(20, 2400) if is_member else 0,
        tier=chance.choices((0, 1, 2), (4, 4, 2))[0],
        departments=_taste([each.key for each in DEPARTMENTS], (12, 5, 2), chance),
        brands=_taste(BRANDS, (5, 5, 3, 3), chance),
        colours=_taste([each.name for each in COLOURS], (4, 3), chance),
        visits=_visits(chance, is_member=is_member),
        is_evening=chance.random() < 0.45,
        joined_day=0 if chance.random() < 0.7 else chance.randrange(days),
        left_day=days,
    )
    return replace(person, left_day=_left_day(person.joined_day, days, chance))


def _left_day(joined: int, days: int, chance: random.Random) -> int:
    """Two of five lose interest at some time, after at least some days."""
    if chance.random() < 0.6:
        return days
    return min(days, joined + 4 + chance.randrange(max(1, days - joined - 4)))


def _taste(
    names: tuple[str, ...] | list[str], liked: tuple[int, ...], chance: random.Random
) -> dict[str, float]:
    """A weight for each name: a few are liked, the rest a little, in an order of one's own."""
    order = chance.sample(names, len(names))
    weights = [*liked, *[0.35] * (len(names) - len(liked))]
    return dict(zip(order, map(float, weights), strict=True))


def _visits(chance: random.Random, *, is_member: bool) -> int:
    """Many come a few times, some very often."""
    return min(40, 1 + int(chance.lognormvariate(1.1 if is_member else 0.75, 0.75)))


def _weighted(weights: Mapping[str, float] | Mapping[str, int], chance: random.Random) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]
