"""Sites: made, found, and marked as changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from personalization.exceptions import Conflict, FieldError, Malformed, NotFound, Refusal
from personalization.govern import audit
from personalization.govern.keys import make_key
from personalization.govern.models import ApiKey, Site

USUAL_PORTS: Final = {"http": 80, "https": 443}  # which browsers leave out
KEY: Final = re.compile(r"[-a-zA-Z0-9_]+")
LONGEST_KEY: Final = 64


@dataclass(frozen=True, slots=True)
class NewSite:
    """A site with its first two keys; the secret one is not kept anywhere."""

    site: Site
    publishable: str
    secret: str


@transaction.atomic
def make_site(
    *, name: str, origins: Sequence[str], by: str, key: str | None = None, currency: str = "EUR"
) -> NewSite:
    """Make a site with a publishable and a secret key. What visitors spend counts in `currency`."""
    check_name(name, key)
    checked = [check_origin(origin, f"origins.{place}") for place, origin in enumerate(origins)]
    check_currency(currency)
    slug = key or slugify(name)[:LONGEST_KEY] or "site"
    if Site.objects.filter(key=slug).exists():
        raise Conflict(_("A site “%s” exists. Choose another name.") % slug)
    site = Site.objects.create(key=slug, name=name[:200], origins=checked, currency=currency)
    audit.record(site=site, actor=by, action="site.made", target=slug)
    return NewSite(
        site,
        make_key(site, ApiKey.PUBLISHABLE, name="first", by=by),
        make_key(site, ApiKey.SECRET, name="first", by=by),
    )


def check_name(name: str, key: str | None) -> None:
    """The key stands in addresses of the studio, in file names and on command lines."""
    if not name.strip():
        raise _malformed("name", "required", _("Give the site a name."))
    if key is not None and not (KEY.fullmatch(key) and len(key) <= LONGEST_KEY):
        detail = _("A site's key has up to 64 letters, digits, dashes and underscores: “%s”.") % key
        raise _malformed("key", "key", detail)


def find_site(key: str | None = None) -> Site:
    """The site of this key; without a key, the only site."""
    if key is not None:
        site = Site.objects.filter(key=key).first()
        if site is None:
            raise NotFound(_("There is no site “%(key)s”. %(sites)s") % _named(key))
        return site
    first_two = list(Site.objects.all()[:2])
    if len(first_two) == 1:
        return first_two[0]
    raise Refusal(_("Say which site. %(sites)s") % _named(""))


def touch(site: Site) -> None:
    """Tell every process that pages must see a change; call it in the change's transaction."""
    Site.objects.filter(pk=site.pk).update(revision=F("revision") + 1)


def check_origin(origin: str, path: str = "origins") -> str:
    """`https://shop.example`, as a browser sends it: no path, no usual port, ASCII, lower case."""
    try:
        parts = urlsplit(origin.strip().rstrip("/"))
        host = (parts.hostname or "").encode("idna").decode()
        host = f"[{host}]" if ":" in host else host
        port = "" if parts.port in {None, USUAL_PORTS.get(parts.scheme)} else f":{parts.port}"
        is_plain = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
        if parts.scheme in USUAL_PORTS and host and is_plain:
            return f"{parts.scheme}://{host}{port}"
    except ValueError:  # a port that is no number, half an IPv6 address, a host of odd letters
        pass
    detail = _("Write an origin as https://shop.example, without a path: “%s”.") % origin
    raise _malformed(path, "origin", detail)


def check_currency(code: str) -> None:
    if not (len(code) == 3 and code.isascii() and code.isupper()):
        detail = _("Write a currency as three capital letters, such as EUR: “%s”.") % code
        raise _malformed("currency", "currency", detail)


def _malformed(path: str, code: str, detail: str) -> Malformed:
    return Malformed(detail, errors=(FieldError(path, code, detail),))


def _named(key: str) -> dict[str, str]:
    known = ", ".join(Site.objects.values_list("key", flat=True)[:50])
    remedy = _("Sites: %s.") % known if known else _("Make one: manage.py site NAME --origin …")
    return {"key": key, "sites": remedy}
