"""A marketer writes a journey in a real browser; a visitor walks it, and the site is told."""

import json
import re
from urllib.parse import unquote

import pytest

from tests.stories.axe import violations
from tests.stories.browsing import keep, reload_until, save
from tests.stories.conftest import person, wrong_of
from tests.stories.receiver import Receiver

NAME = "Left the cart"
LIST = "/admin/personalization/journey/"
NEW = "/admin/personalization/journey/add/"


@pytest.fixture
def receiver():
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def somebody(browser, demo):
    """Another fresh browser; with a name, logged in to the studio as that person."""
    contexts, wrong = [], []

    def open_one(login=None):
        context = browser.new_context(
            base_url=demo.address,
            viewport={"width": 1280, "height": 900},
            user_agent=person(browser),
        )
        contexts.append(context)
        page = context.new_page()
        wrong.append(wrong_of(page))
        if login:
            page.goto("/admin/login/")
            page.get_by_label("Username").fill(login)
            page.get_by_label("Password").fill(
                json.loads((demo.folder / "logins.json").read_text())[login]
            )
            page.get_by_role("button", name=re.compile("log in", re.I)).click()
            page.wait_for_url(re.compile("/admin/$"))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not any(wrong)


def cards(page):
    return page.locator("[data-pz-stage]")


def card(page, name):
    """The card of the stage that has this name now, wherever it is moved to."""
    numbers = cards(page).evaluate_all("all => all.map((each) => each.dataset.pzStage)")
    return page.locator(f'[data-pz-stage="{numbers[names(page).index(name)]}"]')


def names(page):
    return [each.input_value() for each in page.get_by_label("Name of the stage").all()]


def add_stage(page, name):
    page.get_by_role("button", name="Add a stage").click()
    page.keyboard.type(name)


def drawn(page, words):
    drawing = page.get_by_role("region", name="Drawing of the journey")
    drawing.locator("svg text").filter(has_text=words).first.wait_for()


def make_webhook(page, receiver):
    """Returns its secret, which is shown this once."""
    page.goto("/admin/personalization/webhook/add/")
    page.locator("input[name=name]").fill("CRM")
    page.locator("input[name=url]").fill(receiver.url)
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue editing").click()
    secret = re.search(r"whsec_\S+", page.get_by_text("Copy this secret now").inner_text())
    with page.expect_navigation():
        page.get_by_role("button", name="Send a test").click()
    return secret[0]


def sent(page):
    page.reload()
    return page.locator(".pz-table .pz-added").count() > 0


def stage_asked_for(page, label):
    """Ask for a stage in the builder that is open."""
    page.get_by_role("button", name="Add a condition").last.click()
    page.get_by_role("combobox", name="Add a condition").fill("journey")
    page.get_by_role("option", name="journey stage").click()
    page.get_by_role("combobox", name="Add a value").fill(label)
    page.get_by_role("option", name=f"{NAME} → {label}").click()


def add_rule_on_top(page):
    """Above a department's products, for whoever waits: a banner that is the first to be tried."""
    page.goto("/admin/personalization/slot/")
    page.get_by_role("link", name="Above a department's products").first.click()
    page.get_by_role("link", name="Add a rule").click()
    form = page.locator("#rule_form")
    form.get_by_label("Name").fill("For whoever waits")
    form.get_by_label("Content").select_option("Banner: lamps")
    form.locator("[name=audience][value=own]").check()
    stage_asked_for(page, "Waiting")
    keep(page, "journey-rule")
    with page.expect_navigation():
        form.get_by_role("button", name="Save").click()
    own = page.locator(".pz-rule-card").filter(
        has=page.get_by_role("heading", name="For whoever waits")
    )
    own.locator("[data-pz-handle]").press("Home")
    page.locator("[data-pz-said]").filter(has_text="The order is saved").wait_for()


def publish(page):
    page.goto("/admin/personalization/site/publish/")
    keep(page, "journey-publish")
    with page.expect_navigation():
        page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("is live").first.wait_for()


