"""What stories do in a browser, whoever tells them."""

import json
import re
import time

from tests.stories.demo_process import ROOT

ARTEFACTS = ROOT / "test-artefacts"
PATIENCE = 30  # seconds
IS_IN = "(theme) => document.documentElement.classList.contains(theme)"


def keep(page, name: str) -> None:
    """A picture of the whole page, to look at after the run."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


def logged_in(page, demo, name: str) -> None:
    """As one of the demo's people."""
    logins = json.loads((demo.folder / "logins.json").read_text())
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(logins[name])
    page.get_by_role("button", name=re.compile("log in", re.I)).click()
    page.wait_for_url(re.compile("/admin/$"))


def in_theme(page, theme: str) -> None:
    """By the studio's own switch, on the page as it is; colours have settled afterwards."""
    page.wait_for_function("window.Alpine !== undefined")
    page.evaluate("(to) => Alpine.$data(document.documentElement).switchTheme(to)", theme)
    page.wait_for_function(IS_IN, arg=theme)
    page.wait_for_function("document.getAnimations().every((each) => each.playState != 'running')")


def save(page) -> None:
    """Save the form that is open; nothing in it is refused."""
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    assert page.get_by_text("correct the error").count() == 0


def reload_until(shows, patience: float = PATIENCE) -> None:
    """`shows` loads a page and says whether it is as wanted: pages follow a release in a moment."""
    deadline = time.monotonic() + patience
    while not shows():
        assert time.monotonic() < deadline, "the page never became what was published"
