"""A server that manages the site with its secret key."""

import json

import pytest
from django.test import Client
from django.urls import include, path

from tests.targeting.conftest import NOTE

urlpatterns = [path("api/v1/", include("personalization.api.management_urls"))]


class Server:
    def __init__(self, key):
        self.client = Client(headers={"Authorization": f"Bearer {key}"})

    def ask(self, method, address, body=None, **headers):
        content = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.generic(
            method, f"/api/v1/{address}", content, "application/json", headers=headers
        )

    def put(self, address, body, **headers):
        return self.ask("PUT", address, body, **headers)


@pytest.fixture
def server(keys, settings):
    settings.ROOT_URLCONF = __name__
    return Server(keys.secret)


@pytest.fixture
def shop(server):
    """The drafts of a small shop, made over HTTP."""
    server.put("blocks/note", NOTE)
    for key in ("plain", "servus"):
        fields = {"en": {"text": key}}
        server.put(f"content/{key}", {"block": "note", "fields": fields})
    server.put("slots/home.hero", {"default": "plain"})
    condition = {
        "combinator": "and",
        "rules": [{"field": "country", "operator": "=", "value": "DE"}],
    }
    server.put("segments/german", {"name": "Germans", "condition": condition})
    rule = {"slot": "home.hero", "segment": "german", "content": "servus", "position": 0}
    server.put("rules/germany", rule)
    return server
