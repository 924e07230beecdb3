"""From a marketer's brief to the shop: a model drafts, somebody else decides by keyboard."""

import re

import pytest

from tests.stories.axe import violations
from tests.stories.browsing import keep, logged_in
from tests.stories.conftest import person, wrong_of

BRIEFS = "/admin/personalization/brief/"
GOAL = "Greet everybody who comes on a wet day."
IS_ANOTHER = "before => document.querySelector('[data-pzd-screen]')?.dataset.draft !== before"
PATIENCE = 60_000  # milliseconds; a worker writes beside whatever else it does


@pytest.fixture
def reviewer(browser, demo):
    """A second browser, in which the demo's reviewer is logged in."""
    context = browser.new_context(
        base_url=demo.address, viewport={"width": 1280, "height": 900}, user_agent=person(browser)
    )
    page = context.new_page()
    wrong = wrong_of(page)
    logged_in(page, demo, "reviewer")
    yield page
    context.close()
    assert not wrong


def asked(page, *, slot, **typed):
    """Write a brief for a slot and ask for it; the page of the brief, once all is written."""
    page.goto(f"{BRIEFS}add/?slot={slot}")
    for name, value in typed.items():
        page.locator(f"[name={name}]").fill(str(value))
    page.get_by_text(re.compile("this month's")).wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Save the brief").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Ask for it").click()
    page.locator("[data-pzd-written] [data-running]").wait_for(state="detached", timeout=PATIENCE)
    return page.url.rstrip("/").split("/")[-2]


def screen_of(page):
    return page.locator("[data-pzd-screen]")


def pressed(page, key):
    """A key, and the next draft (or the end of the queue)."""
    before = screen_of(page).get_attribute("data-draft")
    page.keyboard.press(key)
    page.wait_for_function(
        "before => document.querySelector('[data-pzd-screen]')?.dataset.draft !== before",
        arg=before,
    )


def decide(page):
    """Tick off what was found and approve; what must change is rejected for its first reason."""
    screen = screen_of(page)
    if screen.locator("#pzd-approve button").is_disabled():
        page.keyboard.press("r")
        page.keyboard.press("1")
        pressed(page, "Enter")
        return "rejected"
    for _each in range(screen.locator("[data-pzd-acknowledge]").count()):
        page.keyboard.press("x")
    pressed(page, "a")
    return "approved"


def test_a_brief_becomes_a_draft_a_yes_a_rule_and_what_the_shop_shows(studio, reviewer):
    # A marketer asks, and sees it written.
    brief = asked(studio, slot="home.hero", goal=GOAL, name="Wet days", variants=2)
    keep(studio, "copy-brief")
    assert not violations(studio)
    assert studio.get_by_text("2 drafts wait").count()

    # Who asked is told beforehand that somebody else decides.
    studio.goto(f"/admin/personalization/draft/review/?brief={brief}")
    assert studio.locator(".pzd-notices").get_by_text("Reviewers decide").count()

    # Somebody else reads, sees it as three visitors would, and decides by keyboard.
    reviewer.goto(f"/admin/personalization/draft/review/?brief={brief}")
    reviewer.locator(".pzd-phone iframe").first.wait_for()
    keep(reviewer, "copy-review")
    assert not violations(reviewer)
    first = screen_of(reviewer).get_attribute("data-draft")
    headline = reviewer.locator(".pzd-text dd").first.inner_text()
    assert decide(reviewer) == "approved"

    # One click makes a rule of it; the next release shows it.
    studio.goto(f"/admin/personalization/draft/{first}/change/")
    with studio.expect_navigation():
        studio.get_by_role("button", name="Use in a rule").click()
    keep(studio, "copy-rule")
    studio.goto("/admin/personalization/site/publish/")
    with studio.expect_navigation():
        studio.get_by_role("button", name="Publish", exact=True).click()

    # The content says where its words came from.
    studio.goto("/admin/personalization/content/?q=wet")
    studio.locator("#result_list a[href*='/change/']").first.click()
    studio.get_by_text(re.compile("written by demonstration-writer")).wait_for()
    keep(studio, "copy-content")
    assert headline


def test_fifty_drafts_are_cleared_by_keyboard_alone(studio, reviewer):
    brief = asked(studio, slot="home.promotion", goal="Say what is new.", variants=8)
    reviewer.goto(f"/admin/personalization/draft/review/?brief={brief}")
    screen_of(reviewer).wait_for()

    for _each in range(8):
        decide(reviewer)

    reviewer.get_by_role("heading", name="Nothing waits any more").wait_for()
