"""Fill the demo's site: products, what editors set up, people with their choices and deeds.

In:  the site, how many visitors, now. Out: rows in every room, through each room's own verbs, and a
published release. Interrupted, it may run again: what stands already stays as it is.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from personalization.catalog.feed import upsert_items
from personalization.collect.bulk import introduce_many
from personalization.collect.ingest import ingest
from personalization.govern.models import Site
from personalization.host.demo import audiences, offers, writing
from personalization.host.demo.exposures import show
from personalization.host.demo.journey import walk
from personalization.host.demo.people import Person, make_people
from personalization.host.demo.visits import DAYS, tell
from personalization.host.shop.assortment import DEPARTMENTS, Department
from personalization.host.shop.shelf import Product, shelf
from personalization.profiles.traits import patch
from personalization.publish.releases import publish
from personalization.targeting.documents import KINDS, save_traits_schema
from rules.purposes import Purposes

BY = "demo"
SEED = 7
POLICY = "demo-2026"
CHUNK = 500
A_CROWD, HOLDOUT_SHARE = 1000, 0.005
Say = Callable[[str], None]


def is_seeded(site: Site) -> bool:
    """The release is published last, so it stands for all the rest."""
    return site.live_release is not None


def seed(site: Site, *, visitors: int, now: datetime, say: Say) -> None:
    products = tuple(shelf().values())
    upsert_items(site, list(catalogue(products)), by=BY)
    say(f"{len(products)} products on the shelf")
    _set_up(site)
    _hold_out(site, visitors)
    people = make_people(SEED, visitors, DAYS)
    _welcome(site, people)
    say(f"{len(people)} visitors asked; {sum(bool(p.purposes) for p in people)} allowed something")
    rows = tell(people, products, seed=SEED, now=now)
    rows.sort(key=lambda row: row["visitor"])  # a batch then touches few profiles
    for start in range(0, len(rows), CHUNK):
        ingest(site, rows[start : start + CHUNK], trusted=True)
    say(f"{len(rows)} events of {DAYS} days stored")
    release = publish(site, note="The first one", by=BY)
    site.refresh_from_db()
    say(f"release {release.number} published")
    say(f"{walk(site, now=now)} steps of visitors through a journey")
    say(f"{show(site, rows, now=now)} times something was shown to somebody lately")


def catalogue(products: Sequence[Product]) -> Iterator[dict[str, Any]]:  # JSON
    """Products and, so that looking at a department counts, the departments' pages themselves."""
    for each in products:
        yield {
            "item": each.key,
            "title": each.title,
            "category": each.department.key,
            "price": each.price / 100,
            "currency": "EUR",
            "tags": list(each.tags),
            "url": each.url,
            "image": each.image,
            "text": each.text,
            "available": True,
            "attributes": {
                "brand": each.brand,
                "colour": each.colour.name,
                "material": each.material,
                "kind": each.kind,
                "level": ("basic", "middle", "premium")[each.tier],
            },
        }
    yield from map(_page, DEPARTMENTS)


def _page(department: Department) -> dict[str, Any]:  # JSON
    return {
        "item": f"department-{department.key}",
        "title": department.title,
        "category": department.key,
        "url": f"/c/{department.key}",
        "image": f"/shop/banners/{department.key}.svg",
        "text": department.motto,
        "available": False,  # a page to look at, nothing to suggest
    }


def _set_up(site: Site) -> None:
    """What an administrator and editors would have entered by hand."""
    save_traits_schema(site, audiences.TRAITS, by=BY)
    Site.objects.filter(pk=site.pk).update(audited=audiences.AUDITED, provider="brand")
    documents = {"segments": audiences.segments(), **offers.documents()}
    for kind in KINDS.values():
        for document in documents.get(kind.name, ()):
            kind.save(site, document, by=BY)
    writing.prepare(site)


def _hold_out(site: Site, visitors: int) -> None:
    """A few visitors see the defaults, to measure the rest; in a small crowd that says nothing."""
    if visitors >= A_CROWD:
        Site.objects.filter(pk=site.pk).update(holdout_share=HOLDOUT_SHARE)


def _welcome(site: Site, people: Sequence[Person]) -> None:
    """Ask everybody; members come with their traits. Who refused is not known at all."""
    choices: dict[Purposes, list[str]] = {}
    for each in people:
        choices.setdefault(each.purposes, []).append(each.id)
    for purposes, visitors in choices.items():
        if purposes:
            introduce_many(site, visitors, purposes=purposes, policy=POLICY, source="demo")
    members = [each for each in people if each.is_member and each.purposes]
    for start in range(0, len(members), CHUNK):
        with transaction.atomic():  # one write to the disk for many
            for member in members[start : start + CHUNK]:
                patch(site, member.id, traits_of(member))


def traits_of(person: Person) -> dict[str, Any]:  # JSON
    return {
        "plan": "member" if person.is_member else "guest",
        "points": person.points,
        "home_country": person.country,
        "first_name": person.first_name,
    }
