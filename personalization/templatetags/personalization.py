"""`{% slot "home.hero" %}` and `{% personalization_embed %}` for Django templates."""

import logging
from typing import Any

from django import template
from django.template.context import RequestContext
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from personalization.api.in_page import publishable_key, slot_document

STYLES = "personalization/blocks.css"

register = template.Library()
log = logging.getLogger("personalization.slot")


@register.simple_tag(takes_context=True)
def slot(context: RequestContext, key: str, item: str | None = None) -> SafeString:
    """The slot's place with its content in it. Whatever fails leaves the place empty."""
    shown = _shown(context, key, item)
    exposure = shown.get("exposure")
    return format_html(
        '<div data-pz-slot="{}" data-pz-rendered{}>{}</div>',
        key,
        format_html(' data-pz-exposure="{}"', exposure) if exposure else "",
        mark_safe(shown.get("html", "")),  # noqa: S308 - rendered and escaped by our sandbox
    )


@register.simple_tag(takes_context=True)
def slot_data(context: RequestContext, key: str, item: str | None = None) -> Any:  # JSON
    """The data of a JSON slot: `{% slot_data "flags" as flags %}`."""
    return _shown(context, key, item).get("data")


@register.simple_tag(takes_context=True)
def personalization_embed(context: RequestContext) -> SafeString:
    """The stylesheet and the script, with this site's key and the page's nonce."""
    key = publishable_key()
    if key is None:
        return SafeString("")
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html(
        '<link rel="stylesheet" href="{}"><script src="{}" data-key="{}"{} async></script>',
        static(STYLES),
        _address(),
        key,
        format_html(' nonce="{}"', nonce) if nonce else "",
    )


def _address() -> str:
    try:
        return reverse("pz-embed")
    except NoReverseMatch:
        return "/embed.js"


def _shown(context: RequestContext, key: str, item: str | None) -> dict[str, Any]:  # JSON
    try:
        return slot_document(context["request"], key, item)
    except Exception:  # the edge of one slot: the page goes on, the log says why
        log.exception("slot.failed slot=%s", key)
        return {}
