"""The texts of a draft, with the places of words kept.

In:  a block's fields in one language. Out: each text with its path and the schema's part on it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from personalization.blocks.advice import PLACEHOLDER
from personalization.blocks.checking import texts_of
from rules.types import Block

TAG: Final = re.compile(r"<[^<>]*>")
ADDRESSES: Final = frozenset({"uri-reference", "image"})
INVISIBLE: Final = frozenset({"Cf", "Mn", "Me", "Cc"})  # joiners, soft hyphens, accents, controls


@dataclass(frozen=True, slots=True)
class Text:
    path: str
    raw: str
    rules: Mapping[str, Any]

    @property
    def is_prose(self) -> bool:
        """Words for visitors: no address, no choice, no colour."""
        return "enum" not in self.rules and self.rules.get("format", "html") == "html"

    @property
    def plain(self) -> str:
        """Placeholders and tags blanked out, everything else where it stood."""
        return TAG.sub(_blank, PLACEHOLDER.sub(_blank, self.raw))


def texts(fields: Mapping[str, Any], block: Block) -> Iterator[Text]:
    for path, raw, rules in texts_of(fields, block.schema, ""):
        yield Text(path, raw, rules)


def prose(fields: Mapping[str, Any], block: Block) -> Iterator[Text]:
    return (text for text in texts(fields, block) if text.is_prose)


def whole(fields: Mapping[str, Any], block: Block) -> str:
    """All that a visitor reads, in one line, as drafts are compared with each other.

    In the block's order: PostgreSQL gives an object's members back in an order of its own.
    """
    places = {name: place for place, name in enumerate(block.schema.get("properties", {}))}
    ordered = dict(sorted(fields.items(), key=lambda field: places.get(field[0], len(places))))
    return " ".join(" ".join(text.plain.split()) for text in prose(ordered, block)).strip()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as searching should see it; `places`: where each character stood."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where this part stood in the text as it was."""
        return self.places[start], self.places[end - 1] + 1


def folded(text: str) -> Folded:
    """Case, width, accents and invisible characters away, so that none of them hides a word."""
    kept: list[tuple[str, int]] = []
    for place, character in enumerate(text):
        for each in unicodedata.normalize("NFKD", character).casefold():
            if unicodedata.category(each) not in INVISIBLE or each in "\n\t":
                kept.append((each, place))
    return Folded("".join(each for each, _ in kept), tuple(place for _, place in kept))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