def allow_their_own_page(page):
    """And no statistics: so nothing holds them out. Returns the id that the site knows."""
    page.goto("/")
    page.get_by_role("button", name="Choose").click()
    page.get_by_label("Your own page").check()
    page.get_by_role("button", name="Save my choice").click()
    page.wait_for_load_state("networkidle")
    (told,) = [each["value"] for each in page.context.cookies() if each["name"] == "pz_id"]
    return unquote(told).split("|")[0]


def put_in_the_cart(page):
    page.goto("/c/coffee")
    page.locator(".card a").first.click()
    page.get_by_role("button", name="Put into the basket").click()
    page.wait_for_url(re.compile("/cart"))
    page.wait_for_load_state("networkidle")


def sees_lamps(page):
    page.goto("/c/coffee")
    page.wait_for_load_state("networkidle")
    return "lamp" in page.locator('[data-pz-slot="category.top"]').inner_text().lower()


def test_a_visitor_walks_a_journey_that_a_marketer_wrote(studio, somebody, receiver):
    page, admin = studio, somebody("admin")

    # An administrator says where to tell it, and sees that a test arrives.
    secret = make_webhook(admin, receiver)
    test = receiver.hear()
    assert test.said["type"] == "test"
    assert test.is_signed_with(secret)
    reload_until(lambda: sent(admin))
    keep(admin, "journey-webhook")

    # The journey, drawn while it is written; what is missing is said on the card.
    page.goto(NEW)
    page.locator("input[name=name]").fill(NAME)
    first = cards(page).first
    first.get_by_label("Name of the stage").fill("Waiting")
    first.locator("[name$=enter-type]").select_option("puts something in the cart")
    first.locator("[name$=leave-how]").select_option("they do something")
    first.locator("[name$=leave-type]").select_option("buys something")
    first.get_by_label("Webhook").select_option("CRM")
    add_stage(page, "Lost")
    lost = card(page, "Lost")
    lost.locator("[name$=enter-how]").select_option("never by themselves: another stage leads here")
    drawn(page, "Lost")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    card(page, "Lost").get_by_text("No way leads into this stage").wait_for()
    keep(page, "journey-refused")
    first = card(page, "Waiting")
    first.get_by_label("After").fill("2")
    first.get_by_label("they go on to").select_option("Lost")
    drawn(page, "after 2 days")
    keep(page, "journey-written")
    save(page)

    # Conditions ask for its stages by their names, in a segment and in a rule.
    page.goto("/admin/personalization/segment/add/")
    page.locator("input[name=name]").fill("Went away")
    stage_asked_for(page, "Lost")
    page.locator("[data-pz-reading] strong").filter(has_text=f"{NAME} → Lost").wait_for()
    keep(page, "journey-segment")
    save(page)
    add_rule_on_top(page)
    publish(page)

    # Somebody puts something in the cart: the site is told, and the pages know.
    visitor = somebody()
    told = allow_their_own_page(visitor)
    put_in_the_cart(visitor)
    entered = receiver.hear()
    assert entered.is_signed_with(secret)
    assert entered.said["type"] == "journey.entered"
    assert (entered.said["journey"], entered.said["stage"]) == ("left-the-cart", "waiting")
    assert entered.said["visitor"] == told
    reload_until(lambda: sees_lamps(visitor))
    keep(visitor, "journey-shop")

    # The marketer sees that somebody is in it, and what was sent.
    page.goto(LIST)
    page.get_by_role("link", name=NAME).click()
    drawn(page, "< 50 now")
    page.get_by_text("live since").wait_for()
    keep(page, "journey-live")
    page.goto("/admin/personalization/delivery/")
    page.get_by_text("left-the-cart → waiting").wait_for()
    keep(page, "journey-messages")

    # They buy, and are out of it.
    visitor.goto("/cart")
    visitor.get_by_role("button", name="Order now").click()
    visitor.get_by_role("heading", name="Thank you").wait_for()
    reload_until(lambda: not sees_lamps(visitor))

    # What a condition asks for is not deleted.
    page.goto(LIST)
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Yes, I’m sure").click()
    page.get_by_text("is used by segment went-away").wait_for()


