"""The second of two people who edit the same thing: told, shown both versions, asked.

In:  the version that a form was opened with, what is stored now, what was typed.
Out: a `Standoff` with the parts that differ; once the person has chosen, the merged document.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from personalization.studio.json_text import read_typed
from personalization.targeting.documents import to_document
from personalization.targeting.models import Keyed
from personalization.targeting.versions import (
    BOTH,
    THEIRS,
    Change,
    Difference,
    differences,
    last_change,
    merged,
)

AT, WHOLE, SETTLES, CHOICE, ALL = "opened_at", "opened_as", "settles", "take:", "take_all"
Sent = Mapping[str, Any]  # a QueryDict
PlaceOf = Callable[[str], str]  # path of a document -> form field
Document = Mapping[str, Any]  # JSON


@dataclass(frozen=True, slots=True)
class Opened:
    """The version that a form shows: when it was stored, and the document itself."""

    at: datetime | None
    document: Document

    @classmethod
    def of(cls, row: Keyed) -> Self:
        return cls(None, {}) if row.pk is None else cls(row.updated_at, to_document(row))

    @classmethod
    def sent(cls, data: Sent) -> Self:
        """As the form brought it back; what cannot be read was opened before all versions."""
        try:
            at = datetime.fromisoformat(data.get(AT) or "")
            document = read_typed(data.get(WHOLE) or "{}")
        except ValueError:
            return cls(None, {})
        return cls(at, document if isinstance(document, dict) else {})

    def as_text(self) -> str:
        return json.dumps(self.document, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Standoff:
    """Two versions of one document. `version` is theirs; `change`: who saved it, and when."""

    version: str
    theirs: Document
    mine: Document
    parts: tuple[Difference, ...]
    change: Change | None

    @classmethod
    def between(cls, opened: Opened, row: Keyed, mine: Document) -> "Standoff | None":
        """None where nobody saved meanwhile, or both wrote the same."""
        if row.pk is None or opened.at is None or opened.at == row.updated_at:
            return None
        version, last = row.updated_at.isoformat(), last_change(row)
        change = Change(last.actor if last else _("Somebody"), row.updated_at)
        return cls.of(version, opened.document, to_document(row), mine, change)

    @classmethod
    def of(
        cls, version: str, opened: Document, theirs: Document, mine: Document, change: Change | None
    ) -> "Standoff | None":
        parts = differences(opened, theirs, mine)
        return cls(version, theirs, mine, parts, change) if parts else None

    def sentence(self) -> str:
        if self.change is None:
            return _("Somebody saved this while you were editing.")
        return _("%(who)s saved this while you were editing (%(at)s).") % {
            "who": self.change.actor,
            "at": date_format(localtime(self.change.at), "DATETIME_FORMAT"),
        }

    def is_settled_by(self, data: Sent) -> bool:
        """The person has seen this very version of the other one and chose."""
        return bool(data.get(SETTLES) == self.version)

    def settled(self, data: Sent, fields: Collection[str], place_of: PlaceOf) -> dict[str, Any]:
        """Parts that no field of the form shows are never mine to overwrite."""
        shown = tuple(part for part in self.parts if place_of(part.name) in fields)
        if data.get(ALL) == "mine":
            return merged(self.theirs, self.mine, shown, ())
        chosen = {part.name: data.get(CHOICE + part.name) or _suggested(part) for part in shown}
        taken = [name for name, whose in chosen.items() if whose == THEIRS]
        return merged(self.theirs, self.mine, shown, taken)

    def choices(self, data: Sent, fields: Collection[str], place_of: PlaceOf) -> Iterator["Choice"]:
        for part in self.parts:
            if place_of(part.name) in fields:
                suggested = data.get(CHOICE + part.name) or _suggested(part)
                yield Choice(part, place_of(part.name), suggested == THEIRS)


@dataclass(frozen=True, slots=True)
class Choice:
    """One part to choose: the form field that shows it, and what we would take."""

    part: Difference
    field: str
    takes_theirs: bool

    @property
    def name(self) -> str:
        return CHOICE + self.part.name

    @property
    def is_contested(self) -> bool:
        return self.part.by == BOTH


def _suggested(part: Difference) -> str:
    """What only they changed is theirs; all else mine."""
    return THEIRS if part.by == THEIRS else "mine"
