"""The two hot endpoints, free of any framework: a call comes in, an answer goes out.

Plain Django views use them inside another project; the host's WSGI entry uses them ahead of its
middleware. Both give the same bytes.
"""

import logging
from time import perf_counter
from typing import Final

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils.translation import gettext as _

from personalization.api.access import identify
from personalization.api.answers import PROBLEM, Answer, Call, as_problem
from personalization.api.collecting import collect
from personalization.api.cors import ALLOWED, cors_headers, preflight
from personalization.api.counters import answers, seconds
from personalization.api.rendering import render
from personalization.exceptions import Refusal

ENDPOINTS: Final = {"render": render, "events": collect}
MOST_BYTES: Final = 1024 * 1024
log: Final = logging.getLogger("personalization.api")


class _Unavailable(Refusal):
    code = "unavailable"
    status = 503


class _WrongMethod(Refusal):
    code = "method"
    status = 405


def answer(endpoint: str, call: Call) -> Answer:
    """Never raises: what goes wrong is told as problem details."""
    began = perf_counter()
    given = _answer(endpoint, call)
    seconds(endpoint).observe(perf_counter() - began)
    answers(endpoint, given.status).inc()
    return given


def _answer(endpoint: str, call: Call) -> Answer:
    origin = call.headers.get("origin")
    if call.method == "OPTIONS":
        return preflight(origin)
    if call.method != "POST":
        wrong = as_problem(_WrongMethod(_("Send a POST request.")))
        return _with(wrong, (("Allow", "POST, OPTIONS"), *(ALLOWED if origin else ())))
    try:
        key = identify(call.headers, call.query.get("key"))
        given = ENDPOINTS[endpoint](key, call)
        return _with(given, cors_headers(origin, key))
    except Refusal as refusal:
        return _with(as_problem(refusal), ((*ALLOWED,) if origin else ()))
    except (DatabaseError, InterfaceError) as error:
        log.error("database.away endpoint=%s: %s", endpoint, type(error).__name__)
        if not connection.in_atomic_block:
            close_old_connections()
        away = _Unavailable(_("The database does not answer. Send it again in a moment."))
        return _with(as_problem(away), (("Retry-After", "5"), *(ALLOWED if origin else ())))
    except Exception:  # the edge of a request: reported, and told to the caller
        log.exception("request.failed endpoint=%s", endpoint)
        return Answer(500, b'{"status":500,"code":"failed"}', (("Content-Type", PROBLEM),))


def _with(given: Answer, more: tuple[tuple[str, str], ...]) -> Answer:
    headers = (*given.headers, ("Cache-Control", "no-store"), *more)
    return Answer(given.status, given.body, headers)
