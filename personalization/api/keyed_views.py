"""Views that take any key of a site, publishable or secret: what they share.

Strict JSON in, problem details out, CORS for the pages that may use the key, and the same count of
calls as the hot endpoints.
"""

import logging
from typing import Any, ClassVar, Final

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from personalization.api import rates
from personalization.api.access import identify, must_speak_for, require_secret
from personalization.api.cors import ALLOWED, cors_headers, preflight
from personalization.api.described import OfOurs
from personalization.api.management_access import Server, key_of, site_of
from personalization.api.management_http import told
from personalization.api.wsgi_calls import WsgiHeaders
from personalization.exceptions import Forbidden
from personalization.govern.crawlers import is_crawler
from personalization.govern.gpc import opts_out
from personalization.govern.keys import Key
from personalization.govern.models import Site
from personalization.profiles.ids import check_visitor_id

__all__ = ["AnyKey", "KeyedView", "actor", "headers_of", "key_of", "site_of"]
log: Final = logging.getLogger("personalization.api")


class AnyKey(BaseAuthentication):
    """`Authorization: Bearer pk_…` or `sk_…`."""

    def authenticate(self, request: Request) -> tuple[Server, Key]:
        key = identify(headers_of(request))
        return Server(key), key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class AnyKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers
    """How the key stands in the OpenAPI document."""

    target_class = AnyKey
    name = "anyKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # drf-spectacular's
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A publishable key (pk_…) in browsers, a secret one (sk_…) on servers.",
        }


class KeyedView(OfOurs, ViewSet):
    """Checks the key, the visitor's token and the rate before the view runs."""

    authentication_classes = (AnyKey,)
    permission_classes = ()
    lookup_field = "visitor"
    lookup_value_converter = "path"
    server_scope = "visitors"  # the scope that a secret key takes here
    counted_as: ClassVar[str] = ""  # of calls that are limited by themselves
    key: Key | None = None  # once it was checked

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            answer = preflight(request.headers.get("Origin"))
            return HttpResponse(status=answer.status, headers=dict(answer.headers))
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = self.key = key_of(request)
        visitor = kwargs.get("visitor")
        rates.check_key(key.id, self.counted_as)
        if visitor is not None:
            must_speak_for(key, check_visitor_id(visitor), headers_of(request), self.server_scope)
            rates.check_visitor(key.id, visitor, self.counted_as)
        elif key.is_secret:
            require_secret(key, self.server_scope)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, DatabaseError | InterfaceError):
            log.error("database.away: %s", type(exc).__name__)
        return told(exc) or super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        origin = request.headers.get("Origin")
        refused = final.status_code >= 400
        key = self.key
        allowed = ALLOWED if refused and origin else cors_headers(origin, key) if key else ()
        for name, value in allowed:
            final[name] = value
        final["Cache-Control"] = "no-store"
        return final

    def only_servers(self, request: Request) -> Site:
        require_secret(key_of(request), self.server_scope)
        return site_of(request)

    def no_crawlers(self, request: Request) -> None:
        """Crawlers leave no trace."""
        headers = headers_of(request)
        if not key_of(request).is_secret and is_crawler(headers.get("user-agent")):
            raise Forbidden(_("Crawlers are not remembered; render answers without a visitor."))


def headers_of(request: Request) -> WsgiHeaders:
    return WsgiHeaders(request.META)


def has_gpc(request: Request) -> bool:
    return opts_out(request.headers.get("Sec-GPC"))


def actor(request: Request) -> str:
    """Who does it, for the audit trail."""
    return f"api:{key_of(request).id}"
