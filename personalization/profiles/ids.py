"""Ids: those that we make, and texts that come from outside with a visitor's choice."""

import re
import secrets
from typing import Final

from django.utils.translation import gettext as _

from personalization.exceptions import FieldError, Malformed

LONGEST_ID: Final = 200
UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def new_id(size: int) -> str:
    """An id of `size` random bytes that nobody can guess. It begins with no hyphen, which would be
    an option to every command that is given the id."""
    while (made := secrets.token_urlsafe(size)).startswith("-"):
        pass
    return made


def check_visitor_id(value: object, path: str = "visitor") -> str:
    """The id as the website sends it: 1 to 200 characters, any script, kept to the letter."""
    if isinstance(value, str) and 0 < len(value) <= LONGEST_ID and not UNSTORABLE.search(value):
        return value
    raise _malformed(
        path, _("A visitor's id is a text of 1 to 200 characters without NUL or lone surrogates.")
    )


def check_text(value: object, path: str, *, longest: int = 100) -> str:
    """A short text, possibly empty."""
    if isinstance(value, str) and len(value) <= longest and not UNSTORABLE.search(value):
        return value
    raise _malformed(
        path,
        _("Send a text of at most %d characters without NUL or lone surrogates.") % longest,
    )


def _malformed(path: str, detail: str) -> Malformed:
    return Malformed(detail, errors=(FieldError(path, "text", detail),))
