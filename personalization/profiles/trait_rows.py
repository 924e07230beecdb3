"""In: a typed trait. Out: its rows for counting audiences.

A plain value is one row at position 0. A list is a row at position 0 with its length as `number`,
and one row an element from position 1; an element that is an object is a row with `truth` set, and
one row a member.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from personalization.clock import to_us
from personalization.profiles.models import Profile, Trait
from rules.fields import Field
from rules.values import version_key


def rows_of(profile: Profile, declared: Field, value: object) -> Iterator[Trait]:
    if value is None:
        return
    if not isinstance(value, tuple):
        yield _row(profile, declared.name, value, kind=declared.type)
        return
    yield _row(profile, declared.name, len(value), kind="number")
    for position, element in enumerate(value, start=1):
        yield from _element_rows(profile, declared, element, position)


def _element_rows(
    profile: Profile, declared: Field, element: object, position: int
) -> Iterator[Trait]:
    if isinstance(declared.of, str) or declared.of is None:
        kind = declared.of or "string"
        yield _row(profile, declared.name, element, kind=kind, position=position)
        return
    yield _row(profile, declared.name, True, kind="boolean", position=position)
    members = element if isinstance(element, Mapping) else {}
    for name, member in members.items():
        kind = declared.of[name].type
        yield _row(profile, declared.name, member, kind=kind, position=position, member=name)


def _row(
    profile: Profile, name: str, value: object, *, kind: str, position: int = 0, member: str = ""
) -> Trait:
    row = Trait(
        site_id=profile.site_id, profile=profile, name=name, position=position, member=member
    )
    if kind == "version":
        row.text = version_key(str(value))
    elif isinstance(value, bool):
        row.truth = value
    elif isinstance(value, datetime):
        row.at = to_us(value)
    elif isinstance(value, int | float):
        row.number = float(value)
    else:
        row.text = str(value)
    return row
