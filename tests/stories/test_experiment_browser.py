"""A marketer splits a slot over arms in a real browser."""

from tests.stories.browsing import keep, save


def shares(page):
    return page.locator("[data-pz-arm-share]")


def test_arms_are_added_taken_out_and_brought_back(studio):
    page = studio
    page.goto("/admin/personalization/slot/")
    page.get_by_role("link", name="Banner of the home page").first.click()
    page.get_by_role("link", name="Add an experiment").click()
    page.locator("input[name=name]").fill("Boots or tents")
    shows = page.get_by_label("shows")
    shows.first.select_option("Banner: boots")
    shows.nth(1).select_option("Banner: tents")

    page.get_by_role("button", name="Add an arm").click()
    assert shares(page).first.get_attribute("placeholder") == "33.3333"
    shares(page).nth(2).fill("20")
    assert shares(page).first.get_attribute("placeholder") == "40"
    shares(page).nth(0).fill("20")
    shares(page).nth(1).fill("20")
    page.get_by_text("The shares make 60 % together").wait_for()

    page.get_by_role("button", name="Take this arm out").last.click()
    page.get_by_text("Arm “c” is taken out.").wait_for()
    page.get_by_role("button", name="Undo").click()
    shares(page).nth(1).fill("60")
    page.get_by_text("The shares make").wait_for(state="detached")
    keep(page, "experiment-arms")
    save(page)

    test = page.locator(".pz-test, [id^=experiment-]").filter(has_text="Boots or tents")
    test.get_by_text("60 %").wait_for()
    keep(page, "experiment-slot")
