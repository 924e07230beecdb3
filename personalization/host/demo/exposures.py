"""What the demo's visitors were shown lately, so that the studio has something to tell.

In:  the published site, and what its visitors did.
Out: exposure events of the last days, through the door that every page's exposures take.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from personalization import clock
from personalization.collect.ingest import ingest
from personalization.govern.models import Site
from personalization.learn.live import learned
from personalization.profiles.reading import read_visitor
from personalization.publish.reading import read_release
from personalization.render.core import page
from personalization.report.exposures import exposure_token
from rules.consent import effective
from rules.types import Learned, Release, Request

HOME: Final = ("home.promotion", "home.hero")  # the carousel waits for the first model
LATELY: Final = timedelta(days=14)
MOST_VISITS: Final = 1200
CHUNK: Final = 500

Row = Mapping[str, Any]  # an event as the API takes it


def show(site: Site, rows: Iterable[Row], *, now: datetime) -> int:
    """Show the home page once to each visitor on each of the last days; how often it was seen."""
    release = read_release(site.pk, site.live_release or 0)
    known = learned(site.pk, site.live_learned)
    visits = list(_visits(rows, now))
    seen = [
        event
        for visitor, at in visits[:: max(1, len(visits) // MOST_VISITS)]
        for event in _seen(site, release, known, visitor, at)
    ]
    for start in range(0, len(seen), CHUNK):
        ingest(site, seen[start : start + CHUNK], trusted=True)
    return len(seen)


def _visits(rows: Iterable[Row], now: datetime) -> Iterator[tuple[str, datetime]]:
    """The first moment of each visitor's each day, oldest first."""
    first: dict[tuple[str, str], datetime] = {}
    for row in rows:
        at = datetime.fromisoformat(row["at"])
        if now - at <= LATELY:
            day = (row["visitor"], f"{at:%Y-%m-%d}")
            first[day] = min(at, first.get(day, at))
    for (visitor, _day), at in sorted(first.items(), key=lambda pair: (pair[1], pair[0])):
        yield visitor, at


def _seen(
    site: Site, release: Release, known: Learned, visitor_id: str, at: datetime
) -> Iterator[dict[str, Any]]:
    visitor = read_visitor(site, visitor_id, now=at)
    purposes = effective(visitor.purposes, False, False, release.settings)
    shown = page(release, known, visitor, Request(HOME, at, {"device": "desktop"}, "en"))
    for slot, each in shown.slots.items():
        token = exposure_token(
            site.pk,
            shown,
            slot,
            each,
            visitor=visitor.reference,
            purposes=purposes,
            at=clock.to_us(at),
        )
        if token is not None:
            event = {"id": f"seen-{visitor_id}-{at:%Y%m%d}-{slot}", "type": "exposure"}
            yield {**event, "visitor": visitor_id, "at": at.isoformat(), "exposure": token}
