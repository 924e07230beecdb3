"""Which traits and scores stand in columns of the visitor's summary, beside visits and purchases.

An audience over these is counted by one index alone. `Trait` and `Score` hold all of them and stay
the truth; the columns are filled from there, in the transaction that changes a row. A place that is
new to visitors who are there already is filled by a worker, and read once that is done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from django.db import connection

from personalization.govern.models import Site
from personalization.profiles.models import CUT, PLACES, PLAIN, Score, Trait
from rules import number_key
from rules.fields import BUILT_IN, Field

NOTHING_PLACED: Final[Mapping[str, object]] = dict.fromkeys(PLACES)
KINDS: Final = {  # of field to those of columns
    "number": "number",
    "boolean": "number",
    "string": "text",
    "version": "text",
    "datetime": "time",
}
_COLUMNS: Final = ("text", "number", "truth", "at")  # of a trait's row; one of them is set


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
    """The field's column as SQL over a summary `p`; "" where counts cannot read one."""
    place = places.get(field.name)
    return f"p.{place.column}" if place and place.is_filled else ""


def fill(site_id: int, ids: Sequence[int], names: Iterable[str] | None = None) -> None:
    """Bring the columns of these visitors, locked by the caller, to what their rows say.

    `names`: of what changed; all by default. What has which place is read behind the lock: a place
    that is given away meanwhile is filled by one of the two.
    """
    places = places_of(Site.objects.only("places").get(pk=site_id))
    changed = sorted(places.keys() if names is None else places.keys() & set(names))
    if not changed or not ids:
        return
    values = _values(ids, changed, places)
    columns = ", ".join(f"{places[name].column} = %s" for name in changed)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE personalization_summary SET {columns} WHERE id = %s",  # noqa: S608 - our own words
            [[*(values.get((visitor, name)) for name in changed), visitor] for visitor in ids],
        )


def _values(ids: Sequence[int], names: Sequence[str], places: Places) -> dict[tuple[int, str], Any]:
    """By visitor and name, as columns hold them; what is missing is unknown."""
    scores = [name for name in names if name in BUILT_IN.fields]
    found: dict[tuple[int, str], Any] = {}
    if scores:
        rows = Score.objects.filter(profile__in=ids).values_list("profile_id", *scores)
        for visitor, *values in rows:
            found |= {(visitor, n): v for n, v in zip(scores, values, strict=True)}
    if len(scores) < len(names):
        traits = Trait.objects.filter(PLAIN, profile__in=ids, name__in=names)
        for visitor, name, *values in traits.values_list("profile_id", "name", *_COLUMNS):
            found[visitor, name] = next((v for v in values if v is not None), None)
    return {key: _code(places[key[1]].kind, value) for key, value in found.items()}


def _code(kind: str, value: Any) -> Any:  # a text, a number, or nothing
    if value is None:
        return None
    if kind == "number":
        return number_key(float(value))
    return value[:CUT] if kind == "text" else value
