"""Pictures of the media library on pages that live elsewhere."""

import pytest

from personalization.api.own_addresses import with_own_addresses
from personalization.publish import live, releases
from personalization.targeting import documents

PICTURE = "/media/media/2026/11/tent.png"
TWO = "/media/media/2026/11/tent.png 1x, /media/media/2026/11/large.png 2x"


@pytest.fixture(autouse=True)
def _reached_at_another_name(settings):
    settings.ALLOWED_HOSTS = ["p.example", "testserver"]


def shown(site, call, block, fields, **headers):
    content = {"key": "shown", "block": block, "fields": {"en": fields}}
    documents.save_content(site, content, by="test")
    documents.save_slot(site, {"key": "home.hero", "default": "shown"}, by="test")
    releases.publish(site, by="test")
    live.expire(site.pk)
    answer = call("POST", "render", {"slots": ["home.hero"]}, key="pk", **headers)
    return answer.document["slots"]["home.hero"]


def hero(image):
    return {"headline": "Dry", "image": image, "image_alt": "A tent", "layout": "beside"}


def test_a_picture_is_fetched_from_this_server_not_from_the_page(site, call, settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "PUBLIC_URL": "https://p.example"}

    html = shown(site, call, "hero_banner", hero(PICTURE))["html"]

    assert f'src="https://p.example{PICTURE}"' in html


def test_without_a_setting_it_is_fetched_from_where_the_call_went(site, call):
    html = shown(site, call, "hero_banner", hero(PICTURE), host="p.example:8000")["html"]

    assert f'src="//p.example:8000{PICTURE}"' in html


def test_a_host_that_is_none_changes_nothing():
    document = {"slots": {"home.hero": {"html": f'<img src="{PICTURE}">', "data": None}}}

    assert with_own_addresses(document, {"host": 'a"><script>'}) == document


@pytest.mark.parametrize(
    "address", ["/shop/tent.png", "https://cdn.example/media/media/2026/11/tent.png"]
)
def test_addresses_of_others_stay(site, call, address):
    html = shown(site, call, "hero_banner", hero(address), host="p.example")["html"]

    assert f'src="{address}"' in html


def test_every_candidate_of_a_set_and_no_words_of_the_text(site, call):
    block = {
        "key": "pair",
        "template": f'<p>{{{{ content.text }}}}</p><img srcset="{TWO}" alt="">',
        "schema": {
            "type": "object",
            "title": "Pair",
            "properties": {"text": {"type": "string", "maxLength": 300}},
        },
    }
    documents.save_block(site, block, by="test")

    html = shown(site, call, "pair", {"text": f"see {PICTURE}"}, host="p.example")["html"]

    assert f"<p>see {PICTURE}</p>" in html
    assert "//p.example/media/media/2026/11/tent.png 1x" in html
    assert "//p.example/media/media/2026/11/large.png 2x" in html


def test_data_that_pages_draw_themselves_name_it_too(site, call):
    fields = {"data": {"pictures": [PICTURE], "link": "/tents", "on": True}}

    data = shown(site, call, "json", fields, host="p.example")["data"]

    assert data == {"pictures": [f"//p.example{PICTURE}"], "link": "/tents", "on": True}
