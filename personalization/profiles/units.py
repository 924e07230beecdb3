"""The unit of experiments of before a merge, sealed so that only the visitor's own id opens it.

The key derives from `PSEUDONYM_KEY` and the raw id, so a page view opens it without the key store.
"""

import hashlib

from cryptography.exceptions import InvalidTag

from personalization.govern.keystore import Cipher
from personalization.govern.secrets import pseudonym_secrets

SEAL = "unit"


def seal_unit(site_id: int, visitor_id: str, unit: str) -> bytes:
    return _ciphers(site_id, visitor_id)[0].seal(unit.encode(), SEAL)


def open_unit(site_id: int, visitor_id: str, sealed: bytes | memoryview) -> str | None:
    """The unit; None if it was sealed for somebody else or under a forgotten key."""
    for cipher in _ciphers(site_id, visitor_id):
        try:
            return cipher.open(sealed, SEAL).decode()
        except InvalidTag:
            continue
    return None


def _ciphers(site_id: int, visitor_id: str) -> list[Cipher]:
    message = f"{site_id}:{visitor_id}".encode()
    return [
        Cipher(hashlib.blake2b(message, key=secret, digest_size=32).digest())
        for secret in pseudonym_secrets("unit")
    ]
