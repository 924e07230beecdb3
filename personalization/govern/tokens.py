"""Signed tokens: this browser is this visitor; this page showed this; this guest may decide.

A token reads `expiry.content.signature`. The signature covers its use and its site, so a token of
one site says nothing on another.
"""

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final

import orjson

from personalization import conf
from personalization.govern.secrets import signing_secrets

LONGEST: Final = 4096


def visitor_token(site_id: int, visitor_id: str) -> str:
    """Proof that the holder may speak as this visitor of this site, for `TOKEN_DAYS`."""
    expires = int(time.time()) + int(conf.get("TOKEN_DAYS")) * 86_400
    return _sign("visitor", site_id, expires, visitor_id.encode())


def read_visitor_token(site_id: int, token: str | None) -> str | None:
    """The visitor whom the token proves; None if it proves nobody here and now."""
    content = _read("visitor", site_id, token)
    return None if content is None else content.decode()


def sign_exposure(claims: Mapping[str, Any]) -> str:
    """A token of what a page showed, for `EXPOSURE_HOURS`; `claims["site"]` is the site's id."""
    expires = int(time.time()) + int(conf.get("EXPOSURE_HOURS")) * 3600
    return _sign("exposure", claims["site"], expires, orjson.dumps(claims))


def read_exposure(site_id: int, token: str | None) -> dict[str, Any] | None:
    """The claims that `sign_exposure` signed for this site; None if not ours, or too old."""
    content = _read("exposure", site_id, token)
    if content is None:
        return None
    claims: dict[str, Any] = orjson.loads(content)  # values of many types
    return claims


def preview_token(site_id: int, key: str, expires: int) -> str:
    """Leave to look at one preview until `expires`, in seconds since 1970."""
    return _sign("preview", site_id, expires, key.encode())


def read_preview_token(site_id: int, token: str | None) -> str | None:
    """The key of the preview; None if the token is not ours, or too old."""
    content = _read("preview", site_id, token)
    return None if content is None else content.decode()


def guest_token(site_id: int, claims: Mapping[str, Any], expires: int) -> str:
    """An invitation to look at one thing and decide on it until `expires`."""
    return _sign("guest", site_id, expires, orjson.dumps(claims))


def read_guest_token(site_id: int, token: str | None) -> dict[str, Any] | None:
    """The claims of the invitation; None if it is not ours, or too old."""
    content = _read("guest", site_id, token)
    if content is None:
        return None
    claims: dict[str, Any] = orjson.loads(content)  # values of many types
    return claims


def _sign(use: str, site_id: int, expires: int, content: bytes) -> str:
    body = f"{expires:x}.{urlsafe_b64encode(content).rstrip(b'=').decode()}"
    return f"{body}.{_signature(signing_secrets(use)[0], site_id, body)}"


def _read(use: str, site_id: int, token: str | None) -> bytes | None:
    if not token or len(token) > LONGEST or not token.isascii():
        return None
    body, _, signature = token.rpartition(".")
    if not any(
        hmac.compare_digest(_signature(secret, site_id, body), signature)
        for secret in signing_secrets(use)
    ):
        return None
    expires, _, content = body.partition(".")
    if int(expires, 16) < time.time():
        return None
    return urlsafe_b64decode(content + "=" * (-len(content) % 4))


def _signature(secret: bytes, site_id: int, body: str) -> str:
    digest = hmac.digest(secret, f"{site_id}:{body}".encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
