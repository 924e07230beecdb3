"""Where a generated text came from, and the hash that a person's yes is bound to.

In:  a text as a block's fields in one language, and what it was approved for.
Out: the hash; a released text whose hash differs is not shown.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who asked, what wrote, who said yes; instants as ISO 8601. `segment` "" is everyone.

    `prompt` is the version of the words that the model was sent. `disclose`: visitors are told.
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


def binding(
    fields: Mapping[str, Any], *, block: str, segment: str, locale: str, prompt: str
) -> str:
    """SHA-256 over text, block, segment, locale and prompt, in one form for equal values."""
    said = json.dumps([fields, block, segment, locale, prompt], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
