"""From a marketer's brief to the shop: a model drafts, somebody else decides by keyboard."""

import re

import pytest

from tests.stories.axe import violations
from tests.stories.browsing import keep, logged_in, reload_until
from tests.stories.conftest import person, wrong_of

BRIEFS = "/admin/personalization/brief/"
REVIEW = "/admin/personalization/draft/review/"
LINE = "block=promotion_bar&slot=category.top"  # above a department's products
DEPARTMENT = "/c/lamps"
IS_ANOTHER = "before => document.querySelector('[data-pzd-screen]')?.dataset.draft !== before"
PATIENCE = 240_000  # milliseconds: the worker may have more to do than this
FIFTY = 50


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


def begin(page, started, goal, variants):
    page.goto(f"{BRIEFS}add/?{started}")
    page.locator("[name=goal]").fill(goal)
    page.locator("[name=variants]").fill(str(variants))


def asked(page):
    """Save the brief that is typed and ask for it; its number, once everything is written."""
    page.get_by_text(re.compile("of this month's")).wait_for()  # what it would cost is said before
    with page.expect_navigation():
        page.get_by_role("button", name="Save the brief").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Ask for it").click()
    page.locator("[data-pzd-written] [data-running]").wait_for(state="detached", timeout=PATIENCE)
    return re.search(r"/brief/(\d+)/", page.url)[1]


def pressed(page, key):
    """A key, and another draft stands there, or the end of the queue."""
    before = page.locator("[data-pzd-screen]").get_attribute("data-draft")
    page.keyboard.press(key)
    page.wait_for_function(IS_ANOTHER, arg=before)


def decide(page):
    """As a reviewer does who knows the keys: tick off and approve; reject what must change."""
    screen = page.locator("[data-pzd-screen]")
    if screen.locator("#pzd-approve button").is_disabled():
        page.keyboard.press("r")
        page.keyboard.press("3")
        pressed(page, "Enter")
        return "rejected"
    for _each in range(screen.locator("[data-pzd-acknowledge]").count()):
        page.keyboard.press("x")
    pressed(page, "a")
    return "approved"


def test_a_brief_becomes_drafts_a_yes_a_rule_and_what_the_shop_shows(studio, reviewer):
    # A marketer asks, and sees it being written.
    begin(studio, LINE, "Say something kind above the shelf.", 2)
    keep(studio, "copy-brief-form")
    assert not violations(studio)
    brief = asked(studio)
    keep(studio, "copy-brief")
    assert studio.get_by_text("2 drafts wait").count()

    # Who asked does not decide, and is told so.
    studio.goto(f"{REVIEW}?brief={brief}")
    studio.get_by_text("Reviewers decide").wait_for()
    assert studio.locator("#pzd-approve").count() == 0

    # Somebody else sees it on a phone and a computer, changes their mind, and says yes, by key.
    reviewer.goto(f"{REVIEW}?brief={brief}")
    reviewer.locator(".pzd-phone iframe").first.wait_for()
    keep(reviewer, "copy-review")
    assert not violations(reviewer)
    first = reviewer.locator("[data-pzd-screen]").get_attribute("data-draft")
    words = reviewer.locator(".pzd-text dd").first.inner_text()
    assert decide(reviewer) == "approved"
    reviewer.keyboard.press("u")
    reviewer.get_by_text("Taken back.").wait_for()
    assert reviewer.locator("[data-pzd-screen]").get_attribute("data-draft") == first
    assert decide(reviewer) == "approved"

    # One click makes a rule of it; the next release shows it in the shop.
    studio.goto(f"/admin/personalization/draft/{first}/change/")
    with studio.expect_navigation():
        studio.get_by_role("button", name="Use in a rule").click()
    keep(studio, "copy-rule")
    studio.goto("/admin/personalization/site/publish/")
    with studio.expect_navigation():
        studio.get_by_role("button", name="Publish", exact=True).click()

    def is_shown():
        studio.goto(DEPARTMENT)
        studio.locator('[data-pz-slot="category.top"] .pz-block').first.wait_for()
        return words in studio.locator('[data-pz-slot="category.top"]').inner_text()

    reload_until(is_shown)
    keep(studio, "copy-shop")

    # The content says where its words came from.
    studio.goto(f"/admin/personalization/content/?q=copy-{brief}")
    studio.locator("#result_list a[href*='/change/']").first.click()
    studio.get_by_text("written by demonstration-writer, asked by marketer").wait_for()
    keep(studio, "copy-content")
    assert not violations(studio)


