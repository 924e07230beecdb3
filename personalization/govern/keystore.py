"""One key per visitor, in a store of its own that data backups leave out.

What a visitor's key sealed is unreadable once the key is destroyed, in every copy and backup of the
data. The store keeps keys wrapped under a master key derived from `PSEUDONYM_KEY`.
"""

import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from personalization.govern.keystore_rows import WrappedKeys, rows
from personalization.govern.secrets import pseudonym_secrets

NONCE: Final = 12


@dataclass(frozen=True, slots=True)
class Cipher:
    """Seals and opens with one key; what was sealed for one purpose opens for no other."""

    key: bytes

    def seal(self, content: bytes, purpose: str) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, content, purpose.encode())

    def open(self, sealed: bytes | memoryview, purpose: str) -> bytes:
        return AESGCM(self.key).decrypt(
            bytes(sealed[:NONCE]), bytes(sealed[NONCE:]), purpose.encode()
        )


def create() -> tuple[str, Cipher]:
    """Make a key; it stands in the store before this returns."""
    ((key_id, cipher),) = create_many(1)
    return key_id, cipher


def create_many(count: int) -> list[tuple[str, Cipher]]:
    """Make many keys in one write, for imports."""
    made = [(secrets.token_hex(16), Cipher(secrets.token_bytes(32))) for _ in range(count)]
    master = _masters()[0]
    rows().add([(key_id, master.seal(cipher.key, key_id)) for key_id, cipher in made])
    return made


def open_key(key_id: str) -> Cipher | None:
    """The key, or None if it was destroyed."""
    return open_many([key_id]).get(key_id)


def open_many(key_ids: Iterable[str]) -> Mapping[str, Cipher]:
    """Every key of these that still exists. Keys under an old master are wrapped anew."""
    store, newest = rows(), _masters()[0]
    opened: dict[str, Cipher] = {}
    aged: WrappedKeys = []
    for key_id, wrapped in store.read(list(key_ids)):
        place, cipher = _unwrap(key_id, wrapped)
        opened[key_id] = cipher
        if place > 0:
            aged.append((key_id, newest.seal(cipher.key, key_id)))
    if aged:
        store.replace(aged)
    return opened


def destroy(*key_ids: str) -> None:
    """Destroy keys for good: what they sealed can never be read again."""
    rows().remove(list(key_ids))


def all_ids(older_than: int) -> set[str]:
    """Ids of the keys made before this time (microseconds), for the search for orphans."""
    return rows().ids(older_than)


def compact() -> None:
    """Have the store give back, and overwrite, the space of destroyed keys."""
    rows().compact()


def _unwrap(key_id: str, wrapped: bytes) -> tuple[int, Cipher]:
    for place, master in enumerate(_masters()):
        try:
            return place, Cipher(master.open(wrapped, key_id))
        except InvalidTag:
            continue
    message = (
        "No known master key opens the key store: is PSEUDONYM_KEY (or SECRET_KEY) the old one?"
    )
    raise LockedStore(message)


def _masters() -> list[Cipher]:
    return [Cipher(secret) for secret in pseudonym_secrets("keystore")]


class LockedStore(RuntimeError):
    """The key store was written under a master key that is not configured."""
