"""Which traits and scores stand in columns of the visitor's own row, beside visits and purchases.

An audience over these is counted by one index alone. `Trait` and `Score` hold all of them and stay
the truth; the columns are filled from there, in the transaction that changes a row. A place that is
new to visitors who are there already is filled by a worker, and read once that is done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from django.db import connection

from personalization.govern.models import Site
from personalization.profiles.models import CUT, PLACES
from rules.fields import BUILT_IN, Field

NOTHING_PLACED: Final[Mapping[str, object]] = dict.fromkeys(PLACES)
KINDS: Final = {  # of field to those of columns
    "number": "number",
    "boolean": "number",
    "string": "text",
    "version": "text",
    "datetime": "time",
}
_MINE: Final = "t.profile_id = personalization_profile.id"
_OF_TRAITS: Final = {
    "number": "COALESCE(t.number, CAST(t.truth AS int))",
    "text": f"SUBSTR(t.text, 1, {CUT})",
    "time": "t.at",
}


@dataclass(frozen=True, slots=True)
class Place:
    """`is_filled`: the column holds the value of every visitor, so that counts may read it."""

    column: str
    is_filled: bool = False

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:  # JSON
        return cls(stored["column"], stored["filled"])

    @property
    def kind(self) -> str:
        return self.column.partition("_")[0]

    def to_dict(self) -> dict[str, object]:
        return {"column": self.column, "filled": self.is_filled}


Places = Mapping[str, Place]  # by name of the trait or score


def columns_of_kind(kind: str) -> tuple[str, ...]:
    return tuple(name for name in PLACES if name.startswith(f"{kind}_"))


def places_of(site: Site) -> dict[str, Place]:
    return {name: Place.of(stored) for name, stored in site.places.items()}


def write_places(site: Site, places: Places) -> None:
    site.places = {name: place.to_dict() for name, place in places.items()}
    Site.objects.filter(pk=site.pk).update(places=site.places)


def column_of(field: Field, places: Places) -> str:
    """The field's column as SQL over a profile `p`; "" where counts cannot read one."""
    place = places.get(field.name)
    if place is None or not place.is_filled:
        return ""
    column = f"p.{place.column}"
    return f"({column} <> 0)" if field.type == "boolean" else column


def fill(site_id: int, ids: Sequence[int], names: Iterable[str] | None = None) -> None:
    """Bring the columns of these visitors, locked by the caller, to what their rows say.

    `names`: of what changed; all by default. What has which place is read behind the lock: a place
    that is given away meanwhile is filled by one of the two.
    """
    places = places_of(Site.objects.only("places").get(pk=site_id))
    changed = places.keys() if names is None else places.keys() & set(names)
    if not changed or not ids:
        return
    parameters: list[Any] = []  # what database drivers take
    sets = []
    for name in sorted(changed):
        value, given = _value(name, places[name])
        sets.append(f"{places[name].column} = {value}")
        parameters += given
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE personalization_profile SET {', '.join(sets)} WHERE id IN ({marks})",  # noqa: S608 - our own words
            [*parameters, *ids],
        )


def _value(name: str, place: Place) -> tuple[str, list[str]]:
    """A visitor's value of it, from its row; NULL where there is none."""
    if name in BUILT_IN.fields:
        value = f"SUBSTR(t.{name}, 1, {CUT})" if place.kind == "text" else f"t.{name}"
        return f"(SELECT {value} FROM personalization_score t WHERE {_MINE})", []  # noqa: S608 - our own words
    row = f"{_MINE} AND t.name = %s AND t.position = 0 AND t.member = ''"
    value = _OF_TRAITS[place.kind]
    return f"(SELECT {value} FROM personalization_trait t WHERE {row})", [name]  # noqa: S608 - our own words
