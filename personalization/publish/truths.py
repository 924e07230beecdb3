"""The truth of each part of an audience, for certain facts, as a JSON document."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rules import explain
from rules.explain import Explanation
from rules.types import Facts, Release

Document = dict[str, Any]  # JSON: text, truth (None: unknown) and parts, each alike


def truths(audience: str | None, release: Release, facts: Facts, now: datetime) -> Document | None:
    """`audience`: its name in the release; None for everyone, of whom there is nothing to say."""
    if audience is None:
        return None
    conditions = release.conditions
    return _written(explain(conditions[audience], facts, now, conditions, release.labels, _))


def _written(explanation: Explanation) -> Document:
    """A group of one says what the one says, so it is left out."""
    if len(explanation.parts) == 1 and explanation.parts[0].text == explanation.text:
        return _written(explanation.parts[0])
    return {
        "text": explanation.text,
        "truth": explanation.truth,
        "parts": [_written(part) for part in explanation.parts],
    }
