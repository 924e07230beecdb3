"""A marketer composes a message in a real browser: widths, eyes, placeholders, languages, code."""

import re

from tests.stories.browsing import keep, save

LONG = "on and on " * 14  # beyond what reads well in a promotion bar, within what it takes
ONE_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
SAVED_IN_THE_BROWSER = "JSON.stringify(localStorage).includes('Typed on a train')"


def composing(page, block):
    page.goto("/admin/personalization/content/add/")
    page.get_by_role("link", name=re.compile(block)).click()
    return page.frame_locator("[data-pzc-preview] iframe").first


def test_what_is_composed_is_seen_at_three_widths_and_by_other_people(studio):
    page = studio
    shown = composing(page, "Promotion bar")
    message = page.locator("[name=field__en__message]")
    message.fill("Good to see you, ")

    tools = page.locator("[data-pzc-row=message] .pzc-cell:visible")
    tools.get_by_role("button", name="Insert a placeholder").click()
    page.get_by_role("combobox", name=re.compile("Search: name")).fill("first name")
    page.get_by_role("option", name=re.compile("first name")).click()
    page.locator("#pzc-fallback").fill("whoever you are")
    page.get_by_role("button", name="Insert", exact=True).click()
    assert "visitor.first_name" in message.input_value()
    shown.get_by_text("Good to see you, whoever you are").wait_for()  # a stranger has no name

    page.get_by_label("Seen by").select_option(label="Somebody we know")
    shown.get_by_text("Good to see you, Alex").wait_for()
    for name, pixels in (("Phone", 390), ("Tablet", 768), ("Computer", 1200)):
        page.get_by_role("button", name=name, exact=True).click()
        frame = "document.querySelector('[data-pzc-preview] iframe')"
        page.wait_for_function(f"{frame}.clientWidth === {pixels}")
    keep(page, "compose-known")


def test_who_saves_without_a_connection_is_told_until_it_is_back(studio):
    page = studio
    composing(page, "Promotion bar")
    note = page.locator(".pz-unsaved-note")
    page.context.set_offline(True)
    page.locator("[name=field__en__message]").fill("Typed on a train")
    page.get_by_role("button", name="Save", exact=True).click()

    note.get_by_text("There is no connection").wait_for()
    page.wait_for_function(SAVED_IN_THE_BROWSER)
    assert "There is no connection" in note.inner_text()

    page.context.set_offline(False)
    note.get_by_text("Not saved yet").wait_for()
    assert page.locator("[name=field__en__message]").input_value() == "Typed on a train"
    page.locator("input[name=name]").fill("Typed on a train")
    save(page)


def test_a_long_word_breaks_inside_of_its_block(studio):
    page = studio
    composing(page, "Hero banner")
    page.get_by_role("button", name="Phone", exact=True).click()
    page.locator("[name=field__en__headline]").fill(ONE_WORD)

    shown = page.frame_locator("[data-pzc-preview] iframe").first
    headline = shown.get_by_text(ONE_WORD)
    headline.wait_for()
    block = shown.locator(".pz-block").bounding_box()
    words = headline.bounding_box()
    assert words["x"] + words["width"] <= block["x"] + block["width"]


def test_languages_stand_side_by_side_and_each_is_seen(studio):
    page = studio
    shown = composing(page, "Promotion bar")
    page.locator("[name=field__en__message]").fill("Only today")
    page.get_by_role("button", name="Side by side").click()

    page.locator("[name=field__de__message]").fill("Nur heute")

    shown.get_by_text("Only today").wait_for()
    page.frame_locator("[data-pzc-preview] iframe").nth(1).get_by_text("Nur heute").wait_for()
    keep(page, "compose-languages")
    page.locator("input[name=name]").fill("Only today")
    save(page)
    page.get_by_role("link", name="Only today").first.click()
    assert page.locator("[name=field__de__message]").input_value() == "Nur heute"


def test_what_is_worth_a_look_is_said_while_it_is_written(studio):
    page = studio
    composing(page, "Promotion bar")

    page.locator("[name=field__en__message]").fill(LONG)

    advice = page.get_by_role("region", name="Worth a look")
    advice.filter(has_text="This is long").wait_for()
    page.locator("[name=field__en__message]").fill("Short")
    advice.filter(has_text="This is long").wait_for(state="detached")


def test_code_that_is_wrong_is_marked_at_its_line_and_seen_once_it_is_right(studio, demo):
    page = studio
    page.goto("/admin/personalization/customblock/add/")
    editor = page.locator("#pzc-template .cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("<p>Fine</p>\n<p>{{ content.title | nothing }}</p>")

    page.get_by_role("region", name="To mend").filter(has_text="Line 2").wait_for()
    keep(page, "compose-code-error")

    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("<p>All is well</p>")
    shown = page.frame_locator("[data-pzc-frame]")
    shown.get_by_text("All is well").wait_for()
    assert page.get_by_role("region", name="To mend").count() == 0
