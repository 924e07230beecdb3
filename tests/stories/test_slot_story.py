"""A marketer fills a slot in a real browser: adds, drags, switches, looks, publishes."""

import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from personalization import clock
from tests.stories.browsing import keep, reload_until

WELCOME, EVENING = "For everybody", "These hours only"
ZONE = ZoneInfo("Europe/Berlin")  # of the demo's site


def open_slot(page):
    page.goto("/admin/personalization/slot/")
    page.get_by_role("link", name="Banner of the home page").first.click()
    page.locator("[data-pz-sample]").filter(has_text="visitors seen last").wait_for()


def card(page, name):
    return page.locator(".pz-rule-card").filter(has=page.get_by_role("heading", name=name))


def names(page):
    return [each.get_attribute("data-name") for each in page.locator("[data-pz-cards] > li").all()]


def add_rule(page, name, content, fill=None):
    page.get_by_role("link", name="Add a rule").click()
    form = page.locator("#rule_form")
    form.get_by_label("Name").fill(name)
    form.get_by_label("Content").select_option(content)
    if fill is not None:
        fill(form)
    with page.expect_navigation():
        form.get_by_role("button", name="Save").click()
    card(page, name).wait_for()


def these_hours(form):
    """Two hours before and after now, on every day but one that is far."""
    now = clock.now().astimezone(ZONE)
    far = (now + timedelta(days=3)).strftime("%A")
    for day in form.locator("[name=days]").all():
        day.check()
    form.get_by_label(far).uncheck()
    form.get_by_label("From (time of day)").fill(f"{now - timedelta(hours=2):%H:%M}")
    form.get_by_label("Until (time of day)").fill(f"{now + timedelta(hours=2):%H:%M}")


def said(page, words):
    page.locator("[data-pz-said]").filter(has_text=words).wait_for()


def drag_before(page, name, other):
    handle = card(page, name).locator("[data-pz-handle]")
    handle.evaluate("each => each.scrollIntoView({block: 'center'})")
    start, end = handle.bounding_box(), card(page, other).bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, (start["y"] + end["y"]) / 2, steps=5)
    page.mouse.move(start["x"] + 5, end["y"], steps=5)
    keep(page, "slot-dragging")
    page.mouse.up()


def publish(page):
    page.goto("/admin/personalization/site/publish/")
    with page.expect_navigation():
        page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("is live").first.wait_for()


def hero(page):
    page.goto("/")
    place = page.locator('[data-pz-slot="home.hero"]')
    place.locator(".pz-block").first.wait_for()
    return place.inner_text()


def test_a_marketer_fills_a_slot(studio):
    page = studio
    before = hero(page)
    open_slot(page)
    count = len(names(page))
    keep(page, "slot")

    # Two rules: one for everybody, one for some hours, which stands behind it and never shows.
    add_rule(page, WELCOME, "Banner: lamps")
    add_rule(page, EVENING, "Banner: boots", these_hours)
    assert names(page)[-2:] == [WELCOME, EVENING]
    warning = card(page, EVENING).locator(".pz-unreachable")
    warning.filter(has_text=f"“{WELCOME}” stands before it").wait_for()
    keep(page, "slot-unreachable")

    # Dragged one place up it is reached; by keyboard it goes to the top.
    drag_before(page, EVENING, WELCOME)
    said(page, "The order is saved")
    assert names(page)[-2:] == [EVENING, WELCOME]
    warning.wait_for(state="detached")
    card(page, EVENING).locator("[data-pz-handle]").press("Home")
    said(page, f"now 1 of {count + 2}")
    said(page, "The order is saved")
    page.reload()
    assert names(page)[0] == EVENING
    card(page, EVENING).locator("[data-pz-reach]").filter(has_text="reaches").wait_for()
    keep(page, "slot-on-top")

    # Undo puts it back; the arrows of the card bring it up again.
    card(page, EVENING).get_by_role("button", name=f"Move “{EVENING}” down").click()
    said(page, "The order is saved")
    page.locator("[data-pz-said]").get_by_role("button", name="Undo").click()
    said(page, "as it was before")
    assert names(page)[0] == EVENING

    # Off and on again, without leaving the page.
    switch = card(page, EVENING).get_by_role("switch")
    switch.click()
    said(page, "is off")
    assert switch.get_attribute("aria-checked") == "false"
    keep(page, "slot-off")
    switch.click()
    said(page, "is on")

    # The picture follows who looks.
    frame = page.frame_locator("[data-pz-frame]")
    frame.get_by_role("heading", name=re.compile("boots", re.I)).wait_for()

    # Deleted, and brought back.
    with page.expect_navigation():
        card(page, WELCOME).get_by_role("button", name=f"Delete “{WELCOME}”").click()
    assert WELCOME not in names(page)
    keep(page, "slot-deleted")
    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    assert names(page)[-1] == WELCOME

    assert hero(page) == before  # drafts are not live
    publish(page)
    reload_until(lambda: "boots" in hero(page).lower())
    keep(page, "slot-shop")


