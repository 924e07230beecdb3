"""A folder in DATA_DIR for one run, gone when it is left, and swept up if its run was killed.

Each folder is held by a lock that the system takes back when its process ends, however it ends.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from personalization import conf

HELD = ".held"


@contextmanager
def scratch() -> Iterator[Path]:
    """Readable for this user alone."""
    with _locked(_root() / HELD):
        _sweep()
        folder = Path(tempfile.mkdtemp(dir=_root()))
        held = (folder / HELD).open("w", encoding="ascii")
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
        held.close()


def sweep() -> None:
    """Delete what killed runs left."""
    with _locked(_root() / HELD):
        _sweep()


def _sweep() -> None:
    for folder in (path for path in _root().iterdir() if path.is_dir()):
        with (folder / HELD).open("w", encoding="ascii") as held:
            if _is_free(held):
                shutil.rmtree(folder)


def _is_free(held: IO[str]) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w", encoding="ascii") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _root() -> Path:
    root = conf.data_dir() / "scratch"
    root.mkdir(mode=0o700, exist_ok=True)
    return root
