"""A marketer's story in a real browser: segment, picture, content, rule, publish, and back."""

import io
import json
import re
from datetime import timedelta

from PIL import Image

from personalization import clock
from tests.stories.browsing import keep, reload_until, save

HEADLINE = "A note for whoever reads this"
NOW, DAY = clock.now(), timedelta(days=1)


def promotion(page):
    """What the home page's promotion says to a stranger now."""
    page.goto("/")
    place = page.locator('[data-pz-slot="home.promotion"]')
    place.locator(".pz-block").first.wait_for()
    return place.inner_text()


def publish(page, note):
    page.goto("/admin/personalization/site/publish/")
    page.locator("#note").fill(note)
    with page.expect_navigation():
        page.get_by_role("button", name="Publish", exact=True).click()


def test_a_marketer_targets_a_message_publishes_it_and_takes_it_back(studio):
    page = studio
    before = promotion(page)

    # Who: everybody on a computer, said in the form of conditions.
    page.goto("/admin/personalization/segment/add/")
    page.locator("input[name=name]").fill("On a computer")
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_role("combobox", name="Add a condition").fill("device")
    page.get_by_role("option", name="device").click()
    page.get_by_label("Value: device").select_option("computer")
    page.locator("[data-pz-reading] strong").filter(has_text="Device is “desktop”").wait_for()
    keep(page, "marketer-segment")
    save(page)

    # A picture of their own.
    page.goto("/admin/personalization/media/add/")
    picture = io.BytesIO()
    Image.new("RGB", (640, 360), "seagreen").save(picture, "PNG")
    page.locator("input[name=title]").fill("Green field")
    page.locator("input[name=file]").set_input_files(
        {"name": "field.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    save(page)

    # What: a promotion bar, seen while it is written.
    page.goto("/admin/personalization/content/add/")
    keep(page, "marketer-blocks")
    page.get_by_role("link", name=re.compile("Promotion bar")).click()
    page.locator("input[name=name]").fill("Note for computers")
    page.locator("[name=field__en__message]").fill(HEADLINE)
    page.frame_locator("[data-pzc-preview] iframe").get_by_text(HEADLINE).wait_for()
    keep(page, "marketer-content")
    save(page)

    # Where and when: first in the slot of the home page, from yesterday until tomorrow.
    page.goto("/admin/personalization/rule/add/")
    page.locator("input[name=name]").fill("Computers see the note")
    choose(page, "slot", "home.promotion")
    page.get_by_label("visitors of a segment").check()
    choose(page, "segment", "On a computer")
    choose(page, "content", "Note for computers")
    page.locator("#id_start").fill(f"{NOW - DAY:%Y-%m-%dT%H:%M}")
    page.locator("#id_end").fill(f"{NOW + DAY:%Y-%m-%dT%H:%M}")
    keep(page, "marketer-rule")
    save(page)
    assert promotion(page) == before  # a draft is not live

    publish(page, "Try the note")
    keep(page, "marketer-published")
    reload_until(lambda: HEADLINE in promotion(page))

    page.goto("/admin/personalization/site/publish/")
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.get_by_role("button", name="Switch to this").first.click()
    reload_until(lambda: promotion(page) == before)


def choose(page, field, words):
    """Pick from a list that searches as one types."""
    page.locator(f"#id_{field} + .select2 .select2-selection").click()
    page.locator(".select2-search__field").last.fill(words)
    offered = ".select2-results__option[role=option]:not(.loading-results)"
    page.wait_for_function(f"document.querySelectorAll('{offered}').length === 1")
    page.locator(offered).click()


def test_one_click_switches_everything_off_and_on_again(studio):
    page = studio
    page.goto("/admin/")
    page.get_by_role("button", name="Switch everything off").click()
    page.get_by_text("Personalization is off").wait_for()
    keep(page, "marketer-off")

    page.get_by_role("button", name="Switch on").click()

    page.get_by_text("Personalization is on. Release").wait_for()
    keep(page, "marketer-home")


def test_one_click_switches_a_slot_off_and_on_again(studio):
    page = studio
    page.goto("/admin/personalization/slot/")
    with page.expect_navigation():
        page.get_by_role("switch").first.click()
    assert page.get_by_role("switch").first.get_attribute("aria-checked") == "false"

    with page.expect_navigation():
        page.get_by_role("switch").first.click()

    assert page.get_by_role("switch").first.get_attribute("aria-checked") == "true"


def test_the_connect_page_gives_the_snippet_with_the_key(studio, demo):
    studio.goto("/admin/personalization/site/connect/")

    key = json.loads((demo.folder / "keys.json").read_text())["publishable"]
    assert f'data-key="{key}"' in studio.locator("#pz-script").inner_text()
    keep(studio, "marketer-connect")


def test_the_studio_can_be_used_on_a_phone(studio):
    studio.set_viewport_size({"width": 390, "height": 844})
    for place in ("", "personalization/slot/", "personalization/site/publish/"):
        studio.goto(f"/admin/{place}")
        wide = studio.evaluate("document.documentElement.scrollWidth")
        keep(studio, f"phone-{place.strip('/').replace('/', '-') or 'home'}")
        assert wide <= 390, place
