"""How often a key or a visitor may call: a bucket of a minute's calls that refills steadily.

In this process's memory unless the installation has a shared cache; then a count a minute there.
With the cache away everybody may call: a page matters more than a limit. What a visitor decides
is counted by itself: no flood of events keeps anybody from withdrawing a consent.
"""

import logging
import time
from collections import OrderedDict
from functools import cache
from typing import Final

from django.conf import settings
from django.core.cache import caches
from django.utils.translation import gettext as _

from personalization import conf
from personalization.exceptions import TooMany

CHOICES: Final = "choices"
WINDOW: Final = 60.0
REMEMBERED: Final = 50_000
log = logging.getLogger("personalization.api")

_buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # name -> (calls left, as of)
_away_since: list[float] = []


def check(key_id: int, visitor: str | None) -> None:
    """Count one call of the key, and of the visitor if one is named; refuse what is too much."""
    check_key(key_id)
    if visitor is not None:
        check_visitor(key_id, visitor)


def check_key(key_id: int, about: str = "") -> None:
    """`about`: what is counted by itself."""
    _count(f"k{about}{key_id}", int(conf.get("RATE_PER_KEY")))


def check_visitor(key_id: int, visitor: str, about: str = "") -> None:
    """To be asked once the caller speaks for the visitor, whom nobody else may use up."""
    _count(f"v{about}{key_id}:{visitor}", int(conf.get("RATE_PER_VISITOR")))


def forget() -> None:
    _buckets.clear()


def _count(name: str, a_minute: int) -> None:
    if a_minute <= 0:
        return
    wait = _shared_wait(name, a_minute) if _is_shared() else _own_wait(name, a_minute)
    if wait > 0:
        raise TooMany(
            _("Too many requests. Try again in %d seconds.") % wait, retry_after=int(wait)
        )


def _own_wait(name: str, a_minute: int) -> int:
    now = time.monotonic()
    left, then = _buckets.pop(name, (float(a_minute), now))  # back to the end: used last
    left = min(float(a_minute), left + (now - then) * a_minute / WINDOW)
    if left < 1:
        _buckets[name] = (left, now)
        return max(1, int((1 - left) * WINDOW / a_minute) + 1)
    _buckets[name] = (left - 1, now)
    if len(_buckets) > REMEMBERED:
        _buckets.popitem(last=False)
    return 0


def _shared_wait(name: str, a_minute: int) -> int:
    """A fixed window in the cache that all processes share."""
    now = time.time()
    slot = f"pz:rate:{name}:{int(now // WINDOW)}"
    try:
        caches["default"].add(slot, 0, timeout=int(WINDOW * 2))
        calls = caches["default"].incr(slot)
    except Exception as error:  # noqa: BLE001 - each cache backend has errors of its own
        _note_away(error)
        return 0
    _away_since.clear()
    return 0 if calls <= a_minute else max(1, int(WINDOW - now % WINDOW))


def _note_away(error: Exception) -> None:
    if not _away_since:
        _away_since.append(time.monotonic())
        log.error("cache.away: calls are not counted (%s)", type(error).__name__)


@cache
def _is_shared() -> bool:
    backend: str = settings.CACHES["default"]["BACKEND"]
    return not backend.endswith(("LocMemCache", "DummyCache"))
