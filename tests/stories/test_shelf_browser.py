"""A marketer steers a carousel: a filter, a pin, variety; and sees the list with its reasons."""

import re

from tests.stories.browsing import keep, save


def composing(page):
    page.goto("/admin/personalization/content/add/")
    page.get_by_role("link", name=re.compile("Product carousel")).click()
    page.locator("[name=field__en__heading]").fill("Chosen for you")
    page.get_by_text("Which items, and in which order").click()
    return page.locator("[data-pzc-items]")


def rows(items):
    return [each.inner_text() for each in items.locator("li").all()]


def test_a_list_is_filtered_pinned_and_explained_as_it_is_typed(studio):
    page = studio
    items = composing(page)
    items.get_by_text("Liked by many").first.wait_for()

    page.get_by_label("Seen by").select_option(label="Somebody we know")
    items.get_by_text(re.compile("Goes with “|Fits what")).first.wait_for()

    page.get_by_role("button", name="Pin, boost or exclude something").click()
    row = page.locator("[data-pz-promotions] [data-pz-row]")
    assert row.locator("[data-pz-of]").is_hidden()  # a pin is of an item
    found = row.locator("datalist option")
    row.get_by_label("which").fill("lamp")
    found.first.wait_for(state="attached")
    key, title = found.first.get_attribute("value"), found.first.evaluate("each => each.label")
    row.get_by_label("which").fill(key)
    items.locator("li").first.get_by_text("Pinned by hand").wait_for()
    assert title in rows(items)[0]

    row.get_by_label("What to do").select_option(label="Further back")
    row.locator("[data-pz-of]").wait_for()
    items.get_by_text("Pinned by hand").wait_for(state="detached")
    row.get_by_label("What to do").select_option(label="Pin to a place")
    items.get_by_text("Pinned by hand").wait_for()
    keep(page, "shelf")

    page.locator("input[name=name]").fill("Chosen, with a lamp first")
    save(page)
    page.get_by_role("link", name="Chosen, with a lamp first").first.click()
    assert (
        page.locator("[data-pz-promotions] [data-pz-row]").get_by_label("which").input_value()
        == key
    )
    items.get_by_text("Pinned by hand").wait_for()


def test_a_filter_is_built_over_fields_of_items(studio):
    page = studio
    items = composing(page)
    items.locator("li").first.wait_for()
    shelf = page.locator("details.pzc-shelf")

    shelf.get_by_role("button", name="Add a condition").click()
    page.get_by_role("option", name="price").click()
    shelf.get_by_label("Value").fill("20")
    shelf.get_by_text(re.compile(r"\d+ of \d+ items fit")).wait_for()
    keep(page, "shelf-filter")


def test_it_fits_a_phone(studio):
    page = studio
    page.set_viewport_size({"width": 390, "height": 844})
    composing(page).locator("li").first.wait_for()
    page.get_by_role("button", name="Pin, boost or exclude something").click()

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keep(page, "shelf-phone")
