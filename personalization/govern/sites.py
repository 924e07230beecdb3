"""Sites: made, found, and marked as changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from personalization.exceptions import Conflict, FieldError, Malformed, NotFound, Refusal
from personalization.govern import audit
from personalization.govern.keys import make_key
from personalization.govern.models import ApiKey, Site


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
    checked = [check_origin(origin, f"origins.{place}") for place, origin in enumerate(origins)]
    check_currency(currency)
    slug = key or slugify(name)[:64] or "site"
    if Site.objects.filter(key=slug).exists():
        raise Conflict(_("A site “%s” exists. Choose another name.") % slug)
    site = Site.objects.create(key=slug, name=name[:200], origins=checked, currency=currency)
    audit.record(site=site, actor=by, action="site.made", target=slug)
    return NewSite(
        site,
        make_key(site, ApiKey.PUBLISHABLE, name="first", by=by),
        make_key(site, ApiKey.SECRET, name="first", by=by),
    )


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
    """`https://shop.example`, as a browser sends it: scheme, host, port, nothing more."""
    parts = urlsplit(origin.strip().rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        detail = _("Write an origin as https://shop.example, without a path: “%s”.") % origin
        raise Malformed(detail, errors=(FieldError(path, "origin", detail),))
    return f"{parts.scheme}://{parts.netloc}".lower()


def check_currency(code: str) -> None:
    if not (len(code) == 3 and code.isascii() and code.isupper()):
        detail = _("Write a currency as three capital letters, such as EUR: “%s”.") % code
        raise Malformed(detail, errors=(FieldError("currency", "currency", detail),))


def _named(key: str) -> dict[str, str]:
    known = ", ".join(Site.objects.values_list("key", flat=True)[:50])
    remedy = _("Sites: %s.") % known if known else _("Make one: manage.py site NAME --origin …")
    return {"key": key, "sites": remedy}
