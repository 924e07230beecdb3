"""What a JSON value must be so that both databases and every page can keep it.

In:  a value as a JSON or YAML parser gave it.
Out: the first flaw in it, with its path, or None.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

DEEPEST: Final = 100
LARGEST_INTEGER: Final = 2**53


@dataclass(frozen=True, slots=True)
class Flaw:
    """`path` is relative, like ".rules[2].value"."""

    path: str
    code: str
    detail: str


def first_flaw(value: object, path: str = "", depth: int = 0) -> Flaw | None:
    flaw = None
    if isinstance(value, str):
        flaw = _flaw_of_text(value, path)
    elif isinstance(value, dict | list) and depth >= DEEPEST:
        flaw = Flaw(path, "too_deep", _("Nest at most %d levels.") % DEEPEST)
    elif isinstance(value, dict):
        flaw = _flaw_of_object(value, path, depth)
    elif isinstance(value, list):
        members = ((f"{path}[{place}]", member) for place, member in enumerate(value))
        flaw = _first(members, depth)
    elif isinstance(value, int | float):
        flaw = _flaw_of_number(value, path)
    elif value is not None:
        flaw = Flaw(path, "type", _("This is no JSON value; put quotes around it."))
    return flaw


def _flaw_of_number(number: float, path: str) -> Flaw | None:
    if isinstance(number, float) and not math.isfinite(number):
        return Flaw(path, "number", _("Send a finite number."))
    if abs(number) > LARGEST_INTEGER:  # PostgreSQL would give 1e300 back as a whole number
        return Flaw(path, "number", _("Numbers reach up to 2^53."))
    return None


def _flaw_of_text(text: str, path: str) -> Flaw | None:
    if "\0" in text:
        return Flaw(path, "nul", _("Remove the NUL character."))
    try:
        text.encode()
    except UnicodeEncodeError:
        return Flaw(path, "surrogate", _("Remove the half of a character (a lone surrogate)."))
    return None


def _flaw_of_object(value: dict[object, object], path: str, depth: int) -> Flaw | None:
    for name in value:
        if not isinstance(name, str):
            return Flaw(path, "type", _("Names of fields are text; put quotes around %r.") % name)
        flaw = _flaw_of_text(name, path)
        if flaw is not None:
            return flaw
    return _first(((f"{path}.{name}", member) for name, member in value.items()), depth)


def _first(members: Iterable[tuple[str, object]], depth: int) -> Flaw | None:
    for path, member in members:
        flaw = first_flaw(member, path, depth + 1)
        if flaw is not None:
            return flaw
    return None
