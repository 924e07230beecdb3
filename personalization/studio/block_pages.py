"""The page of a frame that shows a block: nothing in it runs; it wears the site's own styles."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from personalization import conf
from personalization.govern.models import Site
from rules.types import Block


def block_page(request: HttpRequest, site: Site, html: SafeString, locale: str) -> str:
    styles = conf.get("PREVIEW_STYLES").get(site.key, ())
    context = {"html": html, "locale": locale, "styles": [_address(each) for each in styles]}
    return render_to_string("studio/preview.html", context, request=request)


def as_html(block: Block, text: str) -> SafeString:
    """`text` as the sandbox made it, which escapes what people wrote; of a JSON block its data."""
    if block.kind == "json":
        return format_html("<pre>{}</pre>", text)
    return SafeString(text)  # made by the sandbox


def _address(style: str) -> str:
    return style if style.startswith(("/", "https://", "http://")) else static(style)
