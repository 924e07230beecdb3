"""The shop's pages: every one answers, is whole HTML, and keeps nothing of who looks at it."""

from html.parser import HTMLParser

import pytest

from personalization.collect.models import Event
from personalization.host.shop.assortment import DEPARTMENTS
from personalization.host.shop.shelf import shelf
from personalization.profiles.models import Profile

pytestmark = [pytest.mark.django_db, pytest.mark.urls("personalization.host.urls")]
PRODUCT = next(iter(shelf().values()))
PAGES = ["/", "/cart", "/privacy", f"/p/{PRODUCT.key}", *(f"/c/{each.key}" for each in DEPARTMENTS)]
VOID = {"meta", "link", "img", "input", "br", "hr", "source", "path", "circle", "rect"}


class Reader(HTMLParser):
    """Collects what is wrong with a page's HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if len(named) != len(attributes):
            self.wrong.append(f"{tag} repeats an attribute")
        if tag == "img" and "alt" not in named:
            self.wrong.append(f"no alternative text: {named}")
        if "style" in named or any(name.startswith("on") for name in named):
            self.wrong.append(f"{tag} carries style or script")
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "h1":
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_page_is_whole_html_with_one_heading_and_named_pictures(client, page, language):
    response = client.get(page, headers={"accept-language": language})
    reader = read(response.content.decode())

    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()
    assert (reader.wrong, reader.open) == ([], [])
    assert len(reader.headings) == 1
    assert len(set(reader.ids)) == len(reader.ids)


@pytest.mark.parametrize("page", PAGES)
def test_looking_around_sets_no_cookie_and_stores_nobody(client, page):
    response = client.get(page)

    assert not response.cookies
    assert not Profile.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "page", ["/c/nothing", "/p/nothing", "/shop/pictures/nothing.svg", "/c/ü%00"]
)
def test_what_is_not_there_is_not_found(client, page):
    assert client.get(page).status_code == 404


def test_a_department_shows_its_own_products_and_one_kind_of_them(client):
    everything = client.get("/c/boots").content.decode()
    some = client.get("/c/boots", {"kind": "trail shoe"}).content.decode()

    assert everything.count('class="card"') == 34
    assert 0 < some.count('class="card"') < 34
    assert "hiking-boot" not in some


def test_a_basket_is_filled_changed_emptied_and_ordered(client):
    product = {"product": PRODUCT.key}
    client.post("/cart/change", product)
    client.post("/cart/change", {**product, "count": "3"})
    cart = client.get("/cart").content.decode()
    order = client.post("/order").content.decode()

    assert 'value="3"' in cart and PRODUCT.title in cart
    assert f'data-bought="{PRODUCT.key}"' in order
    assert "Nothing in here yet" in client.get("/cart").content.decode()
    assert client.post("/order").status_code == 302


def test_a_form_on_somebody_elses_page_changes_no_basket(client):
    response = client.post(
        "/cart/change", {"product": PRODUCT.key}, headers={"origin": "https://evil.example"}
    )

    assert response.status_code == 404
    assert "basket" not in response.cookies


def test_the_basket_leads_back_to_our_own_pages_only(client):
    sent = {"product": PRODUCT.key, "next": "https://evil.example/"}
    assert client.post("/cart/change", sent).headers["Location"] == "/cart"


def test_a_picture_is_kept_by_browsers_and_asked_for_again_in_vain(client):
    first = client.get(PRODUCT.image)
    again = client.get(PRODUCT.image, headers={"if-none-match": first.headers["ETag"]})

    assert first.headers["Content-Type"] == "image/svg+xml"
    assert "max-age" in first.headers["Cache-Control"]
    assert again.status_code == 304
