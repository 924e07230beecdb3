"""Documents and releases over HTTP, in the shapes of the contract."""

import json

import pytest

from personalization.govern.keys import make_key
from personalization.govern.models import ApiKey, AuditEntry
from personalization.publish import live
from personalization.targeting.models import Rule, Segment
from tests.api_management.conftest import Server

KINDS = ("blocks", "segments", "campaigns", "journeys", "content", "slots", "rules", "experiments")


def test_a_whole_configuration_can_be_written_and_published(shop, site):
    published = shop.ask("POST", "releases", {"note": "first"})

    assert published.status_code == 201
    assert published.json() == {"release": 1}
    assert list(live.current(site.pk).release.slots) == ["home.hero"]


def test_what_is_read_can_be_written_back_unchanged(shop):
    arms = [{"key": "a", "content": "plain"}, {"key": "b", "content": None}]
    shop.put("experiments/x", {"slot": "home.hero", "arms": arms})
    enter = {"condition": {"combinator": "and", "rules": []}}
    shop.put("journeys/j", {"stages": [{"key": "in", "enter": enter}]})
    shop.put("campaigns/c", {"start": "2026-12-01T00:00:00Z"})
    for kind in KINDS:
        listed = shop.ask("GET", kind).json()
        assert listed["count"] == len(listed["results"]) > 0
        for document in listed["results"]:
            again = shop.put(f"{kind}/{document['key']}", document)

            assert again.status_code == 200, again.content
            assert again.json() == document | {"warnings": []}
            assert shop.ask("GET", f"{kind}/{document['key']}").json() == document


def test_making_what_exists_is_a_conflict(shop):
    again = shop.ask("POST", "slots", {"key": "home.hero"})

    assert (again.status_code, again.json()["code"]) == (409, "conflict")


def test_a_slot_of_the_contract_s_shape_is_made(server):
    made = server.ask("POST", "slots", {"key": "home.carousel"})

    assert made.status_code == 201
    assert made.json()["default"] is None


def test_a_patch_changes_only_what_it_names(shop):
    changed = shop.ask("PATCH", "rules/germany", {"cap": {"times": 2, "within": "7d"}})

    assert changed.status_code == 200
    assert changed.json()["cap"] == {"times": 2, "within": "7d"}
    assert changed.json()["segment"] == "german"


def test_an_experiment_warns_when_visitors_will_change_arms(shop):
    arms = [{"key": "a", "content": "plain"}, {"key": "b", "content": None}]
    shop.put("experiments/x", {"slot": "home.hero", "arms": arms, "weights": [0.5, 0.5]})

    changed = shop.ask("PATCH", "experiments/x", {"weights": [0.9, 0.1]}).json()

    assert changed["phase"] == 2
    assert "phase 2" in changed["warnings"][0]


def test_a_refusal_names_the_field_and_the_remedy(shop):
    refused = shop.put("rules/germany", {"slot": "home.hero", "content": "gone", "colour": 1})

    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    problem = refused.json()
    assert problem["code"] == "malformed"
    assert {(e["path"], e["code"]) for e in problem["errors"]} == {
        ("content", "unknown_reference"),
        ("colour", "unknown"),
    }


def test_what_is_in_use_stays(shop):
    refused = shop.ask("DELETE", "segments/german")

    assert refused.status_code == 409
    assert "rule germany" in refused.json()["detail"]
    assert shop.ask("DELETE", "rules/germany").status_code == 204
    assert shop.ask("DELETE", "segments/german").status_code == 204
    assert not Segment.objects.exists()


def test_a_change_over_a_newer_one_is_refused(shop):
    seen = shop.ask("GET", "segments/german")["ETag"]
    mine = shop.ask("PATCH", "segments/german", {"name": "Mine"}, **{"If-Match": seen})
    yours = shop.ask("PATCH", "segments/german", {"name": "Yours"}, **{"If-Match": seen})

    assert (mine.status_code, yours.status_code) == (200, 409)
    assert Segment.objects.get().name == "Mine"
    newest = {"If-Match": mine["ETag"]}
    assert shop.ask("PATCH", "segments/german", {"name": "Ours"}, **newest).status_code == 200


def test_releases_are_listed_and_switched_between(shop, site):
    shop.ask("POST", "releases", {"note": "first"})
    shop.ask("POST", "releases", {"note": "second"})

    switched = shop.ask("POST", "releases/1/activate")

    assert (switched.status_code, switched.json()) == (200, {"release": 1})
    listed = shop.ask("GET", "releases").json()["results"]
    assert [(r["release"], r["note"], r["live"]) for r in listed] == [
        (2, "second", False),
        (1, "first", True),
    ]


@pytest.mark.parametrize("number", ["7", "99999999999", "9" * 400])
def test_an_unknown_release_is_not_found(shop, number):
    assert shop.ask("POST", f"releases/{number}/activate").status_code == 404


def test_a_release_can_be_scheduled(shop, site):
    scheduled = shop.ask("POST", "releases", {"note": "x", "due_at": "2100-01-01T00:00:00Z"})

    assert scheduled.status_code == 201
    assert shop.ask("GET", "releases").json()["results"][0]["live"] is False


def test_drafts_that_cannot_go_live_are_refused_by_name(shop):
    Segment.objects.update(condition={"combinator": "and", "rules": [{"field": "gone"}]})

    refused = shop.ask("POST", "releases", {})

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["path"] == "segments.german.condition.rules[0].field"


