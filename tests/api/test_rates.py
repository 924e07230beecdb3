"""Who calls too often is told so, and uses up nobody else's calls."""

import pytest

from personalization.profiles.visitors import find_profile

CHOICE = {"purposes": {"analytics": True}, "policy": "p1", "source": "banner"}
FEW = 5


@pytest.fixture(autouse=True)
def _few(settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "RATE_PER_VISITOR": FEW}


def statuses(call, method, path, body, **said):
    return [call(method, path, body, key="pk", **said).status_code for _ in range(FEW + 2)]


def test_a_flood_of_events_keeps_nobody_from_withdrawing_or_leaving(call, minted, site):
    me = minted()
    events = {"events": [], "token": me["token"]}
    assert statuses(call, "POST", "events", events) == [202] * FEW + [429] * 2

    path = f"visitors/{me['visitor']}"
    changed = call("PUT", f"{path}/consent", CHOICE, key="pk", token=me["token"])
    erased = call("DELETE", path, key="pk", token=me["token"])

    assert (changed.status_code, erased.status_code) == (200, 200)
    assert find_profile(site.pk, me["visitor"]) is None


def test_choices_are_limited_too(call, minted):
    me = minted()
    path = f"visitors/{me['visitor']}/consent"

    found = statuses(call, "PUT", path, CHOICE, token=me["token"])

    assert found == [200] * FEW + [429] * 2


def test_a_busy_key_still_takes_choices(call, minted, settings):
    me = minted()
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "RATE_PER_KEY": 2}
    assert statuses(call, "POST", "events", {"events": []})[-1] == 429

    path = f"visitors/{me['visitor']}/consent"
    assert call("PUT", path, CHOICE, key="pk", token=me["token"]).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "render"), ("GET", "visitors/{0}/consent"), ("GET", "visitors/{0}/why")],
)
def test_who_cannot_prove_to_be_the_visitor_uses_none_of_their_calls(call, minted, method, path):
    me = minted()
    address = path.format(me["visitor"])
    body = {"slots": ["home.hero"], "visitor": me["visitor"]} if method == "POST" else None

    assert 429 not in statuses(call, method, address, body)

    assert call(method, address, body, key="pk", token=me["token"]).status_code == 200
