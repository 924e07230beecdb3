"""The visitors of a batch: locked, with what they allow; events counted in; written back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import orjson

from personalization import conf
from personalization.collect import statements
from personalization.collect.behaviour import Behaviour, count
from personalization.collect.statements import Values
from personalization.govern.pseudonyms import candidates
from personalization.profiles.recent import Entry, dump, merge_shown
from personalization.profiles.summaries import summarize
from personalization.profiles.visitors import find_profile


@dataclass(slots=True)
class Known:
    """One visitor while a batch is counted in. `bits`: the purposes under which it is stored."""

    id: int
    bits: int
    behaviour: Behaviour
    shown: str
    is_unsettled: bool = False  # journeys have yet to look at what was counted

    def count_events(self, entries: Sequence[Entry], *, currency: str) -> None:
        if not entries:
            return
        self.behaviour = count(
            self.behaviour,
            entries,
            currency=currency,
            limit=int(conf.get("RECENT_EVENTS")),
            stored=partial(statements.stored_times, self.id),
        )

    def count_exposures(self, shown: Sequence[tuple[int, str]]) -> None:
        """Count exposures `(at, rule)` in, for caps."""
        if shown:
            self.shown = dump(merge_shown(orjson.loads(self.shown), shown))

    def as_row(self) -> tuple[object, ...]:
        """In the order that `statements.update_profiles` writes."""
        counted = self.behaviour
        return (
            counted.first_seen,
            counted.last_seen,
            counted.visits,
            counted.frequency,
            counted.monetary,
            counted.applied,
            counted.recent,
            counted.recent_at,
            counted.recent_id,
            self.shown,
            self.is_unsettled,
            self.id,
        )


def lock(site_id: int, visitor_ids: Iterable[str], *, taken: int) -> dict[str, Known]:
    """The visitors who allow anything, locked until the transaction ends.

    `taken`: purpose bits that the request itself opts out of.
    """
    keys = {visitor: candidates(site_id, visitor) for visitor in visitor_ids}
    rows = {
        row[1]: row
        for row in statements.lock_profiles(
            site_id, [key for each in keys.values() for key in each]
        )
    }
    known = {}
    for visitor, (newest, *older) in keys.items():
        row = rows.get(newest)
        if row is None and any(key in rows for key in older):
            row = rows[_moved_from(site_id, visitor, older, rows)]
        if row is not None and row[2] & ~taken:
            known[visitor] = _known(row, taken)
    return known


def write(known: Iterable[Known]) -> None:
    """In one order for everybody, as they were locked."""
    ordered = sorted(known, key=lambda each: each.id)
    statements.update_profiles([each.as_row() for each in ordered])
    summarize([each.id for each in ordered])


def _moved_from(
    site_id: int, visitor: str, older: Sequence[str], rows: Mapping[str, Values]
) -> str:
    """Move a visitor who stands under a rotated key under today's; the key it stood under."""
    find_profile(site_id, visitor, lock=True)
    return next(key for key in older if key in rows)


def _known(row: Values, taken: int) -> Known:
    profile, _key, bits, shown, *behaviour = row
    return Known(profile, bits & ~taken, Behaviour(*behaviour), shown)
