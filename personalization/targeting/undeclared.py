"""Slots that pages ask for and nobody declared: noted aside, never on a request's own path.

In:  keys and the address of a page, at any rate and from any thread.
Out: at most `MOST_ROWS` rows a site, written every few seconds by a thread of its own.
"""

import logging
from collections.abc import Iterable
from threading import Lock, Timer
from typing import Final
from urllib.parse import urlsplit

from django.db import DatabaseError, InterfaceError, connection, transaction

from personalization import clock, conf
from personalization.targeting.models import Slot, UndeclaredSlot
from personalization.targeting.reading import KEY

MOST_WAITING: Final = 1000
MOST_ROWS: Final = 200
LONGEST_URL: Final = 500
log: Final = logging.getLogger("personalization.targeting")

_lock: Final = Lock()
_waiting: dict[tuple[int, str], str] = {}  # (site's id, slot) -> where
_timer: Timer | None = None


def note(site_id: int, slot_keys: Iterable[str], url: str = "") -> None:
    """Remember them for the next writing. What cannot be a slot's key is not worth a row."""
    page = _without_query(url)
    with _lock:
        for key in slot_keys:
            if KEY.fullmatch(key) and len(_waiting) < MOST_WAITING:
                _waiting[site_id, key] = page
        if _waiting:
            _wake()


def flush() -> None:
    """Write what was noted. With the database away it is forgotten: the pages will ask again."""
    with _lock:
        noted, site_ids = dict(_waiting), {site_id for site_id, _key in _waiting}
        _waiting.clear()
    try:
        for site_id in site_ids:
            _write(site_id, {key: url for (site, key), url in noted.items() if site == site_id})
    except (DatabaseError, InterfaceError) as error:
        log.warning("undeclared_slots.not_noted: %s", error)


def forget() -> None:
    """Drop what waits to be written."""
    with _lock:
        _waiting.clear()


def _without_query(url: str) -> str:
    """The page without anything that could say who was on it."""
    try:
        split = urlsplit(url)
    except ValueError:
        return ""
    host = split.netloc.rpartition("@")[2]
    page = f"{split.scheme}://{host}{split.path}" if host else split.path
    return page.replace("\0", "").encode(errors="replace").decode()[:LONGEST_URL]


def _wake() -> None:
    global _timer  # noqa: PLW0603 - one thread a process, kept so that there is only one
    seconds = conf.get("UNDECLARED_SECONDS")
    if _timer is None and seconds:
        _timer = Timer(seconds, _flush_in_thread)
        _timer.daemon = True
        _timer.start()


def _flush_in_thread() -> None:
    global _timer  # noqa: PLW0603
    with _lock:
        _timer = None
    try:
        flush()
    finally:
        connection.close()


@transaction.atomic
def _write(site_id: int, noted: dict[str, str]) -> None:
    rows = UndeclaredSlot.objects.filter(site=site_id)
    declared = set(Slot.objects.filter(site=site_id, key__in=noted).values_list("key", flat=True))
    known = set(rows.filter(key__in=noted).values_list("key", flat=True))
    room = max(0, MOST_ROWS - rows.count())
    new = [key for key in noted if key not in known | declared][:room]
    for key in known - declared:
        rows.filter(key=key).update(url=noted[key], last_at=clock.now())
    UndeclaredSlot.objects.bulk_create(
        [UndeclaredSlot(site_id=site_id, key=key, url=noted[key]) for key in new],
        ignore_conflicts=True,
    )
