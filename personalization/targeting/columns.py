"""Where each field of a visitor stands in our tables, for `rules.to_sql`.

In:  a site, a catalogue, and the instant of counting.
Out: SQL over `visitors`; equal, for every visitor who allows personalization, to what
     `read_visitor` says. Whoever asks it asks for these (`ALLOWED`).
"""

from typing import Final

from django.db import connection

from personalization.clock import DAY
from personalization.govern.models import Site
from personalization.govern.purposes import PERSONALIZATION, granting, to_bits
from personalization.money import EXPONENTS, exponent
from personalization.profiles.models import INDEXED_LETTERS, PLACES, WITH_PLACES
from personalization.profiles.places import Places, column_of, places_of
from personalization.profiles.scores import PLAIN_SCORES
from rules import Catalogue, ListColumn, RowColumn
from rules.fields import BUILT_IN, Field

Column = str | ListColumn | RowColumn
TRAIT: Final = "personalization_trait"
STAGES: Final = ListColumn(
    "personalization_stay {e} WHERE {e}.profile_id = p.id AND {e}.stage <> ''",
    {"value": "{e}.named"},
)
VALUE_OF: Final = {
    "string": "text",
    "version": "text",
    "number": "number",
    "boolean": "truth",
    "datetime": "at",
}


def visitors(asked: str) -> str:
    """The table for what is asked of it: a narrow row of each visitor, `p`.

    Statistics lead SQLite to open a row for each of a third of all visitors rather than to read an
    index that holds all that is asked.
    """
    is_placed = any(f"p.{column}" in asked for column in PLACES)
    is_led = connection.vendor == "sqlite" and is_placed
    return f"personalization_summary p{f' INDEXED BY {WITH_PLACES}' if is_led else ''}"


def columns_of(site: Site, catalogue: Catalogue, now_us: int) -> dict[str, Column]:
    """Fields of the visitor by name; those of a page view have no column and stay unknown."""
    places = places_of(site)
    columns: dict[str, Column] = {
        "first_seen": "p.first_seen",
        "last_seen": "p.last_seen",
        "visits": "p.visits",
        "frequency": "p.frequency",
        "monetary": f"(CAST(p.monetary AS double precision) / {10 ** exponent(site.currency)})",
        "recency": f"(CAST({now_us} - p.last_seen AS double precision) / {DAY})",
        "events": _events(site.pk, site.currency),
        "stage": STAGES,
    }
    for name in PLAIN_SCORES:
        columns[name] = _score(BUILT_IN.fields[name], site.pk, places)
    columns["affinity"] = _affinity(BUILT_IN.fields["affinity"])
    for name, field in catalogue.fields.items():
        if name not in BUILT_IN.fields and not field.personal:
            columns[name] = (
                _list_trait(field) if field.type == "list" else _plain_trait(field, site.pk, places)
            )
    return columns


def _events(site: int, currency: str) -> ListColumn:
    """Those that the profile's recent list holds: counted in, and from where that begins."""
    plain = ("type", "item", "category", "currency", "at")
    return ListColumn(
        f"personalization_event {{e}} WHERE {{e}}.profile_id = p.id AND {_is_recent('p')}",
        {"id": "{e}.event", "value": _major(currency), **{name: f"{{e}}.{name}" for name in plain}},
        everybody="personalization_event {e} JOIN personalization_summary {e}p"
        f" ON {{e}}p.id = {{e}}.profile_id WHERE {{e}}.site_id = {site} AND {_is_recent('{e}p')}",
        owner="{e}.profile_id",
        visitor="p.id",
    )


def _is_recent(owner: str) -> str:
    named = '{e}.event COLLATE "C"' if connection.vendor == "postgresql" else "{e}.event"
    return (
        f"{{e}}.at >= {owner}.recent_at"
        f" AND ({{e}}.at > {owner}.recent_at OR {named} >= {owner}.recent_id)"
        f" AND ({{e}}.purposes & {PERSONALIZATION}) <> 0 AND {{e}}.type <> 'exposure'"
    )


