"""A marketer looks through somebody else's eyes; a colleague without a login follows the link."""

import re

import pytest

from tests.stories.axe import violations
from tests.stories.browsing import keep
from tests.stories.conftest import person

PREVIEW = "/admin/personalization/site/preview/"


@pytest.fixture
def colleague(browser, demo):
    """A browser of somebody who never logged in."""
    context = browser.new_context(
        base_url=demo.address, viewport={"width": 1280, "height": 900}, user_agent=person(browser)
    )
    yield context.new_page()
    context.close()


def hero(page):
    place = page.locator('[data-pz-slot="home.hero"]')
    place.locator(".pz-block").first.wait_for()
    return place.inner_text()


def test_a_look_with_a_segment_forced_in_is_shared_opened_and_taken_back(studio, demo, colleague):
    page = studio
    colleague.goto("/")
    real = hero(colleague)

    # Somebody into boots, on a phone in Austria, next May: said in the form.
    page.goto(PREVIEW)
    page.get_by_text("Force segments in or out").click()
    page.locator("select[name='segment:into-boots']").select_option("in")
    page.get_by_label("personalization", exact=True).check()
    page.locator("input[name=country]").fill("AT")
    page.get_by_label("device").select_option("mobile")
    page.locator("input[name=at]").fill("2027-05-03T10:00")
    page.get_by_label("page of the site").fill(demo.address)
    page.get_by_role("button", name="Make a link for a colleague (7 days)").click()
    link = page.locator("#pz-preview-link").inner_text()
    page.wait_for_load_state("networkidle")
    keep(page, "look-made")
    assert not violations(page)

    # The colleague sees the shop's real page with the bar on it, and nothing is counted.
    colleague.goto(link)
    bar = colleague.locator("#pz-preview-bar")
    bar.get_by_text("Preview").first.wait_for()
    shown = hero(colleague)
    keep(colleague, "look-colleague")
    assert shown != real
    assert "boots" in shown.lower()

    # Links on the page stay in the preview; leaving it is one click.
    colleague.locator("a[href='/c/boots']").first.click()
    colleague.wait_for_url(re.compile("/c/boots"))
    bar.get_by_text("Preview").first.wait_for()
    bar.get_by_role("button").click()
    colleague.goto("/")
    assert hero(colleague) == real

    # Taken back, the link is no good any more, and says so.
    page.goto(PREVIEW)
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.get_by_role("button", name="Take back").first.click()
    colleague.goto(link)
    bar.wait_for()
    assert hero(colleague) == real
    keep(colleague, "look-taken-back")


def test_what_is_looked_at_is_counted_nowhere(studio, demo, colleague):
    studio.goto("/admin/personalization/exposure/")
    before = studio.locator("#changelist").inner_text()
    studio.goto(PREVIEW)
    studio.get_by_label("page of the site").fill(demo.address)
    studio.get_by_role("button", name="Make a link for a colleague (7 days)").click()

    colleague.goto(studio.locator("#pz-preview-link").inner_text())
    colleague.locator("#pz-preview-bar").wait_for()
    colleague.mouse.wheel(0, 2000)
    colleague.wait_for_load_state("networkidle")

    studio.goto("/admin/personalization/exposure/")
    assert studio.locator("#changelist").inner_text() == before


def test_a_persona_is_chosen_with_the_keyboard_after_going_through_the_list(studio):
    studio.goto("/admin/personalization/site/preview/")
    personas = studio.get_by_label("somebody in a segment")
    personas.focus()

    studio.keyboard.press("ArrowDown")
    studio.keyboard.press("ArrowDown")
    chosen = personas.input_value()
    studio.keyboard.press("Enter")

    studio.wait_for_url(re.compile(re.escape(chosen)))
