"""An answer before any framework has seen it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from personalization.exceptions import Refusal, TooMany

JSON = "application/json"
PROBLEM = "application/problem+json"
REASONS = {
    200: "OK",
    202: "Accepted",
    204: "No Content",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass(frozen=True, slots=True)
class Call:
    """What came in: headers by lower-case name, the query's parameters, the body's bytes."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


def as_json(status: int, document: Any) -> Answer:  # JSON
    return Answer(status, orjson.dumps(document), (("Content-Type", JSON),))


def as_problem(refusal: Refusal) -> Answer:
    """Problem details as in RFC 9457."""
    headers = [("Content-Type", PROBLEM)]
    if refusal.status == 401:
        headers.append(("WWW-Authenticate", "Bearer"))
    if isinstance(refusal, TooMany):
        headers.append(("Retry-After", str(refusal.retry_after)))
    return Answer(refusal.status, orjson.dumps(problem_document(refusal)), tuple(headers))


def problem_document(refusal: Refusal) -> dict[str, Any]:  # JSON
    """The body of a refusal, the same from every endpoint."""
    return {
        "type": "about:blank",
        "title": REASONS.get(refusal.status, "Error"),
        "status": refusal.status,
        "code": refusal.code,
        "detail": clean(refusal.detail),
        "errors": [
            {"path": clean(each.path), "code": each.code, "detail": clean(each.detail)}
            for each in refusal.errors
        ],
    }


def clean(text: str) -> str:
    """Text that can be sent: half of a surrogate pair, quoted from the input, becomes a mark."""
    return str(text).encode("utf-8", "replace").decode("utf-8")
