"""Drawn pictures: measured, described in words, reviewed, and out of the library until a yes."""

import base64
import json

import pytest

from personalization.catalog.models import Media
from personalization.catalog.pictures import offer_picture
from personalization.drafts.models import Draft, Order
from tests.writing.model_server import PNG, refuses, says
from tests.writing.orders import calls, ended, findings

pytestmark = pytest.mark.django_db
PLAN = json.dumps({"picture": "A tent at dawn, from near", "alternative": "A tent at dawn"})


def draws(*pictures):
    found = [{"b64_json": base64.b64encode(each).decode()} for each in pictures]
    return lambda talk, request: talk.answer({"created": 0, "data": found})


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def wanted(asked):
    return asked(kind="image", name="A hero for tents", variants=2)


def test_pictures_become_drafts_with_words_for_who_cannot_see_them(model, wanted):
    model.behaviours = [says(PLAN), draws(PNG, PNG)]

    order = ended(wanted)

    assert order.state == Order.WRITTEN
    first, second = order.drafts.all()
    assert first.picture != second.picture
    assert (first.picture.width, first.picture.height) == (1, 1)
    fields = first.revisions.get().fields
    assert fields["image"] == first.picture.file.url
    assert fields["image_alt"] == first.picture.alternative == "A tent at dawn"
    assert first.state == Draft.WAITING
    assert [request.path for request in model.requests] == [
        "/v1/chat/completions",
        "/v1/images/generations",
    ]


def test_a_picture_that_needs_no_other_text_has_no_finding(model, wanted):
    model.behaviours = [says(PLAN), draws(PNG)]
    assert "does_not_fit" not in findings(ended(wanted).drafts.get())


def test_a_drawn_picture_is_marked_and_offered_to_nobody_before_a_yes(model, wanted):
    model.behaviours = [says(PLAN), draws(PNG)]

    picture = ended(wanted).drafts.get().picture

    assert not Media.objects.filter(is_offered=True).exists()
    assert picture.generated["model"] == "gpt-image-1"
    assert picture.generated["order"] == wanted.pk
    offer_picture(picture, by="Ruben")
    assert Media.objects.filter(is_offered=True).get() == picture


def test_what_is_to_be_drawn_is_paid_for_once_though_drawing_fails_twice(model, wanted):
    model.behaviours = [says(PLAN), refuses(500), refuses(429), draws(PNG)]

    order = ended(wanted)

    assert order.state == Order.WRITTEN
    assert [(call.kind, call.failure) for call in calls(order)] == [
        ("text", ""),
        ("image", "server_error"),
        ("image", "rate_limited"),
        ("image", ""),
    ]


def test_each_picture_costs_what_the_settings_say(model, wanted, connected):
    connected(price_image=0.04)
    model.behaviours = [says(PLAN), draws(PNG, PNG)]
    assert calls(ended(wanted))[1].cost == 80_000


@pytest.mark.parametrize("picture", [b"no picture at all", b"<svg onload='alert(1)'/>"])
def test_what_is_no_picture_leaves_nothing(model, wanted, picture):
    model.behaviours = [says(PLAN), draws(picture)]

    order = ended(wanted)

    assert (order.state, order.failure) == (Order.FAILED, "no_picture")
    assert not Media.objects.exists()
