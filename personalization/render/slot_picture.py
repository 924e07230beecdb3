"""A slot as somebody would see it, before anything is published.

In:  a release that holds the slot (the drafts), what was learnt, whose eyes, an instant.
Out: the rendered slot; with the persona, or None where nobody could be invented who would qualify.
"""

from datetime import datetime
from typing import Final

from personalization.render.core import RenderedSlot, page
from personalization.render.personas import (
    KNOWN_KEY,
    SEGMENT_KEY,
    STRANGER_KEY,
    Persona,
    somebody_in,
    somebody_known,
)
from personalization.render.samples import with_samples
from rules.types import Learned, Release, Request

STRANGER: Final = Persona(STRANGER_KEY)


def look_at_slot(
    release: Release, slot: str, learned: Learned | None, eyes: str, now: datetime
) -> RenderedSlot | None:
    """`eyes`: a persona's key; a rule's own condition counts as a segment `rule:<key>`."""
    persona = _persona(release, with_samples(learned), eyes, now)
    if persona is None:
        return None
    request = Request((slot,), now, context=persona.context, locale=release.settings.locale)
    return page(release, with_samples(learned), persona.visitor, request).slots[slot]


def _persona(release: Release, learned: Learned, eyes: str, now: datetime) -> Persona | None:
    if eyes == KNOWN_KEY:
        return somebody_known(release.catalogue, learned, now)
    audience = eyes.removeprefix(SEGMENT_KEY)
    if eyes.startswith(SEGMENT_KEY) and audience in release.conditions:
        return somebody_in(audience, release.catalogue, release.conditions, learned, now)
    return STRANGER
