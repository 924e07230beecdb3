"""Visitors over HTTP: who may say and see what, and how it is told."""

import pytest

from personalization.govern.models import ConsentRecord
from personalization.profiles.models import Profile

GRANTED = {"analytics": True, "personalization": True}
CHOICE = {"purposes": GRANTED, "policy": "p1", "source": "banner"}


def test_a_browser_gets_an_id_with_its_token_and_a_receipt(call, keys):
    answer = call("POST", "visitors", CHOICE, key="pk", origin="https://shop.example")

    assert answer.status_code == 201
    assert set(answer.document) == {"visitor", "token", "purposes", "receipt"}
    assert answer.document["purposes"] == {**GRANTED, "training": False, "profiling_ai": False}
    assert answer["Access-Control-Allow-Origin"] == "https://shop.example"
    assert answer["Cache-Control"] == "no-store"


def test_the_gpc_signal_beats_a_yes_in_the_same_request(call):
    body = {**CHOICE, "purposes": {**GRANTED, "training": True, "profiling_ai": True}}

    answer = call("POST", "visitors", body, key="pk", **{"Sec-GPC": "1"})

    assert answer.document["purposes"]["training"] is False
    assert answer.document["purposes"]["profiling_ai"] is False
    assert answer.document["purposes"]["analytics"] is True


def test_a_crawler_gets_no_id_and_leaves_no_trace(call):
    agent = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}

    assert call("POST", "visitors", CHOICE, key="pk", **agent).status_code == 403
    assert not Profile.objects.exists() and not ConsentRecord.objects.exists()


def test_a_visitor_changes_and_reads_their_own_choice(call, minted):
    me = minted()
    withdrawn = {"purposes": {"analytics": True}, "policy": "p2", "source": "settings"}

    changed = call(
        "PUT", f"visitors/{me['visitor']}/consent", withdrawn, key="pk", token=me["token"]
    )
    read = call("GET", f"visitors/{me['visitor']}/consent", key="pk", token=me["token"])

    assert changed.status_code == read.status_code == 200
    assert set(changed.document) == {"purposes", "receipt"}
    assert changed.document == read.document
    assert read.document["purposes"] == {
        "analytics": True,
        "personalization": False,
        "training": False,
        "profiling_ai": False,
    }


def test_a_server_names_a_new_visitor_and_gets_them_a_token(call):
    assert call("PUT", "visitors/customer-7/consent", CHOICE).status_code == 200

    token = call("POST", "visitors/customer-7/token").document["token"]

    assert call("GET", "visitors/customer-7", key="pk", token=token).status_code == 200


def test_a_token_is_renewed_by_whoever_holds_it(call, minted):
    me = minted()

    renewed = call("POST", f"visitors/{me['visitor']}/token", key="pk", token=me["token"])

    again = call("GET", f"visitors/{me['visitor']}", key="pk", token=renewed.document["token"])
    assert again.status_code == 200


def test_traits_are_stored_as_far_as_consent_goes(call):
    call("PUT", "traits-schema", {"plan": {"type": "string", "purpose": "personalization"}})
    call("PUT", "visitors/yes/consent", CHOICE)

    stored = call("PATCH", "visitors/yes/traits", {"plan": "pro"})
    wrapped = call("PATCH", "visitors/yes/traits", {"traits": {"plan": "basic"}})
    withheld = call("PATCH", "visitors/nobody/traits", {"plan": "pro"})

    assert stored.document == wrapped.document == {"stored": ["plan"], "withheld": []}
    assert withheld.document == {"stored": [], "withheld": ["plan"]}


def test_an_undeclared_trait_is_refused_by_its_path(call):
    answer = call("PATCH", "visitors/yes/traits", {"shoe": 43})

    assert answer.status_code == 400
    assert answer.document["errors"][0]["path"] == "traits.shoe"


def test_erasing_can_be_repeated_and_gives_the_same_receipt(call, minted):
    me = minted()
    address = f"visitors/{me['visitor']}"

    first = call("DELETE", address, key="pk", token=me["token"])
    again = call("DELETE", address, key="pk", token=me["token"])

    assert first.status_code == again.status_code == 200
    assert first.document["receipt"] == again.document["receipt"]
    assert not Profile.objects.exists()


