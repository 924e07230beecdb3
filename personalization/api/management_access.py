"""Who may manage a site over HTTP: the holder of a secret key with the scope that it takes."""

from dataclasses import dataclass
from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from personalization.api.access import identify, require_secret
from personalization.exceptions import Unauthenticated
from personalization.govern.keys import Key
from personalization.govern.models import Site


@dataclass(frozen=True, slots=True)
class Server:
    """The caller: a website's server. Django asks users whether they are somebody: it is."""

    key: Key
    is_authenticated: bool = True
    is_active: bool = True


class SecretKey(BaseAuthentication):
    """`Authorization: Bearer sk_…`."""

    def authenticate(self, request: Request) -> tuple[Server, Key]:
        headers = {name.lower(): value for name, value in request.headers.items()}
        key = identify(headers)
        return Server(key), key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """The key is secret and has the scope that the view names for this method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        scope: str = view.scope_of(request)  # type: ignore[attr-defined] # our views have it
        require_secret(key_of(request), scope)
        return True


def key_of(request: Request) -> Key:
    return cast(Key, request.auth)  # what SecretKey.authenticate gave


def actor_of(request: Request) -> str:
    """Who does it, for the audit trail."""
    return f"api:{key_of(request).id}"


def site_of(request: Request) -> Site:
    site = Site.objects.filter(pk=key_of(request).site_id).first()
    if site is None:
        raise Unauthenticated(_("The site of this key was deleted."))
    return site


class SecretKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers
    """How the key stands in the OpenAPI document."""

    target_class = SecretKey
    name = "secretKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # drf-spectacular's
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A secret key (sk_…) of the site, for servers only.",
        }
