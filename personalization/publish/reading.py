"""In: a site and the number of a release. Out: the release, if its text is what was published."""

import hashlib
import json
from collections import OrderedDict
from threading import Lock
from typing import Final

from django.utils.translation import gettext as _

from personalization.exceptions import Conflict, NotFound
from personalization.publish.models import PublishedRelease
from rules import codec
from rules.invalid import Invalid
from rules.types import Release

REMEMBERED: Final = 8
_lock: Final = Lock()
_read: OrderedDict[str, Release] = OrderedDict()  # by checksum: a text is one release for good


class Unreadable(Conflict):
    """The stored text is damaged, or of a version that we do not read."""

    code = "unreadable_release"


def read_release(site_id: int, number: int) -> Release:
    """Any release that was ever published; its text is checked against its checksum."""
    row = PublishedRelease.objects.filter(site_id=site_id, number=number).first()
    if row is None:
        raise NotFound(_("There is no release %d.") % number)
    return release_of(row)


def release_of(row: PublishedRelease) -> Release:
    if checksum(row.document) != row.sha256:
        raise Unreadable(
            _("Release %d was damaged in the database. Restore it, or publish again.") % row.number
        )
    kept = _remembered(f"{row.site_id}:{row.sha256}")
    if kept is not None:
        return kept
    try:
        release = codec.from_document(json.loads(row.document))
    except (Invalid, ValueError) as error:
        why = error.placed(_) if isinstance(error, Invalid) else str(error)
        said = {"number": row.number, "why": why}
        raise Unreadable(_("Release %(number)d cannot be read: %(why)s") % said) from error
    _remember(f"{row.site_id}:{row.sha256}", release)
    return release


def checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _remembered(name: str) -> Release | None:
    with _lock:
        if name in _read:
            _read.move_to_end(name)
        return _read.get(name)


def _remember(name: str, release: Release) -> None:
    with _lock:
        _read[name] = release
        while len(_read) > REMEMBERED:
            _read.popitem(last=False)
