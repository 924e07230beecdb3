"""A site whose pages have something to show, called as browsers and servers call it."""

import json

import pytest

from personalization.api import rates
from personalization.learn import live as learned_live
from personalization.publish import live, releases
from personalization.targeting import documents
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

ORIGIN = "https://shop.example"
LOYAL = {"combinator": "and", "rules": [{"field": "visits", "operator": ">=", "value": 1}]}


@pytest.fixture(autouse=True)
def _uncounted():
    rates.forget()
    learned_live.forget()


@pytest.fixture
def published(site, hero, note):  # noqa: F811
    """`plain` for everybody, `welcome` for those who were here before; the release's number."""
    note("welcome")
    documents.save_segment(site, {"key": "loyal", "condition": LOYAL}, by="test")
    rule = {"key": "back", "slot": "home.hero", "segment": "loyal", "content": "welcome"}
    documents.save_rule(site, rule, by="test")
    release = releases.publish(site, by="test")
    live.expire(site.pk)
    return release


@pytest.fixture
def call(client, keys):
    """Call the API; the answer's status and its JSON."""

    def go(method, path, body=None, *, key="sk", token=None, origin=None, raw=None, **headers):
        given = {"sk": keys.secret, "pk": keys.publishable}.get(key, key)
        if given:
            headers["Authorization"] = f"Bearer {given}"
        if token:
            headers["X-Visitor-Token"] = token
        if origin:
            headers["Origin"] = origin
        content = raw if raw is not None else "" if body is None else json.dumps(body)
        response = client.generic(
            method, f"/api/v1/{path}", content, content_type="application/json", headers=headers
        )
        response.document = json.loads(response.content) if response.content else None
        return response

    return go


@pytest.fixture
def minted(call, keys):
    """A browser that allowed these purposes (all if none are named): its id and its token."""

    def make(*purposes):
        named = purposes or ("analytics", "personalization", "training", "profiling_ai")
        body = {"purposes": dict.fromkeys(named, True), "policy": "p1", "source": "test"}
        return call("POST", "visitors", body, key="pk").document

    return make
