"""A marketer describes an audience: with the mouse, with the keyboard alone, and as text."""

import json
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.stories.browsing import keep, save

BOOTS = {
    "field": "events",
    "operator": "=",
    "match": {"mode": "atLeast", "threshold": 3},
    "value": {
        "combinator": "and",
        "not": False,
        "rules": [
            {"field": "type", "operator": "=", "value": "view"},
            {"field": "at", "operator": "withinLast", "value": "7d"},
            {"field": "category", "operator": "=", "value": "boots"},
        ],
    },
}
GERMANY = {"field": "country", "operator": "=", "value": "DE"}
WANTED = {"combinator": "and", "not": False, "rules": [BOOTS, GERMANY]}
NEW = "/admin/personalization/segment/add/"


def stored(page) -> object:
    return json.loads(page.locator("textarea[name=condition]").input_value())


def reopened(page, name: str) -> object:
    """What was really saved under this name."""
    page.goto("/admin/personalization/segment/")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.locator(".pz-builder").wait_for()
    return stored(page)


def add(page, words: str) -> None:
    page.get_by_role("button", name="Add a condition").last.click()
    page.get_by_role("combobox", name="Add a condition").fill(words)
    page.locator(".pz-options [role=option]").first.click()


def test_an_audience_is_built_with_the_mouse(studio):
    page = studio
    page.goto(NEW)
    page.locator("input[name=name]").fill("Into boots, with the mouse")
    add(page, "how often")
    page.get_by_role("textbox", name="How many").fill("3")
    page.get_by_role("button", name="Add a detail").click()
    page.get_by_role("option", name="category").click()
    page.get_by_role("combobox", name="Value: category").fill("boo")
    page.get_by_role("option", name="boots").click()
    add(page, "country")
    page.get_by_role("combobox", name="Value: country").fill("germ")
    page.get_by_role("option", name="Germany").click()

    assert stored(page) == WANTED
    page.locator("[data-pz-reading] strong").filter(has_text="country is “DE”").wait_for()
    keep(page, "builder-mouse")
    save(page)
    assert reopened(page, "Into boots, with the mouse") == WANTED


def tab_to(page, label: str) -> None:
    """Press Tab until the focus is on what has this name."""
    named = "document.activeElement.ariaLabel || document.activeElement.textContent.trim()"
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(named) == label:
            return
    raise AssertionError(f"Tab never came to {label!r}")


def test_the_same_audience_is_built_with_the_keyboard_alone(studio):
    page = studio
    page.goto(NEW)
    keys = page.keyboard
    page.locator("input[name=name]").focus()
    keys.type("Into boots, with the keyboard")

    tab_to(page, "+ Add a condition")
    keys.press("Enter")
    keys.type("how often")
    keys.press("Enter")
    tab_to(page, "How many")
    keys.type("3")
    tab_to(page, "+ Add a detail")
    keys.press("Enter")
    keys.type("category")
    keys.press("Enter")
    tab_to(page, "Value: category")
    keys.type("boots")
    keys.press("Enter")
    tab_to(page, "+ Add a condition")
    keys.press("Enter")
    keys.type("country")
    keys.press("Enter")
    tab_to(page, "Value: country")
    keys.type("Germany")
    keys.press("Enter")
    assert stored(page) == WANTED

    # Taken back and done again; moved to the front and back, as it is said aloud.
    keys.press("Control+z")
    assert stored(page)["rules"][1]["value"] == ""
    keys.press("Control+Shift+z")
    assert stored(page) == WANTED
    page.get_by_role("button", name="Move: country").focus()
    keys.press("ArrowUp")
    assert stored(page)["rules"] == [GERMANY, BOOTS]
    assert "Now at place 1 of 2" in page.locator(".pz-heard").inner_text()
    keys.press("ArrowDown")
    assert stored(page) == WANTED

    tab_to(page, "Save")
    with page.expect_navigation():
        keys.press("Enter")
    assert reopened(page, "Into boots, with the keyboard") == WANTED


