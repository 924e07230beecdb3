"""Patterns with `*` (any text) and `?` (any character), over the whole value."""

import re
from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=4096)
def matcher_of(pattern: str) -> Callable[[str], object]:
    """A function that answers None where the whole text does not fit the pattern.

    Each `*` takes the shortest text up to the next fixed part and never gives back (an atomic
    group), so the time is linear in the text for each star, whatever the pattern.
    """
    first, *rest = [_fixed(part) for part in squeezed(pattern).split("*")]
    if not rest:
        return re.compile(first, re.DOTALL).fullmatch
    *middle, last = rest
    inside = "".join(f"(?>.*?{part})" for part in middle)
    return re.compile(f"{first}{inside}.*{last}", re.DOTALL).fullmatch


def to_glob(pattern: str) -> str:
    """The pattern as SQLite's GLOB reads it."""
    return squeezed(pattern).replace("[", "[[]")


def to_like(pattern: str) -> str:
    """The pattern as LIKE reads it, with a backslash as the escape."""
    escaped = squeezed(pattern).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%").replace("?", "_")


def squeezed(pattern: str) -> str:
    """The pattern without stars that stand beside stars."""
    return re.sub(r"\*+", "*", pattern)


def _fixed(part: str) -> str:
    return "".join("." if letter == "?" else re.escape(letter) for letter in part)
