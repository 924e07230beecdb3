"""A site with drafts that can be published, and what its pages show."""

import pytest

from personalization.publish import live, releases
from personalization.render.core import page
from personalization.targeting import documents
from rules.types import NOTHING_LEARNED, STRANGER, Request
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

BERLIN = {
    "combinator": "and",
    "rules": [{"field": "country", "operator": "=", "value": "DE"}],
}


@pytest.fixture
def drafts(site, hero, note):  # noqa: F811
    """`plain` for everybody, `servus` for pages asked for from Germany."""
    note("servus")
    documents.save_segment(site, {"key": "german", "condition": BERLIN}, by="test")
    documents.save_rule(
        site,
        {"key": "germany", "slot": "home.hero", "segment": "german", "content": "servus"},
        by="test",
    )
    return site


@pytest.fixture
def publish(drafts):
    def go(**options):
        release = releases.publish(drafts, by="test", **options)
        live.expire(drafts.pk)
        return release

    return go


@pytest.fixture
def shown(site):
    """The slot's HTML now, as the live release has it."""

    def look(country="DE", release=None):
        from personalization import clock

        release = release or live.current(site.pk).release
        request = Request(
            slots=("home.hero",), now=clock.now(), context={"country": country}, locale="en"
        )
        rendered = page(release, NOTHING_LEARNED, STRANGER, request, _fail)
        return rendered.slots["home.hero"].html

    return look


def _fail(slot, content, error):
    raise AssertionError((slot, content)) from error