def test_two_people_move_cards_and_the_second_sees_both_orders(studio, browser):
    one = studio
    open_slot(one)
    first, second, third = names(one)[:3]
    context = browser.new_context(
        base_url=one.url.split("/admin")[0], storage_state=one.context.storage_state()
    )  # its console is not watched: it will tell of the conflict
    other = context.new_page()
    open_slot(other)

    card(one, first).locator("[data-pz-handle]").press("ArrowDown")
    said(one, "The order is saved")
    card(other, third).locator("[data-pz-handle]").press("Home")
    box = other.get_by_role("alertdialog")
    box.wait_for()
    keep(other, "slot-conflict")
    assert box.locator("ol").first.inner_text().startswith(second)

    with other.expect_navigation():
        box.get_by_role("button", name="Use mine").click()
    assert names(other)[:3] == [third, first, second]
    context.close()


def test_a_campaign_is_copied_switched_and_found_in_the_calendar(studio):
    page = studio
    page.goto("/admin/personalization/campaign/")
    page.get_by_role("link", name="Late autumn").click()
    page.get_by_role("heading", name="What it shows").wait_for()
    keep(page, "campaign")
    with page.expect_navigation():
        page.get_by_role("button", name="Duplicate").click()
    page.get_by_text("This is the copy").wait_for()
    page.get_by_role("link", name="Settings").click()
    page.locator("input[name=name]").fill("Early winter")
    page.get_by_label("From").fill("2026-12-01T08:00")
    page.get_by_label("Until").fill("2026-12-24T18:00")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Switch on").click()
    keep(page, "campaign-copy")

    page.goto("/admin/personalization/site/calendar/?day=2026-12-10")
    keep(page, "calendar-month")
    page.get_by_role("link", name="Week").click()
    keep(page, "calendar-week")
    page.get_by_role("link", name="Early winter").click()
    page.get_by_role("heading", name="Early winter").wait_for()


PLACES = (
    "slot/1/change/",
    "slot/1/rules/add/",
    "campaign/1/change/",
    "site/calendar/",
    "site/calendar/?view=week",
)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_fit_narrow_and_dark_and_can_be_used_by_everybody(studio, width, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    studio.set_viewport_size({"width": width, "height": 900})
    studio.evaluate(f"localStorage.setItem('adminTheme', JSON.stringify('{theme}'))")
    for place in PLACES:
        studio.goto(f"/admin/personalization/{place}")
        studio.wait_for_load_state("networkidle")
        name = re.sub(r"\W+", "-", place).strip("-")
        keep(studio, f"look-{name}-{width}-{theme}")

        assert studio.evaluate("document.documentElement.scrollWidth") <= width, place
        found = axe.run(studio, context=".pz-page").response["violations"]
        serious = [each for each in found if each["impact"] in ("serious", "critical")]
        assert not serious, json.dumps(serious, indent=1)[:3000]
