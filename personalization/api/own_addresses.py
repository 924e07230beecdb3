"""Addresses of this server's own pictures, for pages that live elsewhere.

In:  the answer to `POST render`, in which such an address begins at the root of this server.
Out: the same, in which it begins with where browsers reach this server.

The media library gives `/media/…`. On a shop's page that would be an address of the shop.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings

from personalization import conf
from personalization.api.access import Headers

UPLOADS: Final = "media/"  # as `Media.file` is uploaded to
HOST: Final = re.compile(r"[\w.:\[\]-]{1,255}", re.ASCII)
ATTRIBUTE: Final = re.compile(r"""\s(?:src|srcset|poster|href)=(?:"[^"]*"|'[^']*')""")


def with_own_addresses(document: dict[str, Any], headers: Headers) -> dict[str, Any]:  # JSON
    server = _server(headers)
    if not server:
        return document
    slots = {name: _slot(slot, server) for name, slot in document["slots"].items()}
    return {**document, "slots": slots}


def _server(headers: Headers) -> str:
    """Where browsers reach us: as the operator says, else as this very call did."""
    public = str(conf.get("PUBLIC_URL")).rstrip("/")
    host = str(headers.get("host", ""))
    return public or (f"//{host}" if HOST.fullmatch(host) else "")


def _slot(slot: dict[str, Any], server: str) -> dict[str, Any]:  # JSON
    if slot["html"]:
        return {**slot, "html": _html(slot["html"], server)}
    return {**slot, "data": _data(slot["data"], server)}


def _html(html: str, server: str) -> str:
    prefixes = _prefixes()
    if not any(prefix in html for prefix in prefixes):
        return html
    return ATTRIBUTE.sub(_moved(server, prefixes), html)


def _moved(server: str, prefixes: tuple[str, ...]) -> Callable[["re.Match[str]"], str]:
    ours = re.compile(rf"""(?<=["'\s,])(?={"|".join(map(re.escape, prefixes))})""")
    return lambda attribute: ours.sub(lambda _place: server, attribute[0])


def _data(value: Any, server: str) -> Any:  # JSON
    if isinstance(value, str):
        return server + value if value.startswith(_prefixes()) else value
    if isinstance(value, dict):
        return {name: _data(each, server) for name, each in value.items()}
    return [_data(each, server) for each in value] if isinstance(value, list) else value


@conf.once_a_process
def _prefixes() -> tuple[str, ...]:
    """Of uploads and of what ships with the package, where this server serves them itself."""
    served = (f"{settings.MEDIA_URL}{UPLOADS}", f"{settings.STATIC_URL}personalization/")
    return tuple(each for each in served if each.startswith("/") and not each.startswith("//"))
