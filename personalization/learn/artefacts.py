"""Folders of finished artefacts: written beside and renamed, checked by SHA-256 when read."""

import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from personalization import conf
from personalization.exceptions import Refusal


class Tampered(Refusal):
    """The bytes on disk are not those that were written."""

    code = "artefact_changed"
    status = 500


def write(folder: str, files: Mapping[str, bytes]) -> None:
    """Make `folder`, relative to DATA_DIR, with all of its files or not at all."""
    final = conf.data_dir() / folder
    final.parent.mkdir(parents=True, exist_ok=True)
    beside = final.with_name(f".{final.name}-{secrets.token_hex(4)}")
    beside.mkdir()
    for name, content in files.items():
        _write_through(beside / name, content)
    if final.exists():  # left by a run that died before its row was written
        shutil.rmtree(final)
    beside.rename(final)


def read(path: str, digest: str) -> bytes:
    """The bytes of a file, relative to DATA_DIR, if they are those of `digest`."""
    full = conf.data_dir() / path
    try:
        content = full.read_bytes()
    except OSError as missing:
        raise Tampered(f"{path} cannot be read; train again or restore it.") from missing
    if digest_of(content) != digest:
        raise Tampered(f"{path} was changed after it was written; train again or restore it.")
    return content


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def keep_only(folder: str, names: Iterable[str]) -> None:
    """Remove all sub-folders of `folder` but these."""
    kept = set(names)
    root = conf.data_dir() / folder
    for child in root.iterdir() if root.exists() else ():
        if child.name not in kept:
            shutil.rmtree(child, ignore_errors=True)


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
