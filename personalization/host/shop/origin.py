"""Does a form come from our own pages? Asked instead of a token, so that no cookie is needed."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_ours(request: HttpRequest) -> bool:
    """Browsers name the page's origin in every form they send; tools that are no browser do not."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")
    return urlsplit(origin).netloc == request.get_host()
