"""The demo's site and its keys, which stand in DATA_DIR/keys.json."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from personalization.govern.keys import find_key, make_key
from personalization.govern.models import ApiKey, Site
from personalization.govern.sites import make_site, touch
from personalization.host.demo.private_file import read_private, write_private
from personalization.host.shop.key import SITE, keys_file

BY = "demo"
SETTINGS = {"locale": "en", "zone": "Europe/Berlin", "currency": "EUR"}


def prepare_site(origins: Sequence[str]) -> Site:
    """The site `demo` with these origins among its own; made on the first call."""
    site = Site.objects.filter(key=SITE).first() or _made(origins)
    _allow(site, origins)
    return site


def prepare_keys(site: Site) -> Mapping[str, str]:
    """The keys of keys.json; new ones where it has none that open this site."""
    kept = read_private(keys_file())
    good = {
        kind: raw
        for kind, raw in kept.items()
        if (key := find_key(raw)) is not None and key.site_id == site.pk and key.kind == kind
    }
    for kind in (ApiKey.PUBLISHABLE, ApiKey.SECRET):
        if kind not in good:
            good[kind] = make_key(site, kind, name="demo", by=BY)
    if good != kept:
        write_private(keys_file(), good)
    return good


@transaction.atomic
def _made(origins: Sequence[str]) -> Site:
    new = make_site(name="Tarn & Timber", origins=origins, by=BY, key=SITE)
    write_private(keys_file(), {ApiKey.PUBLISHABLE: new.publishable, ApiKey.SECRET: new.secret})
    Site.objects.filter(pk=new.site.pk).update(**SETTINGS)
    touch(new.site)
    new.site.refresh_from_db()
    return new.site


@transaction.atomic
def _allow(site: Site, origins: Sequence[str]) -> None:
    """A demo that moved to another port still talks to its own pages."""
    missing = [origin for origin in origins if origin not in site.origins]
    if missing:
        site.origins = [*site.origins, *missing]
        site.save(update_fields=["origins"])
        touch(site)
