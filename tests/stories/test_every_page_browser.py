"""Every page of the studio on the demo's data: whole, narrow and dark, and usable by everybody."""

import re

import pytest
from django.contrib import admin

from personalization.studio.scoped import SiteScopedAdmin
from tests.stories.axe import violations
from tests.stories.browsing import in_theme, keep, logged_in

OWN = (
    *("publish", "publish/1", "preview", "why", "calendar", "configuration", "connect"),
    "found",
    *("guide", "policy", "prompts", "prompts/image", "drafts"),
)
BEGUN = "/admin/personalization/brief/add/?slot=home.hero&segment=members"  # a brief's form
LISTS = sorted(
    model._meta.model_name
    for model, page in admin.site._registry.items()
    if isinstance(page, SiteScopedAdmin) and model._meta.app_label == "personalization"
)
OWN_CALENDAR = "/admin/personalization/site/calendar/"
LEAST_PAGES = 70
CUT_OFF = """() => [...document.querySelectorAll("#result_list td, #result_list th")]
  .filter((cell) => cell.scrollHeight > cell.clientHeight + 2).map((cell) => cell.innerText)"""

LINES = """(cells) => cells.map((cell) => {
  const words = document.createRange();
  words.selectNodeContents(cell);
  return words.getClientRects().length;
})"""


def every_page(page):
    """Addresses: the home page, our own pages, and of each table its list and what it leads to."""
    yield "/admin/"
    yield from (f"/admin/personalization/site/{name}/" for name in OWN)
    for name in LISTS:
        place = f"/admin/personalization/{name}/"
        yield place
        page.goto(place)
        row = page.locator("#result_list a[href*='/change/']").first
        if row.count():
            yield str(row.get_attribute("href"))
        if page.request.get(f"{place}add/").ok:
            yield f"{place}add/"


@pytest.mark.parametrize(("width", "themes"), [(1280, ("light", "dark")), (390, ("dark",))])
def test_every_page_is_whole_and_can_be_used_by_everybody(page, demo, width, themes):
    logged_in(page, demo, "admin")
    places = list(every_page(page))
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(f"localStorage.setItem('adminTheme', JSON.stringify('{themes[0]}'))")
    wrong = []

    for place in places:
        page.goto(place)
        page.wait_for_load_state("networkidle")
        in_theme(page, themes[0])
        name = re.sub(r"\W+", "-", place.removeprefix("/admin/")).strip("-") or "home"
        keep(page, f"every-{width}-{themes[0]}-{name}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{place}: wider than the screen")
        wrong += [f"{place}: cut off: {each}" for each in page.evaluate(CUT_OFF)]
        for theme in themes:
            in_theme(page, theme)
            wrong += [f"{place}, {theme}: {each}" for each in violations(page)]

    assert len(places) >= LEAST_PAGES
    assert not wrong, "\n".join(wrong)


def test_a_name_of_one_long_word_stays_on_the_screen(page, demo):
    logged_in(page, demo, "admin")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/admin/personalization/campaign/add/")
    page.locator("input[name=name]").fill("Donaudampfschifffahrtsgesellschaft" * 6)
    page.locator("input[name=key]").fill("one-long-word")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    own = page.url

    for place in (own, "/admin/", "/admin/personalization/rule/add/", OWN_CALENDAR):
        if page.url != place:
            page.goto(place)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, place

    page.goto(f"{own.rstrip('/').removesuffix('change')}delete/")
    page.get_by_role("button", name="Yes, I’m sure").click()


def test_german_words_leave_room_and_keep_their_small_letters(page, demo):
    logged_in(page, demo, "admin")
    page.set_extra_http_headers({"Accept-Language": "de"})
    page.goto("/admin/personalization/content/")
    page.locator("#result_list a[href*='/change/']").first.click()
    assert page.locator("input[name=_visitor]").bounding_box()["width"] >= 100

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/admin/personalization/campaign/")
    label = page.locator("#result_list [data-label='betreut von']").first
    assert label.evaluate("(cell) => getComputedStyle(cell, '::before').textTransform") == "none"

    page.goto("/admin/personalization/item/")
    picture = page.locator("#result_list .field-picture").first
    assert picture.evaluate("(cell) => getComputedStyle(cell, '::before').content") == "none"


def test_figures_of_a_model_are_not_broken_in_german(page, demo):
    logged_in(page, demo, "admin")
    page.set_extra_http_headers({"Accept-Language": "de"})
    page.goto("/admin/personalization/modelversion/")
    page.locator("#result_list a[href*='/change/']").first.click()

    figures = page.locator(".pz-numbers td").filter(has_text=re.compile(r"^\d,\d{4}$"))
    figures.first.wait_for()
    assert set(figures.evaluate_all(LINES)) == {1}
