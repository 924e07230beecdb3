"""In: a site and the id that it gave a visitor. Out: the keyed hash under which we store."""

import hashlib

from personalization.govern.secrets import pseudonym_secrets


def visitor_key(site_id: int, visitor_id: str) -> str:
    """The hash under the key of today: 64 hexadecimal digits."""
    return _hash(pseudonym_secrets("visitor")[0], site_id, visitor_id)


def candidates(site_id: int, visitor_id: str) -> tuple[str, ...]:
    """The hashes under which the visitor may stand, newest key first."""
    return tuple(_hash(secret, site_id, visitor_id) for secret in pseudonym_secrets("visitor"))


def _hash(secret: bytes, site_id: int, visitor_id: str) -> str:
    message = f"{site_id}:{visitor_id}".encode()
    return hashlib.blake2b(message, key=secret, digest_size=32).hexdigest()
