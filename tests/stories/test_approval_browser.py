"""Two people publish: one proposes, the other reads what would change, and says yes or no."""

import re

import pytest

from tests.stories.axe import violations
from tests.stories.browsing import keep, logged_in, reload_until
from tests.stories.conftest import person, wrong_of

PUBLISH = "/admin/personalization/site/publish/"
HEADLINE = "Warm feet for two"


@pytest.fixture
def admin(browser, demo):
    """A second browser, in which the administrator is logged in."""
    context = browser.new_context(
        base_url=demo.address, viewport={"width": 1280, "height": 900}, user_agent=person(browser)
    )
    page = context.new_page()
    wrong = wrong_of(page)
    logged_in(page, demo, "admin")
    yield page
    context.close()
    assert not wrong


@pytest.fixture
def two_people(admin):
    """The site asks for a colleague's yes; afterwards it does not any more."""
    switch(admin, on=True)
    yield
    switch(admin, on=False)


def switch(admin, *, on):
    admin.goto("/admin/personalization/site/")
    admin.locator("#result_list a[href*='/change/']").first.click()
    admin.locator("input[name=two_people]").set_checked(on, force=True)
    with admin.expect_navigation():
        admin.get_by_role("button", name="Save and continue editing").click()
    assert admin.locator("input[name=two_people]").is_checked() is on


def edit(page, words):
    """Other words for the line above everything."""
    page.goto("/admin/personalization/content/?q=welcome")
    page.locator("#result_list a[href*='/change/']").first.click()
    page.locator("[name=field__en__headline]").fill(words)
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


def hero(page):
    page.goto("/")
    place = page.locator('[data-pz-slot="home.hero"]')
    place.locator(".pz-block").first.wait_for()
    return place.inner_text()


def test_what_one_proposed_goes_live_with_the_others_yes_and_back_in_two_clicks(
    studio, admin, two_people
):
    before = hero(studio)
    edit(studio, HEADLINE)

    # Proposed: the page says what would change, and whom it would reach.
    studio.goto(PUBLISH)
    studio.get_by_role("heading", name="Whom it would reach").wait_for()
    keep(studio, "two-propose")
    assert HEADLINE in studio.locator(".pz-page").text_content()
    assert not violations(studio)
    studio.locator("#note").fill("Warmer words")
    with studio.expect_navigation():
        studio.get_by_role("button", name="Propose", exact=True).click()
    studio.get_by_text("waits for a colleague's yes").wait_for()
    assert hero(studio) == before

    # Nobody says yes to their own.
    studio.goto(PUBLISH)
    studio.get_by_role("link", name="Look at it").first.click()
    assert studio.get_by_role("button", name=re.compile("Approve")).count() == 0

    # The other reads the same, and approves exactly that.
    admin.goto(PUBLISH)
    admin.get_by_role("link", name="Look at it").first.click()
    admin.get_by_role("heading", name="Whom it would reach").wait_for()
    assert HEADLINE in admin.locator(".pz-page").text_content()
    assert not violations(admin)
    keep(admin, "two-approve")
    edit(studio, "Something written afterwards")  # not part of what is approved
    with admin.expect_navigation():
        admin.get_by_role("button", name=re.compile("Approve")).click()
    reload_until(lambda: HEADLINE in hero(admin))

    # Back again: two clicks, one of them to say that one means it.
    studio.goto(PUBLISH)
    studio.on("dialog", lambda dialog: dialog.accept())
    with studio.expect_navigation():
        studio.get_by_role("button", name="Switch to this").first.click()
    reload_until(lambda: hero(studio) == before)
    keep(studio, "two-back")


def test_a_no_says_why_and_changes_nothing(studio, admin, two_people):
    before = hero(studio)
    edit(studio, "Words that nobody wants")
    studio.goto(PUBLISH)
    with studio.expect_navigation():
        studio.get_by_role("button", name="Propose", exact=True).click()

    admin.goto(PUBLISH)
    admin.get_by_role("link", name="Look at it").first.click()
    admin.locator("input[name=reason]").fill("Too loud for us")
    with admin.expect_navigation():
        admin.get_by_role("button", name="Decline").click()

    studio.goto(PUBLISH)
    studio.locator(".pz-table a").first.click()
    studio.get_by_text("Too loud for us").first.wait_for()
    keep(studio, "two-declined")
    assert hero(studio) == before
