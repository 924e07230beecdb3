"""A field of a form or an address that no Django form reads: trimmed, cut, fit for a database."""

from typing import Any

LONGEST = 2_000  # characters


def typed(sent: Any, name: str, *, longest: int = LONGEST) -> str:  # `sent`: a QueryDict
    """Without NUL, which PostgreSQL takes in no text; "" where nothing was sent."""
    return str(sent.get(name, "")).replace("\0", "").strip()[:longest]
