"""A body is read the same way however it comes, and none is never taken for an empty document."""

import json
from io import BytesIO

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from personalization.targeting.models import Slot

TRAITS = {"plan": {"type": "string", "purpose": "personalization"}}


@pytest.fixture
def chunked(client, keys):
    """Call the API with a body that comes in chunks and so tells no length."""

    def go(method, path, body):
        environ = {
            "HTTP_AUTHORIZATION": f"Bearer {keys.secret}",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input": BytesIO(json.dumps(body).encode()),
        }
        answer = client.generic(method, f"/api/v1/{path}", **environ)
        return answer.status_code, json.loads(answer.content)

    return go


def test_a_document_in_chunks_is_saved_whole(chunked):
    status, said = chunked("PUT", "slots/home.hero", {"name": "Head of the home page"})

    assert (status, said["name"]) == (201, "Head of the home page")
    assert Slot.objects.get(key="home.hero").name == "Head of the home page"


def test_a_choice_in_chunks_is_heard(chunked):
    status, said = chunked("POST", "visitors", {"purposes": {"analytics": True}, "policy": "p"})

    assert status == 201 and said["purposes"]["analytics"] is True


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "slots/home.hero"), ("PATCH", "slots/home.hero"), ("PUT", "traits-schema")],
)
def test_nothing_is_no_document_to_save(call, site, method, path):
    call("PUT", "slots/home.hero", {"name": "Head"})
    call("PUT", "traits-schema", TRAITS)

    answer = call(method, path)

    assert answer.status_code == 400
    assert call("GET", "slots/home.hero").document["name"] == "Head"
    assert set(call("GET", "traits-schema").document) == {"plan"}


def test_a_release_needs_no_note(call, site):
    assert call("POST", "releases").status_code == 201


def test_the_content_type_says_nothing(client, keys):
    """As `curl -d` sends it, and as beacons do."""
    answer = client.generic(
        "POST",
        "/api/v1/visitors",
        json.dumps({"purposes": {"analytics": True}, "policy": "p"}),
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Bearer {keys.secret}"},
    )

    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["render", "visitors"])
def test_a_project_on_asgi_answers_too(keys, published, path):
    body = {"slots": ["home.hero"]} if path == "render" else {"purposes": {}, "policy": "p"}
    answer = async_to_sync(AsyncClient().post)(
        f"/api/v1/{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {keys.secret}"},
    )

    assert answer.status_code in (200, 201), answer.content


def test_middleware_may_have_read_the_body_before(client, keys, published, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.reading_everything"]
    answer = client.post(
        "/api/v1/render",
        {"slots": ["home.hero"]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {keys.secret}"},
    )

    assert answer.status_code == 200, answer.content


def reading_everything(answer):
    def middleware(request):
        assert request.body
        return answer(request)

    return middleware


def test_another_method_is_told_which_one_there_is(call):
    answer = call("GET", "render")

    assert answer.status_code == 405 and answer["Allow"] == "POST, OPTIONS"