def test_a_condition_is_dragged_into_a_group(studio):
    page = studio
    page.goto(NEW)
    add(page, "country")
    add(page, "number of visits")
    page.get_by_role("button", name="Add a group").click()
    page.get_by_label("How these belong together").last.select_option("or")

    handle = page.get_by_role("button", name="Move: country").bounding_box()
    group = page.get_by_text("An empty group fits everyone.").bounding_box()
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(group["x"] + 40, group["y"], steps=6)
    keep(page, "builder-dragging")
    page.mouse.move(group["x"] + 40, group["y"] + 6, steps=3)
    page.mouse.up()

    visits, inner = stored(page)["rules"]
    assert visits["field"] == "visits"
    assert inner["combinator"] == "or"
    assert [rule["field"] for rule in inner["rules"]] == ["country"]


def test_a_refusal_stands_at_its_node_and_nothing_is_saved(studio):
    page = studio
    page.goto(NEW)
    page.locator("input[name=name]").fill("Not to be saved")
    add(page, "country")
    page.get_by_role("combobox", name="Value: country").fill("DE")
    add(page, "number of visits")
    page.get_by_role("textbox", name="Value: number of visits").fill("many")

    refused = page.locator(".pz-rule.pz-refused")
    refused.get_by_text("Write a number.").wait_for()
    assert refused.get_by_label("What it is about").input_value() == "number of visits"
    keep(page, "builder-refusal")

    page.get_by_role("button", name="Text", exact=True).click()
    page.locator(".pz-text").get_by_text("Line 13: Write a number.").wait_for()
    keep(page, "builder-text")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".pz-rule.pz-refused").get_by_text("Write a number.").wait_for()
    assert "/segment/add/" in page.url


def test_text_and_form_are_two_faces_of_one_condition(studio):
    page = studio
    page.goto(NEW)
    page.get_by_role("button", name="Text", exact=True).click()
    text = page.locator("textarea[name=condition]")
    text.fill('{"rules": [')
    page.get_by_text("this is not JSON").wait_for()
    page.get_by_role("button", name="Builder", exact=True).click()
    assert text.is_visible()  # there is nothing to draw

    text.fill(json.dumps(WANTED))
    page.get_by_role("button", name="Builder", exact=True).click()

    assert page.get_by_role("combobox", name="Value: country").input_value() == "Germany"
    page.get_by_role("button", name="Undo").click()
    assert stored(page)["rules"] == []


ODD = {
    "rules": [
        {"id": 7, "field": "visits", "operator": "between", "value": "1, 5"},
        {"value": ["DE"], "field": "country", "operator": "in", "path": [0, "x"]},
        {"field": "visits", "operator": "<", "valueSource": "field", "value": "frequency"},
        {"field": "events", "match": {"mode": "all"}, "value": {"rules": [], "id": None}},
        {"combinator": "or", "not": True, "rules": [{"field": "locale", "operator": "null"}]},
    ]
}


def test_what_the_api_wrote_opens_and_is_saved_unchanged(studio, demo):
    secret = json.loads((demo.folder / "keys.json").read_text())["secret"]
    document = {"key": "odd", "name": "By the API", "condition": ODD}
    request = Request(
        f"{demo.address}/api/v1/segments",
        data=json.dumps(document).encode(),
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
    )
    with urlopen(request) as answer:
        assert answer.status == 201
    page = studio

    assert reopened(page, "By the API") == ODD
    keep(page, "builder-odd")
    save(page)
    assert json.dumps(reopened(page, "By the API")) == json.dumps(ODD)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_builder_fits_and_is_accessible(studio, width, theme):
    page = studio
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(NEW)
    page.evaluate(
        "theme => document.documentElement.classList.toggle('dark', theme == 'dark')", theme
    )
    add(page, "how often")
    add(page, "in this order")
    page.get_by_role("button", name="Add a group").click()
    add(page, "segment")
    page.get_by_role("combobox", name="Add a value").last.click()
    page.get_by_text("Name at least one segment.").first.wait_for()

    found = Axe().run(page, context=".pz-builder").response["violations"]

    keep(page, f"builder-{theme}-{width}")
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
