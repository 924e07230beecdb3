"""What publishing would change for visitors: their page view replayed before and after.

In:  what is live, what would be, visitors, the instant.
Out: for each slot the share who would see something else, and the contents that they would see.
     A page view is not replayed: what only it knows (device, address, country) is unknown here.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.core.cache import cache

from personalization import clock
from personalization.govern.models import Site
from personalization.govern.rounding import shown_count, shown_share
from personalization.profiles.sampling import recent_visitors
from personalization.publish.live import without_campaigns
from personalization.report.slot_reach import campaigns_off
from rules import codec
from rules.engine import decide
from rules.types import NOTHING_LEARNED, Release, Request, Visitor

SAMPLE: Final = 1_000  # visitors; every slot is decided twice for each
KEPT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Shift:
    """`content`: its key; None is nothing at all. Shares of the sample, as people may see them."""

    content: str | None
    before: str
    after: str
    is_edited: bool  # the same content, with other words


@dataclass(frozen=True, slots=True)
class SlotChange:
    slot: str
    differs: str  # the share who would see something else
    shifts: tuple[Shift, ...]  # who would see most of it after publishing first


@dataclass(frozen=True, slots=True)
class Expected:
    sample: str
    slots: tuple[SlotChange, ...]  # of which somebody would see something else


@dataclass(slots=True)
class _Counts:
    differs: int = 0
    before: Counter[str | None] = field(default_factory=Counter)
    after: Counter[str | None] = field(default_factory=Counter)


def expected_change(site: Site, before: Release | None, after: Release) -> Expected:
    """Over the visitors seen last; the same question is answered from memory for a minute."""
    off = campaigns_off(site)
    old = _as_shown(before, off) if before else None
    new = _as_shown(after, off)
    kept_as = _name(site, old, new)
    found: Expected | None = cache.get(kept_as)
    if found is None:
        now = clock.now()
        found = compare(old, new, recent_visitors(site, SAMPLE, now=now), now)
        cache.set(kept_as, found, KEPT_SECONDS)
    return found


def compare(
    before: Release | None, after: Release, visitors: Iterable[Visitor], now: datetime
) -> Expected:
    counts = {key: _Counts() for key in sorted({*after.slots, *(before.slots if before else ())})}
    edited = frozenset(_edited(before, after))
    seen = 0
    for visitor in visitors:
        seen += 1
        old = _contents(before, visitor, counts, now)
        new = _contents(after, visitor, counts, now)
        for key, count in counts.items():
            count.before[old[key]] += 1
            count.after[new[key]] += 1
            count.differs += old[key] != new[key] or new[key] in edited
    changed = {key: count for key, count in counts.items() if count.differs}
    slots = tuple(_shown(key, count, edited, seen) for key, count in changed.items())
    return Expected(shown_count(seen), slots)


def _contents(
    release: Release | None, visitor: Visitor, slots: Iterable[str], now: datetime
) -> Mapping[str, str | None]:
    if release is None:
        return dict.fromkeys(slots)
    decided = decide(release, NOTHING_LEARNED, visitor, Request(tuple(slots), now)).slots
    return {one.slot: one.choices[0].content for one in decided}


def _edited(before: Release | None, after: Release) -> Iterable[str]:
    """Contents of both releases that are not the same in them, or stand on another block."""
    if before is None:
        return
    for key in before.contents.keys() & after.contents.keys():
        old, new = before.contents[key], after.contents[key]
        if old != new or before.blocks.get(old.block) != after.blocks.get(new.block):
            yield key


def _shown(slot: str, counts: _Counts, edited: frozenset[str], seen: int) -> SlotChange:
    touched = [
        key
        for key in {*counts.before, *counts.after}
        if counts.before[key] != counts.after[key] or key in edited
    ]
    touched.sort(key=lambda key: (-counts.after[key], -counts.before[key], key or ""))
    shifts = tuple(
        Shift(
            key,
            shown_share(counts.before[key], seen),
            shown_share(counts.after[key], seen),
            key in edited,
        )
        for key in touched
    )
    return SlotChange(slot, shown_share(counts.differs, seen), shifts)


def _as_shown(release: Release, off: frozenset[str]) -> Release:
    slots = {key: without_campaigns(slot, off) for key, slot in release.slots.items()}
    return replace(release, slots=slots)


def _name(site: Site, *pair: Release | None) -> str:
    documents = [codec.to_document(one) if one else None for one in pair]
    return f"pz-expected:{site.pk}:{hashlib.sha256(json.dumps(documents).encode()).hexdigest()}"
