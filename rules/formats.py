"""Releases of older formats, lifted to today's, so that whatever was published can be shown again.

Format 2: a rule has days and hours (`when`); rules and experiments name their campaign; there
may be journeys. Format 3: what a content suggests may have a shelf. Format 4: a content says which
of its languages a model wrote. Format 5: and which of its pictures one drew.
"""

from collections.abc import Mapping
from typing import Any, Final

from rules.invalid import Invalid
from rules.words import _

FORMAT: Final = 5
Document = dict[str, Any]  # JSON


def lifted(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document as today's version would have written it."""
    written = document.get("format")
    if not isinstance(written, int) or written is True or not 1 <= written <= FORMAT:
        raise Invalid(
            "format",
            _(
                "This release has format %(written)s; this version reads up to %(newest)s. "
                "Publish again, or run the version that wrote it."
            ),
            written=repr(written),
            newest=FORMAT,
        )
    for lift in _LIFTS[written - 1 :]:
        document = lift(document)
    return document


def _from_format_1(document: Mapping[str, Any]) -> Document:
    """Its rules ran at all hours, and nothing named its campaign."""
    slots = [
        {
            **slot,
            "rules": [{**rule, "when": None, "campaign": None} for rule in slot["rules"]],
            "experiments": [{**each, "campaign": None} for each in slot["experiments"]],
        }
        for slot in document["slots"]
    ]
    return {**document, "slots": slots}


def _from_format_2(document: Mapping[str, Any]) -> Document:
    """Its carousels had no shelves."""
    contents = [
        {**each, "suggestions": each["suggestions"] and {**each["suggestions"], "shelf": {}}}
        for each in document["contents"]
    ]
    return {**document, "contents": contents}


def _from_format_3(document: Mapping[str, Any]) -> Document:
    """People had written all of it."""
    return {**document, "contents": [{**each, "provenance": {}} for each in document["contents"]]}


def _from_format_4(document: Mapping[str, Any]) -> Document:
    """No picture was known to be a model's."""
    return {**document, "contents": [{**each, "pictures": {}} for each in document["contents"]]}


_LIFTS: Final = (_from_format_1, _from_format_2, _from_format_3, _from_format_4)
