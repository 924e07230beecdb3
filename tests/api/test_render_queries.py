"""What a page view costs the database, and what it does without one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from personalization.api import rendering
from personalization.govern.keystore import LockedStore
from personalization.publish import live, releases
from personalization.targeting import documents

SLOTS = {"slots": ["home.hero"]}


@pytest.fixture
def rendered(call):
    def go(body, **more):
        call("POST", "render", body, **more)  # the process has seen the release and the key
        with CaptureQueriesContext(connection) as queries:
            answer = call("POST", "render", body, **more)
        return answer, [query["sql"] for query in queries]

    return go


def _grow(site, note, count):
    for index in range(count):
        key = f"more-{index}"
        note(key)
        condition = {
            "combinator": "and",
            "rules": [{"field": "visits", "operator": ">=", "value": index + 100}],
        }
        documents.save_segment(site, {"key": key, "condition": condition}, by="test")
        documents.save_slot(site, {"key": key, "default": key}, by="test")
        rule = {"key": key, "slot": "home.hero", "segment": key, "content": key}
        documents.save_rule(site, rule, by="test")
    releases.publish(site, by="test")
    live.expire(site.pk)


def test_a_known_visitor_costs_one_query_whatever_the_release_holds(
    rendered, minted, site, note, published
):
    me = minted()
    body = {**SLOTS, "visitor": me["visitor"]}
    few = rendered(body, key="pk", token=me["token"])[1]

    _grow(site, note, 100)
    slots = ["home.hero", *(f"more-{index}" for index in range(30))]
    many = rendered({**body, "slots": slots}, key="pk", token=me["token"])[1]

    assert len(few) == len(many) == 1
    assert "personalization_profile" in few[0]


def test_a_stranger_costs_no_query(rendered, published):
    assert rendered(SLOTS, key="pk")[1] == []


def test_with_the_database_away_a_known_visitor_gets_a_strangers_page(call, minted, published):
    me = minted()
    body = {**SLOTS, "visitor": me["visitor"]}
    stranger = call("POST", "render", SLOTS, key="pk").document
    call("POST", "render", body, key="pk", token=me["token"])

    with connection.execute_wrapper(_away):
        answer = call("POST", "render", body, key="pk", token=me["token"])

    assert answer.status_code == 200
    assert answer.document == stranger


def test_with_keys_that_do_not_open_a_known_visitor_gets_a_strangers_page(
    call, minted, published, monkeypatch
):
    me = minted()
    body = {**SLOTS, "visitor": me["visitor"]}
    stranger = call("POST", "render", SLOTS, key="pk").document
    monkeypatch.setattr(rendering, "read_visitor", _locked)

    answer = call("POST", "render", body, key="pk", token=me["token"])

    assert answer.status_code == 200
    assert answer.document == stranger


def test_with_the_database_away_events_are_asked_for_again(call, minted, published):
    me = minted()
    row = {"id": "e1", "type": "view", "visitor": me["visitor"], "at": "2026-11-20T12:00:00Z"}
    call("POST", "render", SLOTS, key="pk")

    with connection.execute_wrapper(_away):
        answer = call("POST", "events", {"events": [row]}, key="pk", token=me["token"])

    assert answer.status_code == 503
    assert answer["Retry-After"]


def _locked(*_args, **_named):
    raise LockedStore("written under another master key")


def _away(execute, sql, params, many, context):
    from django.db import OperationalError

    raise OperationalError("the database is away")
