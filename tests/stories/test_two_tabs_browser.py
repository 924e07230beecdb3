"""Two tabs at one thing: the second is told, sees both versions, and loses nothing; what was
deleted under an open link is said, and comes back."""

import re

import pytest

from tests.stories.axe import violations
from tests.stories.browsing import in_theme, keep, logged_in, save

NOT_SAVED = "Not saved yet"


@pytest.fixture
def tabs(page, demo):
    """Two tabs of one person, who is never asked whether to leave something unsaved."""
    asked: list[str] = []
    logged_in(page, demo, "admin")
    other = page.context.new_page()
    for tab in (page, other):
        tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    yield page, other
    assert asked == []


def edited(tabs, address, names):
    """Both open the page and type a name of their own."""
    for tab, name in zip(tabs, names, strict=True):
        tab.goto(address)
        tab.wait_for_load_state("networkidle")
        tab.locator("input[name=name]").fill(name)


def name_at(tab, address):
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    return tab.locator("input[name=name]").input_value()


def wrong_in_any_theme(tab):
    found = []
    for theme in ("dark", "light"):
        in_theme(tab, theme)
        found += [f"{theme}: {each}" for each in violations(tab)]
    return found


def first_of(page, kind, settings=""):
    page.goto(f"/admin/personalization/{kind}/")
    row = page.locator("#result_list a[href*='/change/']").first
    return str(row.get_attribute("href")).partition("?")[0] + settings


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("segment", ""),
        ("content", ""),
        ("slot", "?settings"),
        ("campaign", "?settings"),
        ("journey", ""),
        ("site", ""),
    ],
)
def test_the_second_tab_is_told_and_chooses(tabs, kind, settings):
    one, two = tabs
    address = first_of(one, kind, settings)
    before = name_at(one, address)
    edited(tabs, address, ("Of the first tab", "Of the second tab"))
    save(one)

    with two.expect_navigation():
        two.get_by_role("button", name="Save", exact=True).click()

    conflict = two.locator("#pz-conflict")
    assert "saved this while you were editing" in conflict.inner_text()
    assert "Of the first tab" in conflict.inner_text()
    assert two.locator("input[name=name]").input_value() == "Of the second tab"
    keep(two, f"two-tabs-{kind}")
    assert wrong_in_any_theme(two) == []
    with two.expect_navigation():
        two.get_by_role("button", name="Save what I chose").click()
    assert name_at(two, address) == "Of the second tab"
    assert two.get_by_text(NOT_SAVED).count() == 0  # and no tab asks on leaving

    two.locator("input[name=name]").fill(before)
    save(two)


def test_what_was_deleted_under_a_link_is_said_and_comes_back(tabs):
    one, two = tabs
    one.goto("/admin/personalization/segment/add/")
    one.locator("input[name=name]").fill("Passing by")
    with one.expect_navigation():
        one.get_by_role("button", name="Save and continue editing").click()
    link = one.url
    two.goto(link)
    two.goto(re.sub("change/$", "delete/", link))
    with two.expect_navigation():
        two.get_by_role("button", name="Yes, I’m sure").click()

    two.goto(link)
    assert two.get_by_text("Somebody may have deleted it").is_visible()
    keep(two, "deleted-under-a-link")
    assert wrong_in_any_theme(two) == []
    with two.expect_navigation():
        two.get_by_role("button", name="Bring it back").first.click()

    assert two.get_by_text("“Passing by” is back.").is_visible()
    two.goto(re.sub("change/$", "delete/", two.url))
    two.get_by_role("button", name="Yes, I’m sure").click()
