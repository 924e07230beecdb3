"""Reading a document strictly: every field once, every mistake named with its path and remedy.

In:  what JSON or YAML gave, of any type.
Out: typed values; `finish` raises one `Malformed` with everything that is wrong.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from unicodedata import category

from django.utils.translation import gettext as _

from personalization.exceptions import FieldError, Malformed
from personalization.targeting.json_values import first_flaw

KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LARGEST: Final = 2**31 - 1  # what an integer column of both databases holds
# Invisible, or turning the words beside it; not the joiners, which emoji and Persian need.
UNSEEN: Final = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Document:
    """One document that is being read. `path` is where it stands in a larger one."""

    def __init__(self, content: object, path: str = "") -> None:
        self._path = path
        self._errors: list[FieldError] = []
        self._left: dict[Any, Any] = {}  # whatever was sent
        if isinstance(content, Mapping):
            self._left = dict(content)
        else:
            self._errors.append(FieldError(path, "type", _("Send an object with named fields.")))

    def refuse(self, name: str, code: str, detail: str) -> None:
        self._errors.append(FieldError(self.at(name), code, detail))

    def add(self, refused: Malformed, name: str) -> None:
        """Take over what another check found; `name` where it names no place itself."""
        for error in refused.errors or (FieldError(name, refused.code, refused.detail),):
            self.refuse(dotted(error.path or name), error.code, error.detail)

    def at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path and name else self._path or name

    def finish(self) -> None:
        """Refuse what nobody asked for, and everything that was wrong before."""
        for name in self._left:
            self.refuse(str(name)[:100], "unknown", _("There is no such field; remove it."))
        self._left = {}
        if self._errors:
            raise Malformed(_said(self._errors), errors=tuple(self._errors))

    @property
    def has_errors(self) -> bool:
        return bool(self._errors)

    def has(self, name: str) -> bool:
        return name in self._left

    def value(self, name: str, default: object = None) -> Any:  # a JSON value, checked as such
        """Any JSON value that both databases can keep."""
        value = self._left.pop(name, default)
        flaw = first_flaw(value)
        if flaw is None:
            return value
        self.refuse(f"{name}{flaw.path}", flaw.code, flaw.detail)
        return default

    def plain(self, name: str, kind: type) -> Any:  # of that type, its inside not checked
        """An object or a list whose parts are read by others; None where there is none."""
        value = self._left.pop(name, None)
        if value is None or isinstance(value, kind):
            return value
        self.refuse(name, "type", _("Send a list.") if kind is list else _("Send an object."))
        return None

    def key(self, name: str = "key", *, required: bool = True) -> str:
        """A stable key; "" where it is missing or wrong."""
        value = self.value(name)
        if value is None:
            if required:
                self.refuse(name, "required", _("Give it a key."))
            return ""
        if isinstance(value, str) and KEY.fullmatch(value):
            return value
        self.refuse(
            name,
            "key",
            _("A key has up to 100 letters, digits, dots, dashes and underscores, like home.hero."),
        )
        return ""

    def text(self, name: str, *, longest: int = 200, default: str = "") -> str:
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, str):
            self.refuse(name, "type", _("Send text."))
        elif len(value) > longest:
            self.refuse(name, "too_long", _("Use at most %d characters.") % longest)
        else:
            return value
        return default

    def called(self, name: str = "name") -> str:
        """What people call it, without what nobody sees and what turns the words beside it."""
        return seen(self.text(name))

    def integer(self, name: str, default: int, *, least: int = 0, most: int = LARGEST) -> int:
        value = self.value(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.refuse(name, "integer", _range(least, most))
            return default
        return value

    def share(self, name: str, default: float) -> float:
        """A number from 0 to 1."""
        value = self.value(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.refuse(name, "share", _("Send a number from 0 to 1."))
            return default
        return float(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.refuse(name, "type", _("Send true or false."))
            return default
        return value

    def moment(self, name: str) -> datetime | None:
        """An instant with its offset, in UTC; YAML may have read it already."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else value
            if isinstance(moment, datetime) and moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        self.refuse(
            name, "datetime", _("Send a date and time with its offset: 2026-12-01T08:00:00+01:00.")
        )
        return None

    def window(self) -> tuple[datetime | None, datetime | None]:
        start, end = self.moment("start"), self.moment("end")
        if start is not None and end is not None and end <= start:
            self.refuse("end", "window", _("The end must come after the start."))
        return start, end

    def mapping(self, name: str, *, required: bool = True) -> dict[str, Any]:
        """An object with text for keys; {} where it is missing or wrong."""
        value = self.value(name)
        if isinstance(value, Mapping):
            return dict(value)
        if value is not None or required:
            self.refuse(name, "type", _("Send an object with named fields."))
        return {}

    def sequence(self, name: str, *, required: bool = True) -> list[Any]:  # JSON values
        value = self.value(name)
        if isinstance(value, list):
            return value
        if value is not None or required:
            self.refuse(name, "type", _("Send a list."))
        return []


def seen(text: str) -> str:
    """Without what nobody sees; "" where nothing else is there."""
    kept = UNSEEN.sub("", text).strip()
    return kept if any(category(each)[0] in "LNPS" for each in kept) else ""


def malformed(path: str, code: str, detail: str) -> Malformed:
    return Malformed(detail, errors=(FieldError(path, code, detail),))


def dotted(path: str) -> str:
    """`fields/en/items/0/title` becomes `fields.en.items[0].title`."""
    first, *rest = path.split("/")
    return first + "".join(f"[{part}]" if part.isdecimal() else f".{part}" for part in rest if part)


def _range(least: int, most: int) -> str:
    if most >= LARGEST:
        return _("Send a whole number from %d.") % least
    return _("Send a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}


def _said(errors: list[FieldError]) -> str:
    first = errors[0]
    said = f"{first.path}: {first.detail}" if first.path else first.detail
    more = len(errors) - 1
    return _("%(first)s (and %(more)d more)") % {"first": said, "more": more} if more else said
