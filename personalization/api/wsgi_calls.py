"""A call as WSGI hands it over, read without any framework."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.utils.translation import gettext as _

from personalization.api.answers import REASONS, Answer, Call
from personalization.exceptions import TooLarge

Environ = Mapping[str, Any]  # PEP 3333
MOST_BYTES: Final = 1024 * 1024
_PLAIN: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class WsgiHeaders(Mapping[str, str]):
    """Headers by lower-case name; only those that are asked for are looked up."""

    def __init__(self, environ: Environ) -> None:
        self.environ = environ

    def __getitem__(self, name: str) -> str:
        value: str = self.environ[_variable(name)]
        return value

    def get(self, name: str, default: Any = None) -> Any:  # as Mapping.get
        return self.environ.get(_variable(name), default)

    def __iter__(self) -> Iterator[str]:
        for name in self.environ:
            if name.startswith("HTTP_"):
                yield name[5:].lower().replace("_", "-")

    def __len__(self) -> int:
        return sum(1 for _name in self)


def read_call(environ: Environ) -> Call:
    """The call with its body, of which at most a mebibyte is read."""
    query = environ.get("QUERY_STRING")
    return Call(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", ""),
        headers=WsgiHeaders(environ),
        query=dict(parse_qsl(query, max_num_fields=20)) if query and len(query) < 2000 else {},
        body=read_body(environ),
    )


def environ_of(request: HttpRequest) -> Environ:
    """The call under a request. On ASGI there is none, and middleware may have read the body."""
    if "wsgi.input" in request.META and not hasattr(request, "_body"):
        return request.META
    return {**request.META, "wsgi.input": request}


def read_body(environ: Environ) -> bytes:
    """The body; `TooLarge` before reading it where its length is told."""
    told = environ.get("CONTENT_LENGTH") or ""
    if told.isdecimal():
        length = int(told)
        if length > MOST_BYTES:
            raise too_large()
        body: bytes = environ["wsgi.input"].read(length)
        return body
    if "HTTP_TRANSFER_ENCODING" not in environ:
        return b""  # no length and no chunks: no body
    body = environ["wsgi.input"].read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise too_large()
    return body


def too_large() -> TooLarge:
    return TooLarge(_("Send at most 1 MiB at once."))


def respond(given: Answer, start_response: Callable[..., Any]) -> list[bytes]:
    reason = REASONS.get(given.status, "Answer")
    length = ("Content-Length", str(len(given.body)))
    start_response(f"{given.status} {reason}", [*given.headers, length])
    return [given.body]


def _variable(name: str) -> str:
    return _PLAIN.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