def _major(currency: str) -> str:
    """An event's value in major units of the currency it names, else of the site's."""
    whens = "".join(
        f" WHEN {{e}}.currency = '{code}' THEN {10**digits}" for code, digits in EXPONENTS.items()
    )
    own = f" WHEN {{e}}.currency IS NULL OR {{e}}.currency = '' THEN {10 ** exponent(currency)}"
    factor = f"CASE{own}{whens} ELSE 100 END"
    return f"(CAST({{e}}.value AS double precision) / ({factor}))"


def _score(field: Field, site: int, places: Places) -> RowColumn:
    """What workers found, found by the index of that column; no value is unknown."""
    is_there = f"{{e}}.{field.name} IS NOT NULL"
    return RowColumn(
        source=f"personalization_score {{e}} WHERE {{e}}.site_id = {site} AND {is_there}",
        owner="{e}.profile_id",
        visitor="p.id",
        value=f"{{e}}.{field.name}",
        permitted=_is_permitted(field),
        longest=INDEXED_LETTERS,
        placed=column_of(field, places),
    )


def _affinity(field: Field) -> ListColumn:
    """Who has been scored at all has a favourite category, or no list."""
    mine = "personalization_affinity {e} WHERE {e}.profile_id = p.id"
    is_there = f"EXISTS (SELECT 1 FROM {mine})".replace("{e}", "k")  # noqa: S608 - our own words
    return ListColumn(
        mine,
        {"category": "{e}.category", "score": "{e}.score"},
        known=f"({_is_permitted(field)} AND {is_there})",
    )


def _plain_trait(field: Field, site: int, places: Places) -> RowColumn:
    """Its rows are found by the index of the site's traits of this name."""
    named = f"{{e}}.site_id = {site} AND {{e}}.name = '{field.name}'"
    return RowColumn(
        source=f"{TRAIT} {{e}} WHERE {named} AND {{e}}.position = 0 AND {{e}}.member = ''",
        owner="{e}.profile_id",
        visitor="p.id",
        value=f"{{e}}.{VALUE_OF[field.type]}",
        permitted=_is_permitted(field),
        brief=f"LENGTH({{e}}.text) <= {INDEXED_LETTERS}",
        longest=INDEXED_LETTERS,
        placed=column_of(field, places),
    )


def _list_trait(field: Field) -> ListColumn:
    """Elements from position 1 on; the row at position 0 says that there is a list."""
    mine = f"{TRAIT} {{e}} WHERE {{e}}.profile_id = p.id AND {{e}}.name = '{field.name}'"
    is_there = f"EXISTS (SELECT 1 FROM {mine} AND {{e}}.position = 0)".replace("{e}", "k")  # noqa: S608
    return ListColumn(
        f"{mine} AND {{e}}.position > 0 AND {{e}}.member = ''",
        _members(field),
        known=f"({_is_permitted(field)} AND {is_there})",
    )


def _members(field: Field) -> dict[str, str]:
    if isinstance(field.of, str) or field.of is None:
        return {"value": f"{{e}}.{VALUE_OF[field.of or 'string']}"}
    same = "m.profile_id = {e}.profile_id AND m.name = {e}.name AND m.position = {e}.position"
    row = f"FROM {TRAIT} m WHERE {same} AND m.member"
    return {
        name: f"(SELECT m.{VALUE_OF[each.type]} {row} = '{name}')"
        for name, each in field.of.items()
    }


def _is_permitted(field: Field) -> str:
    """Said twice of a visitor, PostgreSQL would take it for many stretches of an index."""
    bits = to_bits(field.purposes)
    return _is_granted(bits) if bits & ~PERSONALIZATION else "TRUE"


def _is_granted(bits: int) -> str:
    """The combinations one by one: an index narrows by them, and databases guess how many match."""
    return f"p.purposes IN ({', '.join(map(str, granting(bits)))})"


ALLOWED: Final = _is_granted(PERSONALIZATION)
