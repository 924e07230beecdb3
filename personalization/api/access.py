"""Who calls: the key, the page that it is used on, and the visitor that it may speak for."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from personalization.exceptions import Forbidden, Unauthenticated
from personalization.govern.keys import Key, find_key
from personalization.govern.tokens import read_visitor_token

BEARER: Final = "bearer "
TOKEN_HEADER: Final = "x-visitor-token"  # noqa: S105 - a header's name

Headers = Mapping[str, str]  # by lower-case name


def identify(headers: Headers, query_key: str | None = None) -> Key:
    """The key of the call. `query_key`: from the address, for beacons, which send no headers."""
    given = headers.get("authorization", "")
    raw = given[len(BEARER) :].strip() if given[: len(BEARER)].lower() == BEARER else None
    if raw is None and query_key and query_key.startswith("pk_"):
        raw = query_key
    key = find_key(raw)
    if key is None:
        raise Unauthenticated(
            _("Send “Authorization: Bearer …” with an active key; the studio shows yours.")
        )
    origin = headers.get("origin")
    if origin is not None and not key.is_secret and origin not in key.origins:
        raise Forbidden(
            _("This key may not be used on %(origin)s. Add it to the site's origins in the studio.")
            % {"origin": origin[:200]}
        )
    return key


def require_secret(key: Key, scope: str) -> None:
    """A server's call, with this scope."""
    if not key.is_secret:
        raise Forbidden(_("This takes a secret key, from a server; browsers cannot call it."))
    if scope not in key.scopes:
        raise Forbidden(_("This key lacks the scope “%s”; make one that has it.") % scope)


def proven_visitor(key: Key, headers: Headers, body_token: str | None = None) -> str | None:
    """The visitor whose token came along, in the header or in the body."""
    return read_visitor_token(key.site_id, headers.get(TOKEN_HEADER) or body_token)


def may_speak_for(key: Key, visitor_id: str, proven: str | None) -> bool:
    """A server may name anybody; a browser only the visitor whose token it holds."""
    return key.is_secret or proven == visitor_id


def must_speak_for(key: Key, visitor_id: str, headers: Headers, scope: str = "visitors") -> None:
    """Refuse whoever names a visitor without their token or a key with the scope."""
    if key.is_secret:
        require_secret(key, scope)
    elif not may_speak_for(key, visitor_id, proven_visitor(key, headers)):
        raise Forbidden(_("Send this visitor's own token in the header X-Visitor-Token."))
