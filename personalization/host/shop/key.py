"""The publishable key of the demo site, as the demo wrote it down for its pages."""

import json
from functools import lru_cache
from pathlib import Path

from personalization import conf

SITE = "demo"


def keys_file() -> Path:
    return conf.data_dir() / "keys.json"


def publishable_key() -> str:
    """Empty before the demo was set up: the shop then is a shop without slots."""
    path = keys_file()
    return _read(path, path.stat().st_mtime_ns) if path.exists() else ""


@lru_cache(maxsize=4)
def _read(path: Path, _written_ns: int) -> str:
    return str(json.loads(path.read_text(encoding="utf-8"))["publishable"])
