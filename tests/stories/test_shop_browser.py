"""A visitor's story in a real browser: refuse, look around; accept, look at three things."""

import re

import pytest

from tests.stories.browsing import keep


def filled(page, slot: str) -> str:
    """The text of a slot once the embed script has filled it."""
    place = page.locator(f'[data-pz-slot="{slot}"]')
    place.locator(".pz-block").wait_for()
    return place.inner_text()


def cookies(page) -> dict[str, str]:
    return {each["name"]: each["value"] for each in page.context.cookies()}


def look_at(page, department: str, count: int) -> None:
    for place in range(count):
        page.goto(f"/c/{department}")
        page.locator(".card a").nth(place).click()
        page.wait_for_url(re.compile(r"/p/"))
        page.wait_for_load_state("networkidle")


def test_who_rejects_all_sees_a_strangers_page_and_gets_no_id(page):
    page.goto("/")
    before = filled(page, "home.hero")
    page.get_by_role("button", name="Reject all").click()
    look_at(page, "boots", 3)

    page.goto("/")
    assert filled(page, "home.hero") == before
    assert "pz_id" not in cookies(page)
    assert not page.locator("#consent").is_visible()
    keep(page, "shop-stranger")


def test_after_three_clicks_on_one_department_the_home_page_shows_it(page):
    page.goto("/")
    stranger = filled(page, "home.hero")
    page.get_by_role("button", name="Accept all").click()
    page.wait_for_load_state("networkidle")
    assert "pz_id" in cookies(page)
    look_at(page, "boots", 3)

    page.goto("/")
    hero = filled(page, "home.hero")
    assert hero != stranger
    assert "boots" in hero.lower()
    shelf = page.locator('[data-pz-slot="home.carousel"] [data-pz-item^="boots-"]')
    assert shelf.count() >= 3
    keep(page, "shop-into-boots")


def test_one_purpose_can_be_chosen_alone_and_changed_later(page):
    page.goto("/")
    stranger = filled(page, "home.hero")
    page.get_by_role("button", name="Choose").click()
    page.get_by_label("Statistics").check()
    page.get_by_role("button", name="Save my choice").click()
    page.wait_for_load_state("networkidle")
    look_at(page, "lamps", 3)
    page.goto("/")
    assert filled(page, "home.hero") == stranger

    page.goto("/privacy")
    assert page.get_by_label("Statistics").is_checked()
    assert not page.get_by_label("Your own page").is_checked()
    page.get_by_role("button", name="Forget me entirely").click()
    page.get_by_text("deleted").wait_for()
    assert "pz_id" not in cookies(page)


def test_something_can_be_bought_on_a_narrow_screen(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    page.get_by_role("button", name="Accept all").click()
    page.goto("/c/coffee")
    page.locator(".card a").first.click()
    page.get_by_role("button", name="Put into the basket").click()
    page.wait_for_url(re.compile("/cart"))
    keep(page, "shop-cart-narrow")
    page.get_by_role("button", name="Order now").click()
    page.get_by_role("heading", name="Thank you").wait_for()


@pytest.mark.parametrize("path", ["/", "/c/tents", "/cart", "/privacy"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(page, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
