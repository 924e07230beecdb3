"""In: a batch of event rows as they were sent. Out: how many were stored, and why others not.

One transaction: what was accepted is durable, stored once, and applied to the visitors' profiles
when this returns, so the next page view sees it. Nothing is stored without consent, and what is
withheld is not even compared with what is stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from personalization.clock import now, to_us
from personalization.collect import known, statements
from personalization.collect.checking import Rejection, Row
from personalization.collect.known import Known
from personalization.collect.reception import Reception, SiteRules, receive
from personalization.collect.writing import Raced, write
from personalization.govern.gpc import opted_out
from personalization.govern.purposes import to_bits

TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch. `withheld`: not stored for lack of consent."""

    accepted: int
    duplicates: int
    withheld: int
    rejected: tuple[Rejection, ...]


def ingest(
    site: SiteRules,
    rows: Sequence[object],
    *,
    gpc: bool = False,
    crawler: bool = False,
    proven_visitor: str | None = None,
    trusted: bool = False,
) -> Outcome:
    """Store what consent allows. Who is not trusted speaks only for their proven visitor."""
    received = to_us(now())
    taken = to_bits(opted_out(site)) if gpc else 0
    reception = receive(site, rows, now=received, proven_visitor=proven_visitor, trusted=trusted)
    if crawler or not reception.rows:
        return Outcome(0, 0, len(reception.rows), reception.rejected)
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return _store(site, reception, received, taken)
        except Raced:
            if attempt == TRIES:
                raise
    raise AssertionError


def _store(site: SiteRules, reception: Reception, received: int, taken: int) -> Outcome:
    visitors = known.lock(site.id, {row.visitor for row in reception.rows}, taken=taken)
    fresh, withheld = _sift(site.id, reception, visitors)
    if fresh:
        write(fresh, reception.claims, visitors, site=site, received=received)
    repeated = len(reception.rows) - len(fresh) - withheld
    return Outcome(len(fresh), repeated, withheld, reception.rejected)


def _sift(
    site_id: int, reception: Reception, visitors: Mapping[str, Known]
) -> tuple[list[Row], int]:
    """The rows to store, in the order of their ids, and how many are withheld; the rest repeat.

    Among rows of one id, or exposures of one token, the first wins; a withheld row takes no id.
    """
    allowed = [row for row in reception.rows if row.visitor in visitors]
    barred = {row.id for row in reception.rows if row.visitor not in visitors}
    once = {row.id: row for row in reversed(allowed)}
    for event in statements.stored_events(site_id, list(once)):
        del once[event]
    shown = {
        reception.claims[row.place].token: row.id
        for row in reversed(allowed)
        if row.type == "exposure" and once.get(row.id) is row
    }
    for token in statements.stored_tokens(site_id, list(shown)):
        del shown[token]
    shown_once = set(shown.values())
    fresh = [once[event] for event in sorted(once)]
    return [row for row in fresh if row.type != "exposure" or row.id in shown_once], len(barred)
