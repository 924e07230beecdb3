"""No page takes more than thirty queries, or more of them where there is more: all addresses."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, reverse

from personalization.catalog.models import Item
from personalization.collect.models import Event, Exposure
from personalization.govern import audit
from personalization.profiles.models import Profile
from personalization.targeting import documents
from personalization.targeting.models import Webhook
from tests.studio.test_pages import MOST, fill

OF_ANOTHER = {"number": 1, "name": "note", "rule": 0, "test": 0, "entry": 0, "content": 0}
MORE_OF = {  # what an address shows beside its page
    "campaign_change": ("?settings",),
    "content_add": ("?block=note",),
    "slot_change": ("?settings",),
}
FEW, MANY = 5, 15
LEAST_PAGES = 90


def more(site, start, end):
    """Experiments, webhooks, items, and visitors who came, did something and were shown it."""
    for n in range(start, end):
        arms = [{"key": "a", "content": f"c{n}"}, {"key": "b", "content": None}]
        test = {"key": f"e{n}", "slot": f"slot.{n}", "arms": arms}
        documents.save_experiment(site, test, by="test")
        Webhook.objects.create(
            site=site, key=f"w{n}", url="https://crm.example/", sealed_secret=b""
        )
        Item.objects.create(site=site, key=f"i{n}", title=f"Item {n}")
        facts = {"key_id": "k", "sealed_id": b"", "purposes": 15, "first_seen": 1}
        came = Profile.objects.create(site=site, key=f"v{n}", last_seen=n + 1, visits=n, **facts)
        happened = {"site": site, "profile": came, "at": n, "purposes": 15}
        Event.objects.create(event=f"v{n}", type="view", item=f"i{n}", received=n, **happened)
        shown = {"slot": f"slot.{n}", "content": f"c{n}", "reason": "rule", "release": 1}
        Exposure.objects.create(token=f"t{n}", **shown, **happened)
        audit.record(site=site, actor="test", action="slot.changed", target="x", changes={"a": 1})


def addresses(site) -> Iterator[tuple[str, str]]:
    """Every address of the studio that names a thing of this site, or none."""
    registered = {model._meta.model_name: model for model in admin.site._registry}
    for pattern in patterns(admin.site.urls[0]):
        name = (pattern.name or "").removeprefix("personalization_")
        model = registered.get(name.split("_")[0])
        given = {
            each: OF_ANOTHER[each] if each in OF_ANOTHER else row_of(model, site)
            for each in pattern.pattern.converters
        }
        try:
            yield name, reverse(f"admin:{pattern.name}", kwargs=given)
        except NoReverseMatch:  # there is no row of it here
            continue


def patterns(found: Any) -> Iterator[URLPattern]:
    for each in found:
        if not isinstance(each, URLPattern):
            yield from patterns(each.url_patterns)
        elif (each.name or "").startswith("personalization_"):
            yield each


def row_of(model, site):
    if model is None or model is type(site):
        return site.pk
    of_site = {"site": site} if any(f.name == "site" for f in model._meta.fields) else {}
    return model._default_manager.filter(**of_site).values_list("pk", flat=True).first()


def asked(client, site) -> dict[str, int]:
    """Queries by page; what takes no GET, or leads elsewhere, shows nothing."""
    counted = {}
    for name, address in addresses(site):
        for asks in ("", *MORE_OF.get(name, ())):
            cache.clear()  # some pages remember for a minute what they worked out
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address + asks)
            if answer.status_code == 200:
                counted[name + asks] = len(queries)
    return counted


@pytest.mark.django_db
def test_no_page_takes_many_queries_or_more_of_them_where_there_is_more(site, colleague):
    client = colleague("admin")
    fill(site, FEW)
    more(site, 0, FEW)
    asked(client, site)  # what a process asks once
    few = asked(client, site)

    fill(site, MANY)
    more(site, FEW, MANY)
    client.get(reverse("admin:personalization_copy_figures"))  # reads the newest release, once
    many = asked(client, site)

    assert len(few) >= LEAST_PAGES
    assert {name: count for name, count in many.items() if count > MOST} == {}
    grown = {name: (few[name], many[name]) for name in few if many.get(name, 0) > few[name]}
    assert grown == {}
