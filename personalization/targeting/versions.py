"""Two people at one document: what differs, whose change it is, and both in one.

In:  the document as it was opened, as somebody else saved it meanwhile, as it was just written.
Out: each part that differs; the document put together from both.
"""

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from personalization.govern.models import AuditEntry
from personalization.targeting.models import Keyed

Document = Mapping[str, Any]  # JSON
Path = tuple[str, ...]  # ("name",), ("fields", "en", "headline")

PARTED: Final = frozenset({"fields"})  # members whose own members are compared one by one
THEIRS, MINE, BOTH = "theirs", "mine", "both"


class Absent:
    """Stands for a part that one of the documents does not have."""

    def __bool__(self) -> bool:
        return False


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """One part in which theirs and mine differ. `by`: who changed it since it was opened."""

    path: Path
    theirs: Any  # a JSON value, or ABSENT
    mine: Any  # likewise
    by: str

    @property
    def name(self) -> str:
        """As in `fields.en.headline`."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Change:
    """Who saved a document last, and when."""

    actor: str
    at: datetime


def differences(opened: Document, theirs: Document, mine: Document) -> tuple[Difference, ...]:
    return tuple(_differences(opened, theirs, mine, ()))


def merged(
    theirs: Document, mine: Document, parts: Collection[Difference], taken: Collection[str]
) -> dict[str, Any]:
    """Theirs, with my value in every part but those whose names are `taken`."""
    document = deepcopy(dict(theirs))
    for part in parts:
        if part.name not in taken:
            _put(document, part.path, part.mine)
    for name in PARTED & document.keys():
        emptied = [key for key, value in document[name].items() if not value and theirs[name][key]]
        for key in emptied:
            del document[name][key]
    return document


def last_change(row: Keyed) -> Change | None:
    """From the audit trail, which every verb writes in its own transaction."""
    action = f"{row._meta.model_name}."
    return _newest(site_id=row.site_id, target=row.key, action__startswith=action)


def last_of(site_id: int, action: str) -> Change | None:
    """The same, of what a site has once. None where a command changed it, which notes no such."""
    return _newest(site_id=site_id, action=action)


def _newest(**asked: Any) -> Change | None:  # columns of an entry
    entry = AuditEntry.objects.filter(**asked).first()
    return None if entry is None else Change(entry.actor, entry.at)


def _differences(opened: Any, theirs: Any, mine: Any, path: Path) -> Iterator[Difference]:
    """All three are JSON values or ABSENT."""
    if not path or (path[0] in PARTED and len(path) < 3):
        ours = [_members(each) for each in (opened, theirs, mine)]
        for name in dict.fromkeys([*ours[1], *ours[2]]):
            first, second, third = (each.get(name, ABSENT) for each in ours)
            yield from _differences(first, second, third, (*path, name))
    elif theirs != mine:
        by = MINE if opened == theirs else THEIRS if opened == mine else BOTH
        yield Difference(path, theirs, mine, by)


def _members(value: Any) -> Document:
    return value if isinstance(value, Mapping) else {}


def _put(document: dict[str, Any], path: Path, value: Any) -> None:
    *outer, last = path
    for name in outer:
        document = document.setdefault(name, {})
    if value is ABSENT:
        document.pop(last, None)
    else:
        document[last] = deepcopy(value)
