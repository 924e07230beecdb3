"""Which pages of other origins may read our answers."""

from typing import Final

from personalization.api.answers import Answer
from personalization.govern.keys import Key

# A refusal may be read by any page: it says nothing of anybody, and helps whoever sets up a site.
ALLOWED: Final = (("Access-Control-Allow-Origin", "*"), ("Vary", "Origin"))
_PREFLIGHT: Final = (
    ("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Visitor-Token, X-Preview"),
    ("Access-Control-Max-Age", "7200"),
    ("Vary", "Origin"),
)


def cors_headers(origin: str | None, key: Key) -> tuple[tuple[str, str], ...]:
    """The page may read the answer if its origin may use the key; cookies never play a part."""
    if origin is None or (not key.is_secret and origin not in key.origins):
        return ()
    if key.is_secret:
        return (("Vary", "Origin"),)
    return (("Access-Control-Allow-Origin", origin), ("Vary", "Origin"))


def preflight(origin: str | None) -> Answer:
    """What a browser asks before it calls. It sends no key, so the call itself is checked."""
    if origin is None:
        return Answer(204)
    return Answer(204, b"", (("Access-Control-Allow-Origin", origin), *_PREFLIGHT))
