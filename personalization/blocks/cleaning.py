"""HTML that people or models wrote, made harmless.

In:  a fragment of HTML. Out: the same with what our allow-list names, and nothing else.

The list is nh3's own with what blocks need besides: sections, pictures, buttons, forms.
"""

from functools import cache

import nh3
from markupsafe import Markup

from personalization.blocks.urls import SCHEMES, safe_source, safe_url

FOR_BLOCKS = frozenset(
    {
        "section",
        "picture",
        "source",
        "button",
        "form",
        "input",
        "label",
        "select",
        "option",
        "optgroup",
        "fieldset",
        "legend",
        "main",
        "output",
        "progress",
        "meter",
        "video",
        "audio",
        "track",
        "tfoot",
        "address",
        "menu",
        "search",
    }
)
EVERYWHERE = frozenset(
    {
        "class",
        "id",
        "title",
        "lang",
        "dir",
        "role",
        "hidden",
        "tabindex",
        "itemprop",
        "itemscope",
        "itemtype",
        "translate",
    }
)
ATTRIBUTES = {
    "a": {"href", "hreflang", "target", "download"},
    "button": {"type", "name", "value", "disabled"},
    "data": {"value"},
    "details": {"open"},
    "form": {"action", "method", "autocomplete", "novalidate"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding"},
    "input": {
        "type",
        "name",
        "value",
        "placeholder",
        "required",
        "disabled",
        "checked",
        "readonly",
        "autocomplete",
        "min",
        "max",
        "step",
        "minlength",
        "maxlength",
        "pattern",
        "inputmode",
    },
    "label": {"for"},
    "li": {"value"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
    "ol": {"start", "reversed", "type"},
    "optgroup": {"label", "disabled"},
    "option": {"value", "label", "selected", "disabled"},
    "progress": {"value", "max"},
    "select": {"name", "required", "disabled", "multiple", "size"},
    "source": {"src", "srcset", "sizes", "media", "type", "width", "height"},
    "time": {"datetime"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": {"src", "poster", "controls", "muted", "loop", "playsinline", "width", "height"},
    "audio": {"src", "controls", "muted", "loop"},
}
ADDRESSES = frozenset({"href", "src", "action", "poster", "cite"})


def clean_block(html: str) -> Markup:
    """The output of a block that an editor wrote."""
    return Markup(_block_cleaner().clean(readable(html)))  # noqa: S704 - it was cleaned


def clean_text(html: str) -> Markup:
    """A field of formatted text: no forms, no pictures in sets, no classes of ours."""
    return Markup(_text_cleaner().clean(readable(html)))  # noqa: S704 - it was cleaned


def readable(text: str) -> str:
    """Text that can be written as UTF-8 into a page: halves of characters and NUL are replaced."""
    if text.isascii() and "\0" not in text:
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


@cache
def _block_cleaner() -> nh3.Cleaner:
    attributes = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    for tag, names in ATTRIBUTES.items():
        attributes[tag] = attributes.get(tag, set()) | names
    attributes["*"] = set(EVERYWHERE)
    return nh3.Cleaner(
        tags=nh3.ALLOWED_TAGS | FOR_BLOCKS,
        attributes=attributes,
        attribute_filter=_checked_attribute,
        generic_attribute_prefixes={"data-pz-", "aria-"},
        url_schemes=set(SCHEMES),
        link_rel="noopener",
    )


@cache
def _text_cleaner() -> nh3.Cleaner:
    attributes = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    attributes["*"] = {"lang", "dir", "title"}
    return nh3.Cleaner(
        attributes=attributes,
        attribute_filter=_checked_attribute,
        url_schemes=set(SCHEMES),
        link_rel="noopener",
    )


def _checked_attribute(tag: str, name: str, value: str) -> str | None:
    if name in ADDRESSES:
        return safe_url(value) or None
    if name == "srcset":
        return ", ".join(_candidates(value)) or None
    return value


def _candidates(srcset: str) -> list[str]:
    """Each address with its width or density."""
    found = []
    for candidate in srcset.split(","):
        address, *density = candidate.split()[:2] or [""]
        if safe_source(address):
            found.append(" ".join([safe_source(address), *density]))
    return found
