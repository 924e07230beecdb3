"""Whatever is sent, the answer is a clear 4xx in problem details, and nothing is half-written."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.collect.models import Event
from personalization.host.wsgi import application
from personalization.profiles.models import Profile

DEEP = 10_000
NOT_JSON = {
    "blank": b" ",
    "half": b'{"slots": ["a"',
    "nan": b'{"slots": [NaN]}',
    "infinity": b'{"slots": -Infinity}',
    "duplicate": b'{"slots": ["a"], "slots": ["b"]}',
    "duplicate inside": b'{"slots": ["a"], "context": {"url": "a", "url": "b"}}',
    "not utf-8": b'{"slots": ["\xff"]}',
    "deep list": b"[" * DEEP + b"]" * DEEP,
    "deep object": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "huge number": b'{"slots": [' + b"9" * 5000 + b"]}",
    "a text": b'"home.hero"',
    "null": b"null",
    "bom": b'\xef\xbb\xbf{"slots": ["a"]}',
}
WRONG_FIELDS = [
    ({}, "slots"),
    ({"slots": []}, "slots"),
    ({"slots": "home.hero"}, "slots"),
    ({"slots": [1]}, "slots[0]"),
    ({"slots": [""]}, "slots[0]"),
    ({"slots": ["a\x00"]}, "slots[0]"),
    ({"slots": ["\ud800"]}, "slots[0]"),
    ({"slots": ["a"] * 101}, "slots"),
    ({"slots": ["a"], "colour": 1}, "colour"),
    ({"slots": ["a"], "visitor": 7}, "visitor"),
    ({"slots": ["a"], "visitor": "x" * 201}, "visitor"),
    ({"slots": ["a"], "visitor": "\x00"}, "visitor"),
    ({"slots": ["a"], "token": {}}, "token"),
    ({"slots": ["a"], "context": []}, "context"),
    ({"slots": ["a"], "context": {"url": 5}}, "context.url"),
    ({"slots": ["a"], "context": {"url": "\ud800"}}, "context.url"),
    ({"slots": ["a"], "context": {"device": "toaster"}}, "context.device"),
    ({"slots": ["a"], "context": {"weather": "rain"}}, "context.weather"),
]
ADDRESSES = [
    ("POST", "render"),
    ("POST", "events"),
    ("POST", "visitors"),
    ("PUT", "visitors/v/consent"),
    ("PATCH", "visitors/v/traits"),
    ("POST", "visitors/v/merge"),
    ("POST", "catalog/items"),
    ("PUT", "segments/s"),
]


def is_problem(answer) -> bool:
    document = answer.document
    return (
        400 <= answer.status_code < 500
        and answer["Content-Type"] == "application/problem+json"
        and {"type", "title", "status", "code", "detail", "errors"} == set(document)
        and document["status"] == answer.status_code
    )


@pytest.mark.parametrize("raw", NOT_JSON.values(), ids=NOT_JSON)
@pytest.mark.parametrize(("method", "path"), ADDRESSES, ids=[path for _, path in ADDRESSES])
def test_what_is_no_json_is_refused_everywhere(call, method, path, raw):
    answer = call(method, path, raw=raw)

    assert is_problem(answer)
    assert not Profile.objects.exists()


@pytest.mark.parametrize(("method", "path"), ADDRESSES, ids=[path for _, path in ADDRESSES])
def test_ten_megabytes_are_too_much_everywhere(call, method, path):
    answer = call(method, path, raw=b'{"slots": ["' + b"a" * 10_485_760 + b'"]}')

    assert answer.status_code == 413
    assert is_problem(answer)


@pytest.mark.parametrize(("body", "path"), WRONG_FIELDS)
def test_render_names_the_wrong_field(call, body, path):
    answer = call("POST", "render", raw=json.dumps(body))

    assert is_problem(answer) and answer.status_code == 400
    assert path in {each["path"] for each in answer.document["errors"]}


@pytest.mark.parametrize(
    "at",
    [
        "99999-01-01T00:00:00Z",
        "0000-00-00",
        "yesterday",
        "",
        5,
        None,
        "1970-01-01T00:00:00Z",
        "\x00",
    ],
)
def test_a_senseless_time_rejects_its_row_inside_a_202(call, visitor, at):
    visitor("v1")
    row = {"id": "e1", "type": "view", "visitor": "v1", "at": at}

    answer = call("POST", "events", {"events": [row]})

    assert answer.status_code == 202
    assert [each["index"] for each in answer.document["rejected"]] == [0]
    assert not Event.objects.exists()


def test_more_than_500_events_are_too_many(call):
    assert call("POST", "events", {"events": [{}] * 501}).status_code == 413


def test_a_condition_10_000_groups_deep_is_refused(call):
    condition = '{"combinator": "and", "rules": [' * DEEP + "]}" * DEEP
    body = f'{{"name": "deep", "condition": {condition}}}'

    assert is_problem(call("PUT", "segments/deep", raw=body))


@pytest.mark.parametrize("key", [None, "", "pk_", "pk_nonsense", "sk_\udcff", "x" * 10_000])
@pytest.mark.parametrize(("method", "path"), ADDRESSES, ids=[path for _, path in ADDRESSES])
def test_without_a_good_key_everything_is_401(call, method, path, key):
    sent = None if key is None else key.encode("utf-8", "replace").decode()

    answer = call(method, path, {}, key=sent or None)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), [("POST", "render"), ("POST", "visitors")])
def test_another_websites_page_may_not_use_the_key(call, method, path):
    answer = call(method, path, {}, key="pk", origin="https://evil.example")

    assert answer.status_code == 403 and is_problem(answer)


def test_too_many_calls_are_told_when_to_come_again(call, settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "RATE_PER_KEY": 2}
    answers = [call("GET", "recommendations", key="pk") for _ in range(3)]
    hot = call("POST", "render", {"slots": ["a"]}, key="pk")

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert hot.status_code == 429
    assert int(answers[2]["Retry-After"]) >= 1 and int(hot["Retry-After"]) >= 1
    assert is_problem(answers[2]) and is_problem(hot)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
LIKELY = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("slots", "context", "visitor", "token", "events", "purposes", "into", "items"), JSON
    ),
)


@pytest.mark.parametrize(("method", "path"), ADDRESSES, ids=[path for _, path in ADDRESSES])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=LIKELY | JSON)
def test_no_json_makes_the_server_fail(call, published, method, path, body):
    answer = call(method, path, raw=json.dumps(body))

    assert answer.status_code < 500
    assert answer.status_code < 400 or is_problem(answer)


@pytest.mark.parametrize(
    "raw", [*NOT_JSON.values(), b"", b'{"slots": ["home.hero"]}'], ids=[*NOT_JSON, "empty", "good"]
)
@pytest.mark.parametrize("path", ["render", "events"])
def test_the_wsgi_entry_and_the_plain_view_answer_alike(call, keys, published, wsgi, path, raw):
    viewed = call("POST", path, raw=raw, key="pk", origin="https://shop.example")
    status, headers, body = wsgi(path, raw, keys.publishable, "https://shop.example")

    assert status == viewed.status_code
    assert body == viewed.content
    for name in ("Content-Type", "Cache-Control", "Access-Control-Allow-Origin"):
        assert headers.get(name) == viewed.headers.get(name)
    assert headers["Vary"] in viewed["Vary"]  # Django's middleware adds the language


@pytest.fixture
def wsgi():
    """Call the host's WSGI entry, as a server would."""
    import io

    def go(path, raw, key, origin):
        said = {}
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/api/v1/{path}",
            "QUERY_STRING": "",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(raw)),
            "HTTP_AUTHORIZATION": f"Bearer {key}",
            "HTTP_ORIGIN": origin,
            "wsgi.input": io.BytesIO(raw),
        }

        def start(status, headers):
            said.update(status=int(status.split()[0]), headers=dict(headers))

        body = b"".join(application(environ, start))
        return said["status"], said["headers"], body

    return go
