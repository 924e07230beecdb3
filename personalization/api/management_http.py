"""Between HTTP and the verbs: bodies in, pages, tags of versions and problem details out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from personalization.api.answers import PROBLEM, as_problem, problem_document
from personalization.api.strict_json import read_json
from personalization.api.wsgi_calls import environ_of, read_body
from personalization.exceptions import FieldError, Malformed, Refusal
from personalization.targeting.models import Keyed
from personalization.targeting.reading import LARGEST

PAGE_SIZE: Final = 100
LARGEST_PAGE: Final = 500


def sent(request: Request, *, without: Any = None) -> Any:  # JSON
    """The body, whatever its content type says and however it came.

    DRF takes one without a length, in chunks, for an empty document, and would save that. Nothing
    is no document; `without` stands for it where a body may be missing.
    """
    body = read_body(environ_of(request._request))
    return without if without is not None and not body else read_json(body)


def told(error: Exception) -> Response | None:
    """A refusal, ours or the framework's, as problem details; None for anything else."""
    if isinstance(error, APIException):
        refusal = Refusal(str(error.detail))
        refusal.code, refusal.status = str(error.default_code), error.status_code
    elif isinstance(error, Refusal):
        refusal = error
    else:
        return None
    answer = as_problem(refusal)
    headers = {name: value for name, value in answer.headers if name != "Content-Type"}
    body = problem_document(refusal)
    return Response(body, status=answer.status, headers=headers, content_type=PROBLEM)


def etag_of(row: Keyed) -> str:
    return f'"{row.updated_at.isoformat()}"'


def seen_before(request: Request) -> datetime | None:
    """The version that the caller saw, from `If-Match`."""
    tag = request.headers.get("If-Match", "*").strip()
    if tag == "*":
        return None
    try:
        return datetime.fromisoformat(tag.removeprefix("W/").strip('"'))
    except ValueError as error:
        raise _malformed("If-Match", _("Send the ETag as you got it.")) from error


def page_of(
    request: Request, rows: QuerySet[Any], written: Callable[[Any], dict[str, Any]]
) -> Response:
    limit = _number(request, "limit", PAGE_SIZE, least=1, most=LARGEST_PAGE)
    offset = _number(request, "offset", 0, least=0, most=LARGEST)
    return Response(
        {
            "count": rows.count(),
            "limit": limit,
            "offset": offset,
            "results": [written(row) for row in rows[offset : offset + limit]],
        }
    )


def page_schema(form: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    page: serializers.Serializer[Any] = inline_serializer(
        f"{form.__name__}Page",
        {
            "count": serializers.IntegerField(),
            "limit": serializers.IntegerField(),
            "offset": serializers.IntegerField(),
            "results": form(many=True),
        },
    )
    set_override(type(page), "many", False)  # one page, though the action is called `list`
    return page


def _number(request: Request, name: str, default: int, *, least: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if text.isascii() and text.isdecimal() and len(text) < 12 and least <= int(text) <= most:
        return int(text)
    sentence = _("Send a whole number from %(least)d to %(most)d.")
    raise _malformed(name, sentence % {"least": least, "most": most})


def _malformed(path: str, detail: str) -> Malformed:
    return Malformed(detail, errors=(FieldError(path, "malformed", detail),))
