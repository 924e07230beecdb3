"""Which pictures of the media library a text names, however their addresses are written.

In:  a text: an address, or HTML in which some stand.
Out: the names under which their files are stored, each with the address as it stands there.
"""

import posixpath
import re
from collections.abc import Iterator
from html import unescape
from typing import Final
from urllib.parse import unquote, urlsplit

WORD: Final = re.compile(r"""[^\s"'<>(),]+""")
STORED: Final = re.compile(r"(?:^|/)(media/\d{4}/\d{2}/[^/]+)$")  # as `Media.file` is uploaded to


def names_in(text: str) -> Iterator[tuple[str, str]]:
    """(name, address): of `/media/media/2026/11/tent.png` the part from the second `media/` on."""
    for found in WORD.finditer(text):
        stored = STORED.search(_path(found[0]))
        if stored is not None:
            yield stored[1], found[0]


def is_address(text: str) -> bool:
    """Is it the address of a picture, and nothing besides?"""
    return any(address == text.strip() for _name, address in names_in(text))


def _path(word: str) -> str:
    """As a browser and a server understand it: entities, escapes, dots and double slashes gone."""
    try:
        path = urlsplit(unescape(word)).path
    except ValueError:
        return ""
    return posixpath.normpath(unquote(path).replace("\\", "/")) if path else ""
