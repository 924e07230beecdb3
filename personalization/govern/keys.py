"""API keys: made, found within a second of any change, revoked."""

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import InterfaceError, OperationalError, transaction

from personalization.govern import audit
from personalization.govern.models import ApiKey, Site

SCOPES: Final = ("collect", "visitors", "catalog", "manage", "publish", "explain")
PREFIXES: Final = {ApiKey.PUBLISHABLE: "pk_", ApiKey.SECRET: "sk_"}
FRESH_SECONDS: Final = 1.0
REMEMBERED: Final = 4096


@dataclass(frozen=True, slots=True)
class Key:
    """What a request needs to know of the key that it carries."""

    id: int
    site_id: int
    site_key: str
    kind: str
    scopes: frozenset[str]
    origins: frozenset[str]

    @property
    def is_secret(self) -> bool:
        return self.kind == ApiKey.SECRET


_writing = threading.Lock()
_known: OrderedDict[str, tuple[float, Key | None]] = OrderedDict()


def find_key(raw: str | None) -> Key | None:
    """The active key that `raw` is. Asks the database at most once a second for each key.

    With the database away, a key that was known keeps working.
    """
    if not raw or not raw.startswith(("pk_", "sk_")) or len(raw) > 100:
        return None
    digest = digest_of(raw)
    kept = _known.get(digest)
    if kept is not None and time.monotonic() - kept[0] < FRESH_SECONDS:
        return kept[1]
    try:
        found = _ask(digest)
    except (OperationalError, InterfaceError):
        if kept is None:
            raise
        found = kept[1]
    _remember(digest, found)
    return found


def make_key(site: Site, kind: str, *, name: str = "", scopes: Sequence[str] = (), by: str) -> str:
    """Make a key and return it; of a secret one this is the only time."""
    raw = PREFIXES[kind] + secrets.token_urlsafe(24)
    with transaction.atomic():
        ApiKey.objects.create(
            site=site,
            kind=kind,
            name=name,
            digest=digest_of(raw),
            shown=raw if kind == ApiKey.PUBLISHABLE else f"{raw[:7]}…",
            scopes=list(scopes or (SCOPES if kind == ApiKey.SECRET else ())),
        )
        audit.record(site=site, actor=by, action="key.made", target=f"{raw[:7]}…")
    return raw


@transaction.atomic
def revoke(key: ApiKey, *, by: str) -> None:
    """Refuse this key from now on; other processes notice within a second."""
    ApiKey.objects.filter(pk=key.pk).update(is_active=False)
    audit.record(site=key.site, actor=by, action="key.revoked", target=f"{key.shown[:7]}…")
    _known.pop(key.digest, None)


def forget() -> None:
    """Ask anew for every key."""
    _known.clear()


def digest_of(raw: str) -> str:
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()


def _ask(digest: str) -> Key | None:
    row = (
        ApiKey.objects.filter(digest=digest, is_active=True)
        .values_list("pk", "site_id", "site__key", "kind", "scopes", "site__origins")
        .first()
    )
    if row is None:
        return None
    pk, site_id, site_key, kind, scopes, origins = row
    return Key(pk, site_id, site_key, kind, frozenset(scopes), frozenset(origins))


def _remember(digest: str, key: Key | None) -> None:
    with _writing:
        _known[digest] = (time.monotonic(), key)
        _known.move_to_end(digest)
        while len(_known) > REMEMBERED:
            _known.popitem(last=False)
