"""One demo and one browser for all stories of a run."""

import os
import shutil

import pytest

from tests.stories.browsing import logged_in
from tests.stories.demo_process import Demo, free_port

TOLD_OTHERWISE = (  # by the answer itself; by the story that takes the connection away
    "Failed to load resource: the server responded",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    started = Demo(tmp_path_factory.mktemp("demo"), free_port()).start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM and not os.environ.get("REQUIRE_SERVICES"):
        pytest.skip("there is no Chromium here")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser, demo):
    """A fresh browser; whatever goes wrong in it fails the test."""
    context = browser.new_context(
        base_url=demo.address, viewport={"width": 1280, "height": 900}, user_agent=person(browser)
    )
    opened = context.new_page()
    wrong = wrong_of(opened)
    yield opened
    context.close()
    assert not wrong


def wrong_of(page) -> list[str]:
    """Errors of scripts and refused requests; HEAD is how the composer looks for dead links."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if _is_error(said) else None)
    page.on("response", lambda answer: wrong.append(str(answer)) if _is_refusal(answer) else None)
    return wrong


def _is_error(said) -> bool:
    return said.type == "error" and not said.text.startswith(TOLD_OTHERWISE)


def _is_refusal(answer) -> bool:
    return answer.status >= 400 and answer.request.method != "HEAD"


@pytest.fixture
def studio(page, demo):
    """The same browser, logged in as the demo's marketer."""
    logged_in(page, demo, "marketer")
    return page


def person(browser) -> str:
    """The browser's own name without "Headless": that is how crawlers are told."""
    with browser.new_context() as plain:
        name: str = plain.new_page().evaluate("navigator.userAgent")
    return name.replace("Headless", "")
