"""A marketer asks why a page showed what it showed, and what the visitor would see now."""

import json
from datetime import UTC, datetime
from urllib.request import Request, urlopen

from tests.stories.axe import violations
from tests.stories.browsing import keep

WHY = "/admin/personalization/site/why/"


def api(demo, method, path, body, key="secret"):
    keys = json.loads((demo.folder / "keys.json").read_text())
    headers = {"Authorization": f"Bearer {keys[key]}", "Content-Type": "application/json"}
    call = Request(
        f"{demo.address}/api/v1/{path}", json.dumps(body).encode(), headers, method=method
    )
    with urlopen(call) as answer:
        return json.load(answer)


def shown_to_somebody_into_boots(demo):
    """A visitor of this test, and the exposure of what the home page showed them."""
    purposes = dict.fromkeys(("analytics", "personalization", "training", "profiling_ai"), True)
    consent = {"purposes": purposes, "policy": "story", "source": "test"}
    api(demo, "PUT", "visitors/why-story/consent", consent)
    at = datetime.now(UTC).isoformat()
    about = {"visitor": "why-story", "at": at}
    looks = [
        {"id": f"why-story-{n}", "type": "view", "item": item, **about}
        for n, item in enumerate(boots(demo))
    ]
    assert api(demo, "POST", "events", {"events": looks})["accepted"] == len(looks)
    body = {"visitor": "why-story", "slots": ["home.hero"], "context": {"device": "desktop"}}
    slot = api(demo, "POST", "render", body)["slots"]["home.hero"]
    seen = {"id": "why-story-seen", "type": "exposure", "exposure": slot["exposure"], **about}
    assert api(demo, "POST", "events", {"events": [seen]})["accepted"] == 1
    return slot


def boots(demo):
    """Three items of the department."""
    with urlopen(f"{demo.address}/c/boots") as page:
        html = page.read().decode()
    return list(dict.fromkeys(part.split('"')[0] for part in html.split('href="/p/')[1:]))[:3]


def test_an_exposure_is_explained_rule_by_rule_and_asked_again_as_of_now(studio, demo):
    page, slot = studio, shown_to_somebody_into_boots(demo)
    assert slot["reason"]["kind"] == "rule"

    page.goto(WHY)
    page.get_by_label("Paste an exposure").fill(slot["exposure"])
    page.get_by_role("button", name="Explain").click()

    page.get_by_role("heading", name="The rules, in order").wait_for()
    said = page.locator(".pz-page").inner_text()
    assert "boots" in said.lower()
    assert "What the visitor allowed" in said
    keep(page, "why-exposure")
    assert not violations(page)

    # What would they see now, as the drafts stand: each condition with its truth.
    now = page.locator("details.pz-change[open]")
    now.first.wait_for()
    assert now.locator(".pz-truth").count()
    page.get_by_label("version").select_option("draft")
    page.get_by_role("button", name="Look again").click()
    page.get_by_text("would see now").wait_for()
    keep(page, "why-now")


def test_what_is_no_exposure_is_told_in_words(studio):
    studio.goto(f"{WHY}?exposure=nonsense")

    studio.get_by_text("no answer").wait_for()
    keep(studio, "why-nonsense")
