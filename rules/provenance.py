"""Where a generated text or picture came from, and the hash that a person's yes is bound to.

In:  a text as a block's fields in one language, or a picture with its words; and what for.
Out: the hash; a released text or picture whose hash differs is not shown.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from rules.conditions import Condition
from rules.printing import to_tree
from rules.segments import in_order

Path = tuple[str | int, ...]  # ("slides", 0, "image")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who asked, what wrote, who said yes; instants as ISO 8601. `segment` "" is everyone.

    `prompt` is the version of the words that the model was sent. `disclose`: visitors are told.
    `audience`: the segment's condition as it was approved (`audience_binding`); "" is not known.
    """

    draft: int
    revision: int
    sha256: str
    segment: str
    prompt: str
    model: str
    author: str
    reviewers: tuple[str, ...]
    asked_at: str
    approved_at: str
    disclose: bool = False
    audience: str = ""

    def to_document(self) -> dict[str, Any]:  # JSON
        return {**asdict(self), "reviewers": list(self.reviewers)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Whatever is missing or too much is a `TypeError`."""
        return cls(**{**document, "reviewers": tuple(document["reviewers"])})

    def is_of(self, fields: Mapping[str, Any], *, block: str, locale: str) -> bool:
        """Is this the very text that was approved?"""
        found = binding(
            fields, block=block, segment=self.segment, locale=locale, prompt=self.prompt
        )
        return found == self.sha256

    def is_for(self, conditions: Mapping[str, Condition]) -> bool:
        """Does its segment stand for the same visitors as when it was approved?"""
        return not self.audience or self.audience == audience_binding(self.segment, conditions)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that a model drew, where the fields of one language name it.

    `at`: where its address stands; `words_at`: where what it shows is said in words, as far as
    exactly these words were approved for this language. `digest`: SHA-256 of its bytes.
    """

    at: Path
    address: str
    digest: str
    alternative: str
    locale: str  # of the words
    words_at: Path | None
    provenance: Provenance

    def to_document(self) -> dict[str, Any]:  # JSON
        return {
            **asdict(self),
            "at": list(self.at),
            "words_at": None if self.words_at is None else list(self.words_at),
            "provenance": self.provenance.to_document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Whatever is missing or too much is a `TypeError`."""
        words_at = document["words_at"]
        read = {
            "at": tuple(document["at"]),
            "words_at": None if words_at is None else tuple(words_at),
            "provenance": Provenance.from_document(document["provenance"]),
        }
        return cls(**{**document, **read})

    def is_in(self, fields: Mapping[str, Any]) -> bool:
        """Does the very picture that was approved stand there, with the words that were?"""
        found = picture_binding(
            self.digest,
            self.alternative,
            segment=self.provenance.segment,
            locale=self.locale,
            prompt=self.provenance.prompt,
        )
        named = value_at(fields, self.at)
        says = self.words_at is None or value_at(fields, self.words_at) == self.alternative
        is_named = isinstance(named, str) and self.address in named
        return is_named and says and found == self.provenance.sha256


def binding(
    fields: Mapping[str, Any], *, block: str, segment: str, locale: str, prompt: str
) -> str:
    """SHA-256 over text, block, segment, locale and prompt, in one form for equal values."""
    said = json.dumps([fields, block, segment, locale, prompt], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def picture_binding(
    digest: str, alternative: str, *, segment: str, locale: str, prompt: str
) -> str:
    """SHA-256 over a picture's bytes (by their digest), its words, segment, locale and prompt."""
    said = json.dumps(["picture", digest, alternative, segment, locale, prompt])
    return hashlib.sha256(said.encode()).hexdigest()


def audience_binding(segment: str, conditions: Mapping[str, Condition]) -> str:
    """SHA-256 over a segment's condition and those of all segments inside it; "" of everyone.

    `Invalid` for one that there is not.
    """
    if not segment:
        return ""
    reached = in_order([segment], conditions)
    said = json.dumps([segment, {key: to_tree(conditions[key]) for key in reached}], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def value_at(value: Any, path: Path) -> Any:  # JSON
    """None where there is nothing."""
    for step in path:
        is_there = (isinstance(value, Mapping) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)
        )
        if not is_there:
            return None
        value = value[step]
    return value
