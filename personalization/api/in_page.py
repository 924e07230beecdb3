"""Slots filled while Django renders a page: the same decision as `POST render`, no HTTP between.

In:  the page's request and a slot's key.
Out: the slot's document, as in DESIGN's render contract.
"""

import json
import time
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote

from django.http import HttpRequest
from django.utils.translation import get_language

from personalization import conf
from personalization.api.access import proven_visitor
from personalization.api.render_request import RenderRequest
from personalization.api.rendering import Read, previewed, rendered
from personalization.api.wsgi_calls import WsgiHeaders
from personalization.exceptions import Refusal
from personalization.govern.keys import find_key
from personalization.govern.models import ApiKey
from personalization.govern.sites import find_site
from personalization.publish.previews import PARAMETER

ID_COOKIE: Final = "pz_id"
CHOICE_COOKIE: Final = "pz_consent"
REMEMBERED_SECONDS: Final = 60


def slot_document(request: HttpRequest, slot: str, item: str | None) -> dict[str, Any]:  # JSON
    """What this page view's visitor sees in the slot."""
    key = find_key(publishable_key())
    if key is None:
        raise Refusal("The site has no active publishable key; make one in the studio.")
    headers, shown = WsgiHeaders(request.META), _shown_of(request)
    if look := preview_of(request):
        wanted = RenderRequest((slot,), None, None, _context(request, item), frozenset(shown))
        answer = previewed(key, wanted, headers, look) or rendered(key, wanted, headers, None)
    else:
        proven = proven_visitor(key, headers, token_of(request))
        wanted = RenderRequest((slot,), proven, None, _context(request, item), frozenset(shown))
        answer = rendered(key, wanted, headers, proven, _read_of(request))
    found: dict[str, Any] = answer["slots"][slot]
    shown.update(each["item"] for each in found["items"])
    return found


def _read_of(request: HttpRequest) -> Read:
    """All tags of a page read its visitor once."""
    read: Read = request.__dict__.setdefault("_pz_read", {})
    return read


def _shown_of(request: HttpRequest) -> set[str]:
    """The items that tags before this one show on the page."""
    shown: set[str] = request.__dict__.setdefault("_pz_shown", set())
    return shown


def preview_of(request: HttpRequest) -> str | None:
    """The token of the preview that this browser looks at: of the address, or kept by its bar."""
    return request.GET.get(PARAMETER) or request.COOKIES.get(PARAMETER)


def publishable_key() -> str | None:
    """The key of the site that `SITE` names, or of the only one."""
    return _publishable_key(conf.get("SITE") or None, int(time.monotonic() // REMEMBERED_SECONDS))


@lru_cache(maxsize=16)
def _publishable_key(site_key: str | None, _minute: int) -> str | None:
    key = ApiKey.objects.filter(
        site=find_site(site_key), kind=ApiKey.PUBLISHABLE, is_active=True
    ).first()
    return None if key is None else key.shown


def token_of(request: HttpRequest) -> str | None:
    """The visitor's token in the embed's own cookie; none after a refusal."""
    if not _allows(request.COOKIES.get(CHOICE_COOKIE, "")):
        return None
    return unquote(request.COOKIES.get(ID_COOKIE, "")).rpartition("|")[2] or None


def _allows(choice: str) -> bool:
    try:
        purposes = json.loads(unquote(choice))
    except ValueError:
        return False
    return isinstance(purposes, dict) and True in purposes.values()


def _context(request: HttpRequest, item: str | None) -> dict[str, str]:
    context = {"url": request.build_absolute_uri()[:4000], "locale": get_language() or "en"}
    if referrer := request.headers.get("Referer"):
        context["referrer"] = referrer[:4000]
    if item:
        context["item"] = str(item)[:200]
    return context
