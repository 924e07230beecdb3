"""In: rows that are to be stored, and their visitors, locked. Out: events, exposures, profiles."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from personalization.clock import from_us
from personalization.collect import known, statements
from personalization.collect.checking import Row
from personalization.collect.exposures import Claims
from personalization.collect.known import Known
from personalization.collect.reception import SiteRules
from personalization.collect.statements import Values
from personalization.govern.models import Site
from personalization.govern.purposes import PERSONALIZATION
from personalization.profiles.moving import ask_to_move
from personalization.profiles.recent import dump

_welcomed: set[int] = set()  # sites whose first event is known to be noted


class Raced(Exception):
    """Another batch stored one of the same ids meanwhile; the batch is to be counted anew."""


def write(
    rows: Sequence[Row],
    claims: Mapping[int, Claims],
    visitors: Mapping[str, Known],
    *,
    site: SiteRules,
    received: int,
) -> None:
    """Store new rows, ordered by id, and apply them to their visitors' profiles."""
    categories = statements.categories(site.id, sorted({row.item for row in rows if row.item}))
    _count(rows, claims, visitors, categories, site.currency)
    if site.has_journeys:
        _unsettle(visitors[row.visitor] for row in rows)
        ask_to_move(site.id)
    events = []
    exposures = []
    for row in rows:
        visitor, shown = visitors[row.visitor], claims.get(row.place)
        events.append((site.id, received, *_event(row, visitor, categories, shown)))
        if shown and row.type == "exposure":
            exposures.append(_exposure(site.id, visitor, shown))
    exposures.sort(key=lambda values: values[1])
    _insert(events, exposures)
    known.write({row.visitor: visitors[row.visitor] for row in rows}.values())
    _welcome(site.id, received)


def _count(
    rows: Sequence[Row],
    claims: Mapping[int, Claims],
    visitors: Mapping[str, Known],
    categories: Mapping[str, str],
    currency: str,
) -> None:
    """Count the rows into the visitors who allow it."""
    for visitor, own in _by_visitor(rows).items():
        if not visitors[visitor].bits & PERSONALIZATION:
            continue
        shown = [claims[row.place] for row in own if row.type == "exposure"]
        entries = [
            [row.at, row.id, row.type, row.item, categories.get(row.item or ""), *row[6:8]]
            for row in own
            if row.type != "exposure"
        ]
        visitors[visitor].count_exposures([(each.at, each.rule) for each in shown if each.rule])
        visitors[visitor].count_events(entries, currency=currency)


def _unsettle(visitors: Iterable[Known]) -> None:
    for visitor in visitors:
        visitor.is_unsettled = bool(visitor.bits & PERSONALIZATION)


def _by_visitor(rows: Iterable[Row]) -> dict[str, list[Row]]:
    own: dict[str, list[Row]] = {}
    for row in rows:
        own.setdefault(row.visitor, []).append(row)
    return own


def _event(row: Row, visitor: Known, categories: Mapping[str, str], shown: Claims | None) -> Values:
    """In the order of `statements.EVENT_COLUMNS`, after `received`."""
    return (
        row.id,
        visitor.id,
        row.type,
        row.at,
        row.item,
        categories.get(row.item or ""),
        row.value,
        row.currency,
        row.properties,
        shown.token if shown else None,
        visitor.bits,
    )


def _exposure(site_id: int, visitor: Known, shown: Claims) -> Values:
    """In the order of `statements.EXPOSURE_COLUMNS`."""
    return (
        site_id,
        shown.token,
        visitor.id,
        shown.at,
        shown.release,
        shown.learned,
        shown.slot,
        shown.content,
        shown.reason,
        shown.rule,
        shown.experiment,
        shown.arm,
        shown.phase,
        shown.bucket,
        shown.propensity,
        dump(shown.items) if shown.items else "",
        shown.draft,
        visitor.bits,
    )


def _insert(events: Sequence[Values], exposures: Sequence[Values]) -> None:
    if statements.insert_events(events) != len(events):
        raise Raced
    if statements.insert_exposures(exposures) != len(exposures):
        raise Raced


def _welcome(site_id: int, received: int) -> None:
    """Note when the site's first event arrived; asked once a process."""
    if site_id not in _welcomed:
        first = Site.objects.filter(pk=site_id, first_event_at=None)
        first.update(first_event_at=from_us(received))
        transaction.on_commit(lambda: _welcomed.add(site_id))
