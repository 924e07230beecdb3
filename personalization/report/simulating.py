"""What a release would show, asked of visitors whom we know, and told without any of them.

In:  a site, a release, how many visitors to draw, one page view.
Out: shares of contents and reasons in each slot, floored as all counts that people see.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from personalization.govern.models import Site
from personalization.govern.purposes import PERSONALIZATION, granting
from personalization.govern.rounding import shown_share
from personalization.learn.live import learned
from personalization.profiles.models import Profile, Summary
from personalization.profiles.reading import read_visitor
from personalization.profiles.visitors import raw_id
from personalization.render.core import page
from rules.types import Release, Request, Visitor

NOTHING: Final = ""
Progress = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True, slots=True)
class Share:
    """Of the visitors drawn, how many a slot shows this content for this reason."""

    slot: str
    content: str
    reason: str
    share: str


def simulate(
    site: Site,
    release: Release,
    request: Request,
    *,
    draw: int,
    seed: int,
    progress: Progress | None = None,
) -> tuple[Share, ...]:
    """Replay the page view for visitors drawn by chance; the seed makes it repeatable."""
    known = learned(site.pk, site.live_learned)
    ids = _drawn(site, draw, seed)
    counts: Counter[tuple[str, str, str]] = Counter()
    for done, visitor in enumerate(_visitors(site, ids, request), start=1):
        shown = page(release, known, visitor, request)
        for slot, rendered in shown.slots.items():
            counts[slot, rendered.content or NOTHING, rendered.reason.kind] += 1
        if progress is not None:
            progress(done, len(ids))
    drawn = sum(counts.values()) // max(1, len(request.slots))
    return tuple(
        Share(slot, content, reason, shown_share(count, drawn))
        for (slot, content, reason), count in sorted(
            counts.items(), key=lambda item: (item[0][0], -item[1], item[0])
        )
    )


def _drawn(site: Site, draw: int, seed: int) -> list[int]:
    """Ids of visitors who allow personalization, each equally likely (reservoir sampling)."""
    chance = random.Random(seed)
    kept: list[int] = []
    for seen, pk in enumerate(_ids(site)):
        if seen < draw:
            kept.append(pk)
        elif (place := chance.randrange(seen + 1)) < draw:
            kept[place] = pk
    return kept


def _ids(site: Site) -> Iterator[int]:
    rows = Summary.objects.filter(site=site, purposes__in=granting(PERSONALIZATION))
    yield from rows.order_by("pk").values_list("pk", flat=True).iterator()


def _visitors(site: Site, ids: list[int], request: Request) -> Iterator[Visitor]:
    for profile in Profile.objects.filter(pk__in=ids).iterator(chunk_size=500):
        visitor_id = raw_id(profile)
        if visitor_id is not None:
            yield read_visitor(site, visitor_id, now=request.now)
