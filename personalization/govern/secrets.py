"""Every secret that we derive: one key per use, from `PSEUDONYM_KEY` or `SECRET_KEY`.

A rotated key still reads what was made under it: `PSEUDONYM_KEY_OLD`, and Django's
`SECRET_KEY_FALLBACKS`.
"""

import hashlib

from django.conf import settings
from django.utils.encoding import force_str

from personalization import conf


@conf.once_a_process
def pseudonym_secrets(use: str) -> tuple[bytes, ...]:
    """32 bytes for `use` from the pseudonym key, newest key first."""
    roots = [conf.pseudonym_key()]
    if old := conf.get("PSEUDONYM_KEY_OLD"):
        roots.append(str(old).encode())
    if not conf.get("PSEUDONYM_KEY"):
        roots += [
            f"pseudonym:{force_str(fallback)}".encode()
            for fallback in settings.SECRET_KEY_FALLBACKS
        ]
    return tuple(_derive(root, use) for root in dict.fromkeys(roots))


@conf.once_a_process
def signing_secrets(use: str) -> tuple[bytes, ...]:
    """32 bytes for `use` from `SECRET_KEY`, newest key first."""
    roots = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return tuple(_derive(f"signing:{force_str(root)}".encode(), use) for root in roots)


def _derive(root: bytes, use: str) -> bytes:
    inner = hashlib.sha256(root).digest()
    return hashlib.blake2b(use.encode(), key=inner, digest_size=32).digest()
