"""A marketer looks through somebody else's eyes; a colleague without a login follows the link."""

import re
import subprocess
import sys
from textwrap import dedent

import pytest

from tests.stories.axe import violations
from tests.stories.browsing import keep
from tests.stories.conftest import person
from tests.stories.demo_process import ROOT

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


EXPIRED = dedent("""
    from datetime import timedelta
    import django
    django.setup()
    from personalization.govern.models import Site
    from personalization.publish.previews import link_of, open_preview
    site = Site.objects.get(key="demo")
    lasts = timedelta(seconds=-1)
    looked = dict(version="draft", page=site.origins[0] + "/", by="test", lasts=lasts)
    print(link_of(open_preview(site, {}, **looked)))
""")


@pytest.fixture
def expired(demo):
    """A link whose time ran out, signed by the demo itself."""
    said = subprocess.run(
        [sys.executable, "-c", EXPIRED],
        cwd=ROOT,
        env=demo.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip()


@pytest.mark.parametrize(
    ("language", "gone", "broken"),
    [
        ("en", "has expired, or was taken back", "cannot be shown now"),
        ("de", "ist abgelaufen oder wurde zurückgenommen", "kann gerade nicht gezeigt werden"),
    ],
)
def test_a_link_that_shows_nothing_says_so_beside_the_page_of_everybody(
    browser, demo, expired, language, gone, broken
):
    context = browser.new_context(
        base_url=demo.address, locale=language, user_agent=person(browser)
    )
    page = context.new_page()
    page.goto("/")
    real = hero(page)
    half_signed = f"{expired[:-4]}AAAA"

    for link in (expired, half_signed, "/?pz_preview=%00%FF"):
        page.goto(link)
        bar = page.locator("#pz-preview-bar")
        bar.get_by_text(gone).wait_for()
        assert hero(page) == real
    keep(page, f"look-expired-{language}")

    # Without an answer it says so too, and the page after it is an ordinary one.
    page.route("**/api/v1/preview", lambda route: route.abort())
    page.goto(expired)
    bar.get_by_text(broken).wait_for()
    bar.get_by_role("button").click()
    page.wait_for_url(f"{demo.address}/")
    assert hero(page) == real
    assert bar.count() == 0
    context.close()


def test_an_address_of_any_length_gets_its_slots(colleague):
    colleague.goto(f"/?campaign={'x' * 5000}")

    assert hero(colleague)
