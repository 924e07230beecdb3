"""Where a webhook may lead: to the open internet, by HTTPS, and to nowhere inside.

Whoever may write an address could otherwise make our servers ask others that only they can reach:
databases, the cloud's own service for keys, the operator's pages. Names are looked up again when a
message is sent, and the connection goes to the address that was checked, not to what the name says
a moment later. An operator may name hosts inside that webhooks may reach (`WEBHOOK_HOSTS_INSIDE`).
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from personalization import conf
from personalization.exceptions import FieldError, Malformed

IP = IPv4Address | IPv6Address
TRANSLATED: Final = IPv6Network("64:ff9b::/96")  # NAT64: an IPv4 address stands in the last bits
OURSELVES: Final = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart, and whether it may lead inside."""

    url: str
    is_secure: bool
    host: str
    port: int
    path: str
    may_be_inside: bool


class Forbidden(Exception):
    """We do not connect there; says why."""


def check_url(url: str, path: str = "url") -> Target:
    """The address of a webhook, as far as it can be checked without asking anybody."""
    try:
        return _target(url)
    except (Forbidden, ValueError) as error:
        detail = str(error) if isinstance(error, Forbidden) else _("This is no address.")
        raise Malformed(detail, errors=(FieldError(path, "address", detail),)) from error


def resolve(target: Target) -> str:
    """One checked IP address of the host, now; `Forbidden` where any of them leads inside."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not target.may_be_inside:
        for each in addresses:
            if not leads_outside(ip_address(each.partition("%")[0])):
                raise Forbidden(_("The address leads into a private network."))
    return addresses[0]


def leads_outside(address: IP) -> bool:
    """Is this a public address of one host? IPv4 inside IPv6 is looked at as what it is."""
    inner = _inner(address)
    if inner is not None and not leads_outside(inner):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: IP) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _target(url: str) -> Target:
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    inside = host in _hosts_inside()
    if not host or parts.scheme not in ("http", "https") or any(c.isspace() for c in url):
        raise Forbidden(_("Write an address such as https://crm.example/hooks."))
    if parts.scheme == "http" and not inside:
        raise Forbidden(_("Use https: what is sent names visitors."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Forbidden(_("Leave out names, passwords and what follows a #."))
    if not inside:
        _refuse_inner(host)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = quote(
        f"{parts.path or '/'}?{parts.query}".removesuffix("?"), safe="/?&=%:;,@+$!*'()~-._"
    )
    return Target(url, parts.scheme == "https", host.encode("idna").decode(), port, path, inside)


def _refuse_inner(host: str) -> None:
    try:
        address = ip_address(host)
    except ValueError:
        if "." in host and not host.endswith((".localhost", ".local", ".internal")):
            return
    else:
        if leads_outside(address):
            return
    raise Forbidden(_("The address leads into a private network."))


def _hosts_inside() -> frozenset[str]:
    named = str(conf.get("WEBHOOK_HOSTS_INSIDE")).replace(",", " ").split()
    return frozenset([*named, *(OURSELVES if settings.DEBUG else ())])
