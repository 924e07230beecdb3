"""`{% slot %}`: slots that a Django template fills for the visitor of its page."""

import json
from urllib.parse import quote

import pytest
from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from personalization.api import in_page
from personalization.catalog.models import Item
from personalization.learn.snapshots import refresh
from personalization.publish.releases import publish
from personalization.targeting import documents

PAGE = engines["django"].from_string(
    "{% load personalization %}{% slot 'home.hero' %}{% slot 'home.hero' %}{% slot 'nowhere' %}"
)


@pytest.fixture(autouse=True)
def _forget_the_key():
    yield
    in_page._publishable_key.cache_clear()


@pytest.fixture
def opened(published, keys):
    """The page as this visitor's browser opens it, and the queries that it costs."""
    in_page._publishable_key.cache_clear()

    def go(visitor=None, purposes=None):
        request = RequestFactory().get("/", HTTP_USER_AGENT="Mozilla/5.0 Firefox/140.0")
        if visitor:
            named = f"{visitor['visitor']}|{visitor['token']}"
            request.COOKIES["pz_id"] = quote(named)
            request.COOKIES["pz_consent"] = quote(json.dumps(purposes or visitor["purposes"]))
        PAGE.render({}, request)  # the process has seen the release and the key
        request = _again(request)
        with CaptureQueriesContext(connection) as queries:
            html = PAGE.render({}, request)
        return html, [query["sql"] for query in queries]

    return go


def _again(request):
    fresh = RequestFactory().get("/", HTTP_USER_AGENT=request.META["HTTP_USER_AGENT"])
    fresh.COOKIES = request.COOKIES
    return fresh


def test_all_slots_of_a_page_read_its_visitor_once(opened, minted, call):
    me = minted()
    call(
        "POST",
        "events",
        {
            "events": [
                {"id": "e1", "type": "view", "visitor": me["visitor"], "at": "2026-01-01T00:00:00Z"}
            ]
        },
        key="sk",
    )

    html, queries = opened(me)

    assert html.count("welcome") == 2
    assert len(queries) == 1
    assert "personalization_profile" in queries[0]


def test_each_page_view_reads_its_own_visitor(opened, minted):
    opened(minted())

    html, queries = opened()

    assert html.count("plain") == 2
    assert queries == []


def test_a_browser_that_refused_is_a_stranger_whatever_id_it_holds(opened, minted):
    html, queries = opened(minted(), {"personalization": False})

    assert html.count("plain") == 2
    assert queries == []


def test_a_slot_that_nobody_declared_leaves_an_empty_place(opened):
    html, _queries = opened()

    assert '<div data-pz-slot="nowhere" data-pz-rendered></div>' in html


def test_a_shelf_without_repeats_leaves_out_what_tags_before_it_show(site, keys):
    """Each tag asks by itself; the page is one all the same."""
    Item.objects.bulk_create(Item(site=site, key=key, title=f"Thing {key}") for key in "abcd")
    for name in ("first", "second"):
        content = {
            "key": name,
            "block": "product_carousel",
            "fields": {"en": {"heading": name, "strategy": "popular", "limit": 2}},
            "shelf": {"no_repeats": True},
        }
        documents.save_content(site, content, by="test")
        documents.save_slot(site, {"key": f"home.{name}", "default": name}, by="test")
    refresh(site)
    publish(site, by="test", note="")
    page = engines["django"].from_string(
        "{% load personalization %}{% slot 'home.first' %}|{% slot 'home.second' %}"
    )
    request = RequestFactory().get("/", HTTP_USER_AGENT="Mozilla/5.0 Firefox/140.0")

    first, second = page.render({}, request).split("|")

    shown = [{key for key in "abcd" if f"Thing {key}" in html} for html in (first, second)]
    assert [len(each) for each in shown] == [2, 2]
    assert not shown[0] & shown[1]