def test_cards_are_moved_taken_out_and_brought_back_with_the_keyboard_alone(studio):
    page = studio
    page.goto(NEW)
    page.get_by_label("Name of the stage").focus()
    page.keyboard.type("One")
    for name in ("Two", "Three"):
        page.get_by_role("button", name="Add a stage").press("Enter")
        page.keyboard.type(name)
    assert names(page) == ["One", "Two", "Three"]

    # A new stage follows the one before it; the choices carry the names as they are now.
    three = card(page, "Three")
    assert three.get_by_role("checkbox", name="Two").is_checked()
    assert not three.get_by_role("checkbox", name="One").is_checked()
    card(page, "Two").get_by_label("Name of the stage").fill("Second")
    assert three.get_by_role("checkbox", name="Second").is_checked()
    options = "list => [...list.options].map((each) => each.text)"
    to = card(page, "One").get_by_label("they go on to")
    assert to.evaluate(options) == ["out of the journey", "Second", "Three"]

    # Moved, and the focus stays on the button.
    three.get_by_role("button", name="Earlier").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert names(page) == ["Three", "One", "Second"]
    page.get_by_text("“Three” is now 1 of 3.").wait_for()
    page.keyboard.press("Enter")  # it is the first already
    assert names(page) == ["Three", "One", "Second"]
    assert page.evaluate("document.activeElement.dataset.pzMove") == "-1"

    # Taken out, and back with what led to it.
    card(page, "Second").get_by_role("button", name="Take this stage out").press("Enter")
    page.get_by_text("“Second” is taken out.").wait_for()
    keep(page, "journey-taken-out")
    assert names(page) == ["Three", "One"]
    assert not three.get_by_role("checkbox", name="One").is_checked()
    assert page.evaluate("document.activeElement.textContent") == "Undo"
    page.keyboard.press("Enter")
    assert names(page) == ["Three", "One", "Second"]
    assert three.get_by_role("checkbox", name="Second").is_checked()
    assert page.evaluate("document.activeElement.value") == "Second"

    # Only the parts of what is chosen are shown; the builder works in a card that was added.
    three.locator("[name$=enter-how]").select_option("something is true of them")
    assert not three.locator("[name$=enter-type]").is_visible()
    stage = three.get_by_role("button", name="Add a condition")
    stage.press("Enter")
    page.keyboard.type("number of visits")
    page.keyboard.press("Enter")
    three.get_by_role("textbox", name="Value: number of visits").fill("3")

    # What was not saved comes back, with all of its cards.
    page.get_by_text("A copy is kept in this browser").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert names(page) == [""]
    page.get_by_role("button", name="Bring it back").click()
    page.get_by_label("Name of the stage").nth(2).wait_for()
    assert names(page) == ["Three", "One", "Second"]
    three = card(page, "Three")
    assert three.get_by_role("checkbox", name="Second").is_checked()
    assert three.get_by_role("textbox", name="Value: number of visits").input_value() == "3"
    drawn(page, "Second")
    page.get_by_role("button", name="Save", exact=True).click()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_cards_fit_narrow_and_dark_and_can_be_used_by_everybody(studio, width, theme):
    page = studio
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(f"localStorage.setItem('adminTheme', JSON.stringify('{theme}'))")
    page.goto(NEW)
    page.get_by_label("Name of the stage").fill("Waiting for something that takes a long time")
    add_stage(page, "Lost")
    card(page, "Lost").locator("[name$=enter-how]").select_option("something is true of them")
    drawn(page, "Lost")
    keep(page, f"look-journey-{width}-{theme}")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not violations(page)
