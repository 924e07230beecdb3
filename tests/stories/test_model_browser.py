"""A marketer has a model trained, puts it in use and takes it back: pages follow both times."""

import json

from tests.stories.axe import violations
from tests.stories.browsing import PATIENCE, keep, reload_until

MODELS = "/admin/personalization/modelversion/"
TRAINED = 10 * PATIENCE  # seconds, on a machine that does other things too


def newest(page) -> str:
    """The name of the version that was trained last."""
    page.goto(MODELS)
    return str(page.locator("#result_list tbody a").first.inner_text())


def opened(page, name: str) -> None:
    page.goto(MODELS)
    page.get_by_role("link", name=name, exact=True).click()
    page.locator("h2", has_text=name).wait_for()


def done(page, deed: str, yes: str) -> None:
    """Two clicks; what it does stands between them."""
    page.locator("summary", has_text=deed).click()
    with page.expect_navigation():
        page.get_by_role("button", name=yes, exact=True).click()


def state(page) -> str:
    return str(page.locator("h2 .pz-label").inner_text()).lower()


def elsewhere(name: str) -> str:
    """The state of any other version while this one is in use."""
    return f"model {name.rsplit(maxsplit=1)[-1]} is in use"


def on_pages(page, demo) -> str:
    """The name of the model that the shop's pages have."""
    key = json.loads((demo.folder / "keys.json").read_text())["publishable"]
    answer = page.request.get(
        "/api/v1/recommendations?strategy=popular", headers={"Authorization": f"Bearer {key}"}
    )
    return str(answer.json()["model"])


def on_a_phone(page, name: str) -> None:
    """Everything fits, and everybody can use it; then wide again."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not violations(page)
    keep(page, name)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_another_model_is_put_in_use_and_taken_back(studio, demo):
    page = studio
    first = newest(page)
    assert on_pages(page, demo) == first
    opened(page, first)
    assert state(page) == "in use"
    done(page, "Train again", "Yes, train")
    page.get_by_text("A worker trains a new model now").wait_for()
    reload_until(lambda: newest(page) != first, TRAINED)
    second = newest(page)

    opened(page, second)
    assert state(page) == elsewhere(first)  # it waits for a person
    done(page, "Use this model", "Yes, use it")
    page.get_by_text("Pages use this model from now on.").wait_for()
    assert state(page) == "in use"
    reload_until(lambda: on_pages(page, demo) == second)
    page.locator("summary", has_text=f"Back to {first}").click()
    page.get_by_text(f"Pages show the suggestions of {first} again").wait_for()
    keep(page, "model-in-use")
    on_a_phone(page, "model-in-use-phone")
    opened(page, first)
    assert state(page) == elsewhere(second)

    opened(page, second)
    done(page, f"Back to {first}", "Yes, go back")
    page.get_by_text("Pages use this model again from now on.").wait_for()
    page.locator("h2", has_text=first).wait_for()
    assert state(page) == "in use"
    reload_until(lambda: on_pages(page, demo) == first)
    keep(page, "model-taken-back")
    on_a_phone(page, "model-taken-back-phone")
    opened(page, second)
    assert state(page) == elsewhere(first)
