"""Personal traits (names, addresses): sealed under the visitor's key, opened on demand."""

from collections.abc import Mapping

import orjson

from personalization.govern import keystore
from personalization.govern.keystore import Cipher

SEAL = "personal"


def seal_personal(cipher: Cipher, traits: Mapping[str, object]) -> bytes:
    return cipher.seal(orjson.dumps(traits), SEAL) if traits else b""


def open_personal(cipher: Cipher, sealed: bytes | memoryview) -> dict[str, object]:
    if not sealed:
        return {}
    traits: dict[str, object] = orjson.loads(cipher.open(sealed, SEAL))
    return traits


def read_personal(key_id: str, sealed: bytes | memoryview) -> dict[str, object]:
    """The personal traits of a visitor; none once the key is destroyed."""
    cipher = keystore.open_key(key_id) if sealed else None
    return open_personal(cipher, sealed) if cipher else {}
