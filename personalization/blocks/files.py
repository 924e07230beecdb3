"""The blocks that lie on disk: `<folder>/<name>/template.html`, `schema.json`, `example.json`.

In:  the folders of `BLOCKS_DIRS` and our own `templates/blocks`.
Out: blocks by name, each with its macros written into it, so that a release holds all it needs.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from personalization import conf
from personalization.paths import templates_dir
from rules.types import Block

Document = Mapping[str, Any]  # JSON
USES = re.compile(r'^\{% from "((?:macros|layouts)/[a-z_]+\.html)" import [a-z_, ]+ %\}\n', re.M)


@dataclass(frozen=True, slots=True)
class BlockFiles:
    """A shipped block with what the studio shows of it. Titles are passed through gettext there."""

    block: Block
    title: str
    description: str
    example: Document


def shipped_blocks() -> Mapping[str, BlockFiles]:
    """All blocks on disk; a folder of the host's own goes before ours."""
    folders = (*map(Path, conf.get("BLOCKS_DIRS")), templates_dir() / "blocks")
    return _read_all(tuple(folders))


@cache
def _read_all(folders: tuple[Path, ...]) -> Mapping[str, BlockFiles]:
    found: dict[str, BlockFiles] = {}
    for folder in folders:
        for place in sorted(folder.iterdir()):
            if (place / "template.html").is_file():
                found.setdefault(place.name, read_block(place))
    return MappingProxyType(found)


def read_block(place: Path) -> BlockFiles:
    schema = json.loads((place / "schema.json").read_text(encoding="utf-8"))
    block = Block(
        name=place.name,
        template=_with_macros((place / "template.html").read_text(encoding="utf-8")),
        schema=schema,
        kind=schema.get("x-kind", "html"),
    )
    example = json.loads((place / "example.json").read_text(encoding="utf-8"))
    return BlockFiles(block, schema["title"], schema.get("description", ""), example)


def _with_macros(source: str) -> str:
    """The source with the files that it uses written in front, each once."""
    parts: list[str] = []
    for name in _used(source, []):
        parts.append(USES.sub("", _shared(name)).strip())
    return "\n".join([*parts, USES.sub("", source).strip()]) + "\n"


def _used(source: str, found: list[str]) -> list[str]:
    for name in USES.findall(source):
        if name not in found:
            _used(_shared(name), found)
            found.append(name)
    return found


def _shared(name: str) -> str:
    return (templates_dir() / name).read_text(encoding="utf-8")
