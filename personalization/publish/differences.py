"""Where two JSON documents differ: only what differs, as deep as both have the same shape.

In:  a document as it was, and as it is.
Out: paths ("fields", "en", "headline") with both values; None where there is nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str, ...]


def differences(before: Any, after: Any, at: Path = ()) -> Iterator[tuple[Path, Any, Any]]:  # JSON
    """A condition is one thing, however deep; so is a list that became longer or shorter."""
    if before == after:
        return
    pairs = _pairs(before, after)
    if pairs is None:
        yield at, before, after
        return
    for name, old, new in pairs:
        yield from differences(old, new, (*at, name))


def is_condition(value: Any) -> bool:  # JSON
    return isinstance(value, Mapping) and "combinator" in value


def _pairs(before: Any, after: Any) -> list[tuple[str, Any, Any]] | None:  # JSON
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        if is_condition(before) or is_condition(after):
            return None
        names = [*before, *(name for name in after if name not in before)]
        return [(str(name), before.get(name), after.get(name)) for name in names]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        both = zip(before, after, strict=True)
        return [(str(place), old, new) for place, (old, new) in enumerate(both, start=1)]
    return None
