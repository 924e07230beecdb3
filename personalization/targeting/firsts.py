"""When a site's first slot was filled: noted aside, never on a request's own path."""

import logging
from threading import Lock, Timer
from typing import Final

from django.db import DatabaseError, InterfaceError, connection

from personalization import clock, conf
from personalization.govern.models import Site

log: Final = logging.getLogger("personalization.targeting")
_lock: Final = Lock()
_noted: Final[set[int]] = set()


def note_render(site_id: int) -> None:
    """Write the time of the first render, once a process and a site, from a thread of its own."""
    seconds = conf.get("UNDECLARED_SECONDS")
    with _lock:
        if site_id in _noted or not seconds:
            return
        _noted.add(site_id)
    timer = Timer(seconds, _write_in_thread, (site_id,))
    timer.daemon = True
    timer.start()


def write(site_id: int) -> None:
    """The first time wins, in whichever process it was."""
    Site.objects.filter(pk=site_id, first_render_at=None).update(first_render_at=clock.now())


def _write_in_thread(site_id: int) -> None:
    try:
        write(site_id)
    except (DatabaseError, InterfaceError) as error:
        log.warning("first_render.not_noted site=%s: %s", site_id, error)
        with _lock:
            _noted.discard(site_id)
    finally:
        connection.close()
