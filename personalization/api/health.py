"""`/health/live`, `/health/ready` and `/metrics`: what whoever runs this asks."""

import logging
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from personalization.api.access import identify, require_secret
from personalization.api.answers import PROBLEM, as_problem
from personalization.api.wsgi_calls import WsgiHeaders
from personalization.exceptions import Refusal
from personalization.govern import keystore

log: Final = logging.getLogger("personalization.health")


@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return _told({"status": "live"}, 200)


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Everything that full answers need is at hand; the cache is wanted, not needed."""
    found = {name: _works(name, check) for name, check in CHECKS.items()}
    is_ready = all(found[name] for name in NEEDED)
    said = {name: "ok" if works else "away" for name, works in found.items()}
    return _told(
        {"status": "ready" if is_ready else "away", "checks": said}, 200 if is_ready else 503
    )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine, and for holders of a secret key with the scope `manage`."""
    if not _is_local(request):
        try:
            require_secret(identify(WsgiHeaders(request.META)), "manage")
        except Refusal as refusal:
            answer = as_problem(refusal)
            return HttpResponse(answer.body, status=answer.status, content_type=PROBLEM)
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _works(name: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001 - each backend has errors of its own
        log.error("health.away check=%s: %s", name, _type_of(error))
        return False
    return True


def _type_of(error: Exception) -> str:
    """An error's words may hold addresses with passwords; its type does not."""
    return type(error).__name__


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _keys() -> None:
    keystore.open_key("health")  # unknown: None, and the store has answered


def _cache() -> None:
    caches["default"].get("pz:health")


CHECKS: Final[dict[str, Callable[[], object]]] = {
    "database": _database,
    "keys": _keys,
    "cache": _cache,
}
NEEDED: Final = ("database", "keys")


def _is_local(request: HttpRequest) -> bool:
    """Called on this machine, and not through a proxy on it."""
    if any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _told(document: dict[str, object], status: int) -> HttpResponse:
    response = JsonResponse(document, status=status)
    response["Cache-Control"] = "no-store"
    return response