def test_fifty_drafts_are_cleared_in_the_browser_by_keyboard_alone(studio, reviewer):
    begin(studio, "block=text_image", "Say what it is for.", 2)
    studio.locator("[name=about][value=category]").check()
    studio.locator("[name=category]").select_option("lamps")
    brief = asked(studio)

    reviewer.goto(f"{REVIEW}?brief={brief}")
    reviewer.locator("[data-pzd-screen]").wait_for()
    for _each in range(FIFTY):
        decide(reviewer)
    keep(reviewer, "copy-fifty")

    reviewer.goto(f"{REVIEW}?brief={brief}")
    assert "1 of 18" in reviewer.locator(".pzd-standing").inner_text()  # of 68


def test_keys_can_be_switched_off_and_what_is_typed_survives_a_lost_connection(reviewer):
    reviewer.goto(f"{REVIEW}?state=waiting")
    screen = reviewer.locator("[data-pzd-screen]")
    first = screen.get_attribute("data-draft")

    # Without single keys a letter does nothing; the buttons stay.
    reviewer.locator("[data-pzd-keys]").uncheck()
    reviewer.keyboard.press("a")
    reviewer.keyboard.press("j")
    assert screen.get_attribute("data-draft") == first
    reviewer.locator("[data-pzd-keys]").check()
    reviewer.locator("[data-pzd-heading]").focus()

    # A text that could not be sent is still in its field, and is offered on the next visit.
    reviewer.keyboard.press("e")
    field = reviewer.locator("#pzd-edit [name^=field__]").first
    field.fill("Typed on a train")
    reviewer.context.set_offline(True)
    reviewer.keyboard.press("Control+Enter")
    reviewer.get_by_text("There is no connection").wait_for()
    assert field.input_value() == "Typed on a train"
    reviewer.context.set_offline(False)
    reviewer.once("dialog", lambda dialog: dialog.accept())
    reviewer.goto(f"/admin/personalization/draft/{first}/change/")
    reviewer.keyboard.press("e")
    reviewer.get_by_role("button", name="Bring it back").click()
    assert reviewer.locator("#pzd-edit [name^=field__]").first.input_value() == "Typed on a train"


def test_somebody_from_outside_decides_behind_a_link_without_a_login(browser, demo, reviewer):
    reviewer.goto(f"{REVIEW}?state=waiting&findings=without")
    words = reviewer.locator(".pzd-text dd").first.inner_text()
    reviewer.keyboard.press("m")
    reviewer.get_by_label("Who is it for?").fill("Gil Guest")
    reviewer.get_by_role("button", name="Make a link").click()
    reviewer.locator("#pzd-link").wait_for()
    assert not violations(reviewer)

    guest = browser.new_context(viewport={"width": 390, "height": 900}).new_page()
    guest.goto(reviewer.locator("#pzd-link").inner_text())
    guest.locator(".pzd-phone iframe").first.wait_for()
    keep(guest, "copy-guest")
    assert words.split("{{")[0].strip() in guest.locator(".pzd-text").inner_text()
    assert guest.evaluate("document.documentElement.scrollWidth") <= 390
    assert not violations(guest)
    guest.get_by_role("button", name="Approve").click()
    guest.get_by_text("You approved it.").wait_for()
    guest.context.close()
