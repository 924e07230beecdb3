"""What the first page counts: what was shown and done in the last days, and who allows what.

In:  a site, and from when on.
Out: `Lately`, exact numbers; people see them rounded. Three queries; where they counted so much
     that it takes a while, the answer is kept for two minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.core.cache import cache
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q

from personalization.clock import DAY
from personalization.collect.models import Event, Exposure
from personalization.govern.models import Site
from personalization.govern.purposes import ANALYTICS, granting
from personalization.profiles.allowing import ByPurposes, by_purposes

COUNTED: Final = granting(ANALYTICS)  # purposes of what a report may count
DONE: Final = ("click", "purchase")
MANY: Final = 100_000
KEPT_SECONDS: Final = 120


class Shown(NamedTuple):
    """`day`: since 1970, by UTC. `is_counted`: the visitors allow reports."""

    slot: str
    reason: str
    day: int
    is_counted: bool
    times: int


@dataclass(frozen=True, slots=True)
class Lately:
    """`done`: by type of event, of visitors who allow reports. `allowing`: visitors there are."""

    every: tuple[Shown, ...]
    done: dict[str, int]
    allowing: ByPurposes

    @property
    def shown(self) -> Iterable[Shown]:
        """To visitors who allow reports."""
        return (each for each in self.every if each.is_counted)

    @property
    def failed(self) -> Iterable[Shown]:
        """To anybody: it is about the slot, not the visitor."""
        return (each for each in self.every if each.reason == "error")

    @property
    def counted(self) -> int:
        shown = sum(each.times for each in self.every)
        return shown + sum(self.done.values()) + sum(self.allowing.values())


def lately(site: Site, since: int) -> Lately:
    kept_as = f"personalization:lately:{site.pk}:{since}"
    found: Lately | None = cache.get(kept_as)
    if found is None:
        found = Lately(tuple(_shown(site, since)), _done(site, since), by_purposes(site))
        if found.counted > MANY:
            cache.set(kept_as, found, KEPT_SECONDS)
    return found


def _shown(site: Site, since: int) -> Iterable[Shown]:
    is_counted = ExpressionWrapper(Q(purposes__in=COUNTED), output_field=BooleanField())
    rows = (
        Exposure.objects.filter(site=site, at__gte=since)
        .annotate(day=F("at") / DAY, is_counted=is_counted)
        .values_list("slot", "reason", "day", "is_counted")
        .annotate(times=Count("id"))
        .order_by()
    )
    return (
        Shown(slot, reason, int(day), bool(counted), n) for slot, reason, day, counted, n in rows
    )


def _done(site: Site, since: int) -> dict[str, int]:
    rows = Event.objects.filter(site=site, at__gte=since, type__in=DONE, purposes__in=COUNTED)
    return dict(rows.values_list("type").annotate(Count("id")).order_by())
