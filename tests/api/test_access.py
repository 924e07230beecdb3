"""Which key reaches which endpoint: one table, held against the served schema.

`any`: a publishable key of the site as well as a secret one with the scope; `token`: a publishable
key only with the visitor's own token; else secret keys with the scope only.
"""

import pytest

from personalization.govern import keys as api_keys
from personalization.govern.keys import make_key
from personalization.govern.models import ApiKey

KINDS = ("blocks", "segments", "campaigns", "content", "slots", "rules", "experiments", "journeys")
DOCUMENTS = {
    f"{method} /api/v1/{kind}{end}": ("secret", "manage")
    for kind in KINDS
    for end, methods in (("", ("get", "post")), ("/{key}", ("get", "put", "patch", "delete")))
    for method in methods
}
ACCESS = {  # method and path: who may call it, and the scope that a secret key takes
    **DOCUMENTS,
    "post /api/v1/render": ("any", None),
    "post /api/v1/events": ("any", "collect"),
    "get /api/v1/recommendations": ("any", "visitors"),
    "get /api/v1/preview": ("any", "visitors"),
    "post /api/v1/visitors": ("any", "visitors"),
    "get /api/v1/visitors/{visitor}": ("token", "visitors"),
    "delete /api/v1/visitors/{visitor}": ("token", "visitors"),
    "get /api/v1/visitors/{visitor}/consent": ("token", "visitors"),
    "put /api/v1/visitors/{visitor}/consent": ("token", "visitors"),
    "post /api/v1/visitors/{visitor}/token": ("token", "visitors"),
    "get /api/v1/visitors/{visitor}/why": ("token", "visitors"),
    "patch /api/v1/visitors/{visitor}/traits": ("secret", "visitors"),
    "post /api/v1/visitors/{visitor}/merge": ("secret", "visitors"),
    "post /api/v1/catalog/items": ("secret", "catalog"),
    "get /api/v1/traits-schema": ("secret", "manage"),
    "put /api/v1/traits-schema": ("secret", "manage"),
    "get /api/v1/releases": ("secret", "manage"),
    "post /api/v1/releases": ("secret", "publish"),
    "post /api/v1/releases/{number}/activate": ("secret", "publish"),
    "get /api/v1/explain/{exposure}": ("secret", "explain"),
}
REFUSED = (401, 403)


@pytest.fixture
def served(client):
    headers = {"Accept": "application/vnd.oai.openapi+json"}
    paths = client.get("/api/v1/schema", headers=headers).json()["paths"]
    methods = {"get", "put", "post", "patch", "delete"}
    return {
        f"{method} {path}"
        for path, operations in paths.items()
        for method in methods & operations.keys()
        if not path.endswith("/schema")
    }


def test_every_endpoint_is_in_the_table(served):
    assert served == set(ACCESS)


def status(call, endpoint, **more):
    method, path = endpoint.split(" ")
    address = path.removeprefix("/api/v1/")
    for name, value in (("{visitor}", "ada"), ("{key}", "x"), ("{number}", "1")):
        address = address.replace(name, value)
    return call(method.upper(), address.replace("{exposure}", "x"), {}, **more).status_code


def test_without_a_key_nothing_is_answered(call, published):
    answers = {endpoint: status(call, endpoint, key=None) for endpoint in ACCESS}

    assert answers == dict.fromkeys(ACCESS, 401)


def test_a_publishable_key_reaches_what_browsers_need(call, published):
    answers = {endpoint: status(call, endpoint, key="pk") for endpoint in ACCESS}

    reached = {endpoint for endpoint, answer in answers.items() if answer not in REFUSED}
    assert reached == {endpoint for endpoint, (who, _scope) in ACCESS.items() if who == "any"}


def test_somebody_elses_token_proves_nothing(call, published, minted):
    token = minted()["token"]

    answers = {endpoint: status(call, endpoint, key="pk", token=token) for endpoint in ACCESS}

    reached = {endpoint for endpoint, answer in answers.items() if answer not in REFUSED}
    assert reached == {endpoint for endpoint, (who, _scope) in ACCESS.items() if who == "any"}


@pytest.mark.parametrize(
    "scope", [None, "collect", "visitors", "catalog", "manage", "publish", "explain"]
)
def test_a_secret_key_reaches_what_its_scopes_say(call, published, site, scope):
    raw = make_key(site, ApiKey.SECRET, name="narrow", by="test")
    ApiKey.objects.filter(name="narrow").update(scopes=[scope] if scope else [])
    api_keys.forget()

    answers = {endpoint: status(call, endpoint, key=raw) for endpoint in ACCESS}

    reached = {endpoint for endpoint, answer in answers.items() if answer not in REFUSED}
    assert reached == {e for e, (_who, needed) in ACCESS.items() if needed in (None, scope)}
