"""Our part of the OpenAPI document and of DRF, whatever a project sets for its own API."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])  # of any view
HOW: Final = "kwargs"  # where DRF keeps what is special to one method


def described(**said: Any) -> Callable[[Endpoint], Endpoint]:  # drf-spectacular's own options
    """What `extend_schema` does, on top of drf-spectacular's schema and of no other."""

    def describe(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, HOW, {"schema": AutoSchema, **getattr(endpoint, HOW, {})})
        return extend_schema(**said)(endpoint)

    return describe


class AsJson(DefaultContentNegotiation):
    """We answer in JSON, whatever was asked for."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class OfOurs(APIView):
    """What a project's `REST_FRAMEWORK` would otherwise decide for our views."""

    parser_classes = (JSONParser,)  # what the document says; bodies are read by `sent`
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AsJson
    throttle_classes = ()
    versioning_class = None
    schema = AutoSchema()
