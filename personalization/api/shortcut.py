"""The hot endpoints ahead of Django's middleware, for a host whose WSGI entry is ours."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from personalization.api.views import answer_environ
from personalization.api.wsgi_calls import respond

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]  # PEP 3333
PATHS: Final = {"/api/v1/render": "render", "/api/v1/events": "events"}


def with_shortcut(application: Application) -> Application:
    """Answer the two hot paths at once; everything else goes the usual way."""

    def entry(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        endpoint = PATHS.get(environ.get("PATH_INFO", ""))
        if endpoint is None:
            return application(environ, start_response)
        return respond(answer_environ(endpoint, environ), start_response)

    return entry
