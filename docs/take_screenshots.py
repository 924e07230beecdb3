"""Take the pictures of the README and of the docs from a running demo.

Usage: python docs/take_screenshots.py http://127.0.0.1:8000 .data
Needs the development requirements and Chromium.
"""

import io
import json
import re
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
WIDE = {"width": 1280, "height": 860}
COLOURS = 200  # enough for drawings, and small
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"  # no bot

STUDIO = {  # picture: page below /admin/personalization/
    "segment": "segment/?q=boots",
    "content": "content/?q=boots",
    "slot": "slot/?q=home.hero",
    "calendar": "site/calendar",
    "journey": "journey/",
    "preview": "site/preview/?persona=known",
    "publish": "site/publish/",
    "why": "site/why/",
    "brief": "brief/add/?slot=home.hero&segment=members",
}
REVIEWER = {  # picture: the keys that are pressed on the first draft of the queue
    "review": (),
    "review-reject": ("r", "3"),
}
PRESSED = {"preview": "button[value=look]", "why": ".pz-table a >> text=why"}


def main(address: str, data: Path) -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        shop(browser, address)
        passwords = json.loads((data / "logins.json").read_text("utf-8"))
        studio(browser, address, passwords)
        review(browser, address, passwords)
        browser.close()


def shop(browser: Browser, address: str) -> None:
    """A stranger's home page, and the same page after three looks at boots."""
    page = browser.new_context(base_url=address, viewport=WIDE, user_agent=PERSON).new_page()
    page.goto("/")
    page.get_by_role("button", name="Reject all").click()
    keep(page, "shop-stranger")
    page.goto("/privacy")
    for box in page.locator("#choice input").all():
        box.check()
    page.locator("#choice button[type=submit]").click()
    page.get_by_text("Saved.").wait_for()
    for place in range(3):
        page.goto("/c/boots")
        page.locator(".card a").nth(place).click()
        page.wait_for_url(re.compile("/p/"))
        page.wait_for_load_state("networkidle")
    page.goto("/")
    page.get_by_text("Are your boots?").wait_for()
    keep(page, "shop-into-boots")


def studio(browser: Browser, address: str, passwords: dict[str, str]) -> None:
    page = logged_in(browser, address, "marketer", passwords)
    keep(page, "studio")
    for name, place in STUDIO.items():
        page.goto(f"/admin/personalization/{place}")
        if name in PRESSED:
            page.locator(PRESSED[name]).first.click()
        elif not place.startswith("site/") and "/add/" not in place:  # of a list, its first row
            row = page.locator("#result_list tbody th a, #result_list tbody td a").first
            row.click()
            page.wait_for_url(re.compile("/change/"))
        page.wait_for_timeout(1500)  # pictures in frames have no event of their own here
        keep(page, name)


def review(browser: Browser, address: str, passwords: dict[str, str]) -> None:
    """A draft in which something was found, as a reviewer sees it."""
    page = logged_in(browser, address, "reviewer", passwords)
    for name, keys in REVIEWER.items():
        page.goto("/admin/personalization/draft/review/?state=waiting&findings=with&locale=en")
        page.locator(".pzd-phone iframe").first.wait_for()
        page.wait_for_load_state("networkidle")
        for key in keys:
            page.keyboard.press(key)
        keep(page, name)


def logged_in(browser: Browser, address: str, name: str, passwords: dict[str, str]) -> Page:
    page = browser.new_context(base_url=address, viewport=WIDE, user_agent=PERSON).new_page()
    page.goto("/admin/login/?next=/admin/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", passwords[name])
    page.locator("form [type=submit]").first.click()
    page.wait_for_url(re.compile("/admin/$"))
    return page


def keep(page: Page, name: str) -> None:
    page.wait_for_load_state()
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
