"""The hot endpoints as plain Django views, for a plugin inside another project."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from personalization.api.answers import Answer, as_problem
from personalization.api.hot import answer
from personalization.api.wsgi_calls import Environ, environ_of, read_call
from personalization.exceptions import Refusal


def hot_view(endpoint: str) -> Callable[[HttpRequest], HttpResponse]:
    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        return _as_response(answer_environ(endpoint, environ_of(request)))

    view.__name__ = f"{endpoint}_view"
    return view


def answer_environ(endpoint: str, environ: Environ) -> Answer:
    """Answer a WSGI call; its body is read here and nowhere before."""
    try:
        call = read_call(environ)
    except Refusal as refusal:
        return as_problem(refusal)
    return answer(endpoint, call)


def _as_response(given: Answer) -> HttpResponse:
    response = HttpResponse(given.body, status=given.status)
    del response["Content-Type"]
    for name, value in given.headers:
        response[name] = value
    return response


render_view = hot_view("render")
events_view = hot_view("events")
