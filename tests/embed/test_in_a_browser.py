"""The embed script in a real browser, against a real server."""

import os
import shutil

import pytest

from personalization.collect.models import Event
from personalization.govern import keys as api_keys
from personalization.profiles.models import Profile
from personalization.publish import live, releases
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
if not CHROMIUM and os.environ.get("REQUIRE_SERVICES") != "1":
    pytest.skip("there is no Chromium here", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api")
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
POLICY = "default-src 'self'; style-src 'self'; script-src 'self'"
PAGE = """<!doctype html><html lang="en"><title>Shop</title>
<link rel="stylesheet" href="/page.css">
<script src="/embed.js" data-key="{key}" async></script>
<div data-pz-slot="home.hero" id="place"><p>the page's own</p></div>
<p id="below">below</p>"""
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((each) => (sum += each.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""
ALL = "{analytics: true, personalization: true, training: true, profiling_ai: true}"


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def shop(browser, transactional_db, live_server, keys, site, hero):  # noqa: F811
    """A page of the shop, its slot published."""
    site.origins = [live_server.url]
    site.save()
    releases.publish(site, by="test")
    live.forget()
    api_keys.forget()
    context = browser.new_context(user_agent=AGENT, base_url=live_server.url)
    page = context.new_page()
    page.route(
        "**/page",
        lambda route: route.fulfill(
            body=PAGE.format(key=keys.publishable),
            content_type="text/html",
            headers={"Content-Security-Policy": POLICY},
        ),
    )
    reserved = "[data-pz-slot] { min-height: 80px }"
    page.route("**/page.css", lambda route: route.fulfill(body=reserved, content_type="text/css"))
    yield page
    context.close()


def cookies(page):
    return {each["name"] for each in page.context.cookies()}


def test_a_slot_is_filled_without_moving_the_page(shop):
    shop.goto("/page")
    shop.locator("#place[data-pz-state=filled]").wait_for()

    assert shop.locator("#place").inner_text() == "plain"
    assert shop.evaluate(SHIFT) == 0
    assert cookies(shop) == set()


@pytest.mark.parametrize("failure", ["abort", "500"])
def test_on_an_error_the_page_keeps_its_own(shop, failure):
    shop.route(
        "**/api/v1/render",
        lambda route: route.abort() if failure == "abort" else route.fulfill(status=500),
    )
    shop.goto("/page")
    shop.locator("#place[data-pz-state=default]").wait_for()

    assert shop.locator("#place").inner_text() == "the page's own"


def test_a_server_that_never_answers_is_not_waited_for(shop):
    shop.route("**/api/v1/render", lambda route: None)
    shop.goto("/page")
    shop.locator("#place[data-pz-state=default]").wait_for()

    assert shop.locator("#place").inner_text() == "the page's own"


def test_a_refusal_stays_in_the_browser(shop):
    shop.goto("/page")
    shop.wait_for_function("() => window.Personalization?.consent")
    shop.evaluate("Personalization.consent({analytics: false})")
    shop.evaluate("Personalization.track('view', {item: 'tent-1'})")
    shop.evaluate("Personalization.refresh()")

    assert cookies(shop) == {"pz_consent"}
    assert not Profile.objects.exists() and not Event.objects.exists()


def test_after_a_yes_what_is_seen_and_done_arrives(shop):
    shop.goto("/page")
    shop.wait_for_function("() => window.Personalization?.consent")
    with shop.expect_response("**/api/v1/events**") as sent:
        shop.evaluate(f"Personalization.consent({ALL})")
    sent.value.finished()
    with shop.expect_response("**/api/v1/events**") as tracked:
        shop.evaluate("Personalization.track('view', {item: 'tent-1'})")
    tracked.value.finished()

    assert cookies(shop) == {"pz_consent", "pz_id"}
    assert set(Event.objects.values_list("type", flat=True)) == {"exposure", "view"}


def test_global_privacy_control_beats_a_yes(shop):
    shop.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    shop.goto("/page")
    shop.wait_for_function("() => window.Personalization?.consent")
    kept = shop.evaluate(f"Personalization.consent({ALL})")

    assert kept["analytics"] is True
    assert kept["training"] is False and kept["profiling_ai"] is False


def test_a_refusal_that_reached_nobody_is_told_by_the_next_page(shop):
    shop.goto("/page")
    shop.wait_for_function("() => window.Personalization?.consent")
    shop.evaluate(f"Personalization.consent({ALL})")
    shop.route("**/consent", lambda route: route.abort())
    shop.evaluate("Personalization.consent({analytics: false}).catch(() => {})")
    assert Profile.objects.get().purposes

    shop.unroute("**/consent")
    with shop.expect_response("**/consent"):
        shop.reload()
    shop.wait_for_function("() => !document.cookie.includes('pz_id')")

    assert not Profile.objects.get().purposes


def test_a_queued_call_that_nobody_knows_stops_nothing(shop):
    shop.add_init_script("window.Personalization = [['tracks', 'view'], ['consent', {}]]")
    shop.goto("/page")
    shop.locator("#place[data-pz-state=filled]").wait_for()

    assert cookies(shop) == {"pz_consent"}


def test_the_stylesheet_carries_the_nonce_of_the_script(shop, keys):
    """For pages whose policy names no address."""
    page = PAGE.format(key=keys.publishable).replace(" async>", ' nonce="n1" async>')
    policy = "default-src 'none'; connect-src 'self'; script-src 'nonce-n1'; style-src 'nonce-n1'"
    shop.route(
        "**/strict",
        lambda route: route.fulfill(
            body=page, content_type="text/html", headers={"Content-Security-Policy": policy}
        ),
    )
    shop.goto("/strict")
    shop.locator("#place[data-pz-state=filled]").wait_for()

    rules = "document.querySelector('link[href*=blocks]').sheet?.cssRules.length"
    assert shop.evaluate(rules)
