"""`/embed.js`: the script that other websites paste, with the stylesheet's true address in it.

`/preview.js` lies beside it; only a page that is looked at as a preview loads it.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.templatetags.static import static
from django.views.decorators.http import require_safe

FOLDER: Final = Path(__file__).parents[1] / "static" / "personalization"
WRITTEN: Final = '"/static/personalization/blocks.css"'
STYLES: Final = "personalization/blocks.css"
KEPT_SECONDS: Final = 300


@require_safe
def embed_script(request: HttpRequest) -> HttpResponse:
    return _served(request, "embed.js")


@require_safe
def preview_script(request: HttpRequest) -> HttpResponse:
    return _served(request, "preview.js")


def _served(request: HttpRequest, name: str) -> HttpResponse:
    body, tag = _script(name, static(STYLES))
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _script(name: str, styles: str) -> tuple[bytes, str]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    body = text.replace(WRITTEN, json.dumps(styles)).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'