def test_traits_are_declared_and_used(server):
    schema = {"plan": {"type": "string", "purpose": "personalization"}, "age": {"type": "number"}}

    declared = server.put("traits-schema", schema)

    assert declared.status_code == 200
    assert declared.json() == server.ask("GET", "traits-schema").json()
    assert declared.json()["age"]["purpose"] == "personalization"
    pro = {"combinator": "and", "rules": [{"field": "plan", "operator": "=", "value": "pro"}]}
    assert server.put("segments/pro", {"condition": pro}).status_code == 201
    assert server.put("traits-schema", {}).status_code == 409, "segment pro needs it"


def test_the_contract_s_own_example_of_a_catalogue_is_accepted(server):
    example = {
        "country": {"type": "string", "purpose": None},
        "age": {"type": "number", "purpose": "personalization"},
        "pets": {"type": "list", "of": {"name": {"type": "string"}}},
    }

    assert server.put("traits-schema", example).status_code == 200


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"visits": {"type": "string"}}, "visits"),
        ({"plan": {"type": "colour"}}, "plan.type"),
        ({"two words": {"type": "string"}}, "two words"),
        ([], "traits"),
    ],
)
def test_a_wrong_declaration_is_refused(server, schema, path):
    refused = server.put("traits-schema", schema)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["path"] == path


def test_without_a_good_key_nothing_is_said(shop, keys):
    for raw in ("", "sk_wrong", "pk_wrong"):
        answer = Server(raw).ask("GET", "rules")
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_publishable_key_manages_nothing(shop, keys):
    for method, address in [("GET", "rules"), ("PUT", "rules/germany"), ("POST", "releases")]:
        assert Server(keys.publishable).ask(method, address, {}).status_code == 403
    assert Rule.objects.get().content.key == "servus"


def test_a_key_reaches_as_far_as_its_scopes(shop, site):
    raw = make_key(site, ApiKey.SECRET, scopes=["manage"], by="test")
    limited = Server(raw)

    assert limited.ask("GET", "rules").status_code == 200
    assert limited.ask("GET", "releases").status_code == 200
    refused = limited.ask("POST", "releases", {})
    assert refused.status_code == 403
    assert "publish" in refused.json()["detail"]


def test_another_site_s_documents_are_not_there(shop):
    from personalization.govern.sites import make_site

    other = Server(make_site(name="Other", origins=[], by="test").secret)

    assert other.ask("GET", "rules").json()["results"] == []
    assert other.ask("GET", "rules/germany").status_code == 404
    assert other.ask("DELETE", "rules/germany").status_code == 404
    assert other.ask("POST", "releases/1/activate").status_code == 404


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b'{"key": "a", "key": "b"}',
    b'{"key": NaN}',
    b'{"key": "a", "min_height": Infinity}',
    b'{"key": "a", "min_height": 1e999}',
    b"\xff\xfe",
    b'{"key": "a\\u0000b"}',
    b'{"key": "a", "name": "\\ud800"}',
    b'{"key": "a", "name": "\\u0000"}',
    b'{"key": {"key": "a"}}',
    b'{"key": "a", "default": ["x"]}',
    b'{"key": "a", "min_height": ' + b"9" * 5000 + b"}",
    b"[" * 100_000,
    b'{"key":' * 10_000 + b"1" + b"}" * 10_000,
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
@pytest.mark.parametrize("kind", [*KINDS, "releases"])
def test_a_bad_body_is_refused_and_leaves_nothing(server, site, kind, body):
    if kind == "releases" and not body:
        pytest.skip("a release needs no note, so it needs no body")
    before = AuditEntry.objects.count()

    answer = server.ask("POST", kind, body)

    assert answer.status_code == 400, answer.content
    assert json.loads(answer.content)["code"] == "malformed"
    assert AuditEntry.objects.count() == before


def test_a_body_that_is_too_large_is_refused(server):
    answer = server.ask("POST", "slots", b'{"key": "' + b"a" * 10_000_000 + b'"}')

    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


@pytest.mark.parametrize("depth", [25, 60, 99, 400])
def test_conditions_that_are_too_deep_are_refused(server, depth):
    condition = {"combinator": "and", "rules": []}
    for _each in range(depth):
        condition = {"combinator": "and", "rules": [condition]}

    answer = server.put("segments/deep", {"condition": condition})

    assert answer.status_code == 400


@pytest.mark.parametrize("key", ["%00", "a%00b", "%ED%A0%80", "..%2f", "ü", "a" * 3000])
def test_odd_keys_in_the_address_are_answered_clearly(shop, key):
    assert shop.ask("GET", f"slots/{key}").status_code == 404
    assert shop.ask("PUT", f"slots/{key}", {}).status_code in (400, 404)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "offset=-1", "offset=99999999999999999999"]
)
def test_odd_pages_are_refused(shop, query):
    assert shop.ask("GET", f"rules?{query}").status_code == 400


def test_pages_follow_each_other(shop):
    first = shop.ask("GET", "content?limit=1").json()
    second = shop.ask("GET", "content?limit=1&offset=1").json()

    assert [first["results"][0]["key"], second["results"][0]["key"]] == ["plain", "servus"]
    assert first["count"] == second["count"] == 2


def test_methods_that_mean_nothing_are_told(shop):
    answer = shop.ask("POST", "traits-schema", {})

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
