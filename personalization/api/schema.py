"""The OpenAPI 3.1 document: what DRF describes by itself, and the two plain views beside it."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.settings import patched_settings
from rest_framework.request import Request
from rest_framework.response import Response

from personalization.api.answers import PROBLEM
from personalization.api.described import OfOurs, described
from personalization.api.render_request import CONTEXT, DEVICES, LONGEST_KEY, MOST_SLOTS
from personalization.profiles.ids import LONGEST_ID

Document = dict[str, Any]  # OpenAPI
PREFIX: Final = "/api/v1/"
SETTINGS: Final = {
    "TITLE": "Personalization",
    "VERSION": "1",
    "DESCRIPTION": _("What a website's pages and servers call. Refusals are problem details."),
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": PREFIX,
    "POSTPROCESSING_HOOKS": [],
    "PREPROCESSING_HOOKS": ["personalization.api.schema.only_ours"],
}
TEXT: Final[Document] = {"type": "string"}
NULLABLE_TEXT: Final[Document] = {"type": ["string", "null"]}
VISITOR_ID: Final[Document] = {"type": "string", "minLength": 1, "maxLength": LONGEST_ID}
COUNT: Final[Document] = {"type": "integer", "minimum": 0}


class SchemaView(OfOurs):
    """The OpenAPI document; anybody may read it."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (OpenApiJsonRenderer,)

    @described(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(document(request))


def document(request: Request | None = None) -> Document:
    with patched_settings(SETTINGS):
        generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call] # drf-spectacular's
        found: Document = generator.get_schema(request=request, public=True)
    found["paths"] = {**_hot_paths(), **found["paths"]}
    found["components"].setdefault("schemas", {}).update(_schemas())
    for path in found["paths"].values():
        for operation in path.values():
            _tell_refusals(operation["responses"])
    return found


def _tell_refusals(responses: Document) -> None:
    """Every refusal is a problem, and any call may come too often or find nothing."""
    for status in ("404", "429"):
        responses.setdefault(status, {"description": ""})
    for status, response in responses.items():
        if status.startswith("4"):
            response["content"] = {PROBLEM: {"schema": _ref("Problem")}}


def only_ours(endpoints: list[Any], **_more: Any) -> list[Any]:  # drf-spectacular's tuples
    """A project's own API is not ours to describe."""
    return [
        (path, pattern, method, view)
        for path, pattern, method, view in endpoints
        if getattr(view, "cls", view).__module__.startswith("personalization.api")
    ]


def _hot_paths() -> Document:
    return {
        f"{PREFIX}render": {
            "post": _operation(
                "render",
                "The slots of one page view. Without a proven visitor, as for a stranger.",
                "RenderRequest",
                {"200": _answer("Every valid request.", "RenderAnswer")},
            )
        },
        f"{PREFIX}events": {
            "post": _operation(
                "events",
                "What visitors did; stored before the answer, once for each id. A browser's "
                "beacon sends no header: it names a publishable key as `key` in the address, and "
                "the token in the body.",
                "EventsRequest",
                {"202": _answer("Every batch that can be read.", "EventsAnswer")},
            )
        },
    }


def _operation(name: str, description: str, body: str, answers: Document) -> Document:
    refusals = {
        str(status): _answer(said, "Problem", PROBLEM)
        for status, said in (
            (400, "Cannot be read; see `errors`."),
            (401, "No key, or none that is active."),
            (403, "The origin, the scope or the token is missing."),
            (413, "Too much at once."),
            (429, "Too often; see `Retry-After`."),
        )
    }
    return {
        "operationId": name,
        "description": description,
        "tags": [name],
        "security": [{"anyKey": []}],
        "parameters": [
            {
                "in": "header",
                "name": "X-Visitor-Token",
                "schema": TEXT,
                "description": "Proves the visitor, with a publishable key.",
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(body)}}},
        "responses": {**answers, **refusals},
    }


def _answer(said: str, schema: str, media_type: str = "application/json") -> Document:
    return {"description": said, "content": {media_type: {"schema": _ref(schema)}}}


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: Document, required: list[str] | None = None) -> Document:
    """A closed object; without `required` all of its fields are."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _list_of(schema: Document, **more: Any) -> Document:
    return {"type": "array", "items": schema, **more}


def _schemas() -> Document:
    return {
        "RenderRequest": _render_request(),
        "RenderAnswer": _object(
            {
                "release": COUNT,
                "learned": COUNT,
                "personalized": {"type": "boolean"},
                "slots": {"type": "object", "additionalProperties": _ref("RenderedSlot")},
            }
        ),
        "RenderedSlot": _rendered_slot(),
        "EventsRequest": _events_request(),
        "EventsAnswer": _object(
            {
                "accepted": COUNT,
                "duplicates": COUNT,
                "withheld": COUNT,
                "rejected": _list_of(_object({"index": COUNT, "code": TEXT, "detail": TEXT})),
            }
        ),
    }


def _render_request() -> Document:
    context: Document = {
        name: {"type": ["string", "null"], "maxLength": most} for name, most in CONTEXT.items()
    }
    context["device"] = {"enum": [*DEVICES, None]}
    slot = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
    return _object(
        {
            "visitor": {**VISITOR_ID, "type": ["string", "null"]},
            "slots": _list_of(slot, minItems=1, maxItems=MOST_SLOTS),
            "context": {**_object(context, []), "type": ["object", "null"]},
            "token": NULLABLE_TEXT,
        },
        ["slots"],
    )


def _rendered_slot() -> Document:
    kinds = ["rule", "experiment", "default", "holdout", "unknown_slot", "error"]
    experiment = {**_object({"key": TEXT, "arm": TEXT}), "type": ["object", "null"]}
    return _object(
        {
            "html": TEXT,
            "data": {"description": "What a JSON slot carries; null in others."},
            "content": NULLABLE_TEXT,
            "reason": _object(
                {"kind": {"enum": kinds}, "rule": NULLABLE_TEXT, "segment": NULLABLE_TEXT}
            ),
            "experiment": experiment,
            "items": _list_of(_object({"item": TEXT, "title": TEXT, "url": TEXT, "reason": TEXT})),
            "exposure": NULLABLE_TEXT,
            "cache": _object(
                {
                    "scope": {"enum": ["public", "private"]},
                    "max_age": COUNT,
                    "vary": _list_of(TEXT),
                }
            ),
        }
    )


def _events_request() -> Document:
    event = {
        "type": "object",
        "description": "A row that breaks a rule is rejected by its index, inside a 202.",
        "properties": {
            "id": TEXT,
            "type": TEXT,
            "visitor": VISITOR_ID,
            "at": {"type": "string", "format": "date-time"},
            "item": NULLABLE_TEXT,
            "value": {"type": ["number", "null"], "description": "Major units."},
            "currency": NULLABLE_TEXT,
            "exposure": NULLABLE_TEXT,
            "properties": {"type": ["object", "null"]},
        },
        "required": ["id", "type", "visitor", "at"],
    }
    return _object({"events": _list_of(event, maxItems=500), "token": NULLABLE_TEXT}, ["events"])