def test_merging_keeps_the_choice_of_the_target(call, minted):
    me = minted()
    call("PUT", "visitors/customer-7/consent", CHOICE)

    merged = call("POST", f"visitors/{me['visitor']}/merge", {"into": "customer-7"})

    assert merged.status_code == 200
    assert merged.document["visitor"] == "customer-7"
    assert merged.document["purposes"]["training"] is False
    assert Profile.objects.count() == 1


def test_why_says_which_segments_hold_in_words(call, minted, published, keys):
    me = minted()
    event = {"id": "e1", "type": "view", "visitor": me["visitor"], "at": "2026-11-20T12:00:00Z"}
    call("POST", "events", {"events": [event]}, key="pk", token=me["token"])

    why = call("GET", f"visitors/{me['visitor']}/why", key="pk", token=me["token"]).document

    assert [each["segment"] for each in why["segments"]] == ["loyal"]
    assert "visits" in why["segments"][0]["text"]
    assert "visits" in why["looked_at"]


@pytest.mark.parametrize("what", ["", "/consent", "/why"])
def test_an_unknown_visitor_answers_in_the_shape_of_a_known_one(call, minted, published, what):
    me = minted()

    known = call("GET", f"visitors/{me['visitor']}{what}").document
    unknown = call("GET", f"visitors/nobody-knows{what}").document

    assert known.keys() == unknown.keys()
    for name in known:
        assert type(known[name]) is type(unknown[name]) or "receipt" in name


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("GET", "", None),
        ("DELETE", "", None),
        ("GET", "/consent", None),
        ("PUT", "/consent", CHOICE),
        ("POST", "/token", None),
        ("PATCH", "/traits", {"plan": "pro"}),
        ("POST", "/merge", {"into": "x"}),
        ("GET", "/why", None),
    ],
)
@pytest.mark.parametrize("proof", ["none", "another's", "nonsense"])
def test_a_publishable_key_and_a_guessed_id_read_and_change_nothing(
    call, visitor, minted, method, what, body, proof
):
    victim = visitor("victim")
    token = {"none": None, "another's": minted()["token"], "nonsense": "1.2.3"}[proof]
    before = list(Profile.objects.order_by("pk").values())

    known = call(method, f"visitors/{victim}{what}", body, key="pk", token=token)
    unknown = call(method, f"visitors/nobody{what}", body, key="pk", token=token)

    assert known.status_code == unknown.status_code == 403
    assert known.document == unknown.document
    assert list(Profile.objects.order_by("pk").values()) == before


def test_a_guessed_id_renders_recommends_and_collects_nothing(call, visitor, published):
    visitor("victim")
    row = {"id": "e1", "type": "view", "visitor": "victim", "at": "2026-11-20T12:00:00Z"}

    stranger = call("POST", "render", {"slots": ["home.hero"]}, key="pk").document
    guessed = call(
        "POST", "render", {"slots": ["home.hero"], "visitor": "victim"}, key="pk"
    ).document
    events = call("POST", "events", {"events": [row]}, key="pk").document
    recommended = call("GET", "recommendations?visitor=victim", key="pk")

    assert guessed == stranger
    assert events["accepted"] == 0 and events["rejected"][0]["code"] == "visitor_token"
    assert recommended.status_code == 403


def test_a_merge_needs_a_server_even_with_the_visitors_own_token(call, minted):
    me = minted()

    answer = call(
        "POST", f"visitors/{me['visitor']}/merge", {"into": "x"}, key="pk", token=me["token"]
    )

    assert answer.status_code == 403


def test_a_browser_may_ask_before_it_calls(client):
    response = client.options("/api/v1/visitors/x/consent", headers={"Origin": "https://a.example"})

    assert response.status_code == 204
    assert "X-Visitor-Token" in response["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("visitor_id", ["a/b", "größe", "a b", "%25", "😀"])
def test_an_id_may_be_any_text(call, visitor_id):
    from urllib.parse import quote

    address = f"visitors/{quote(visitor_id, safe='')}"

    assert call("PUT", f"{address}/consent", CHOICE).status_code == 200
    assert call("GET", address).document["visitor"] == visitor_id
