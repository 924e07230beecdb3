"""Which addresses may stand in a page.

In:  what somebody typed, or what a feed or a visitor brought.
Out: the address, or an empty text where a browser could take it for something to run.
"""

import re
from urllib.parse import quote

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_IGNORED_BY_BROWSERS = re.compile(
    r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff\ud800-\udfff]"
)
_PLAINLY_SAFE = re.compile(r"(?:https?://|/(?!/)|[#?])[!-\[\]-~]*").fullmatch  # printable ASCII
_SCHEME = re.compile(r"([^/?#:]*):")


class SafeUrl(str):
    """An address that was looked at already."""

    __slots__ = ()


def safe_url(value: object) -> SafeUrl:
    """A relative address, or an absolute one of an allowed scheme; else empty."""
    if type(value) is SafeUrl:
        return value
    if not isinstance(value, str):
        return SafeUrl()
    return SafeUrl(value) if _PLAINLY_SAFE(value) else SafeUrl(_safe(value))


def _safe(value: str) -> str:
    bare = _IGNORED_BY_BROWSERS.sub("", value)
    found = _SCHEME.match(bare)
    if found is not None and found.group(1).lower() not in SCHEMES:
        return ""
    if bare.replace("\\", "/").startswith("//") and not bare.startswith("//"):
        return ""
    return _IGNORED_BY_BROWSERS.sub(
        lambda each: quote(each.group(), errors="ignore"), value.strip()
    )


def safe_source(value: object) -> str:
    """An address as a candidate of `srcset`, where a comma or a blank would end it."""
    return safe_url(value).replace(",", "%2C").replace(" ", "%20")


def url_part(value: object) -> str:
    """A value as one part of an address whose beginning is fixed."""
    return quote(str(value), safe="", errors="replace")
