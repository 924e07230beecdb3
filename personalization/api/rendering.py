"""`POST render`: a page view's slots, for whoever asks.

In:  a checked key and the call's bytes.
Out: the answer. One query reads the visitor, none the release; with the database away, everybody
     is a stranger.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db import DatabaseError, InterfaceError, connection

from personalization import clock, conf
from personalization.api import rates
from personalization.api.access import Headers, may_speak_for, proven_visitor
from personalization.api.answers import Answer, Call, as_json, clean
from personalization.api.counters import FAILURES, slots_filled
from personalization.api.devices import device_of
from personalization.api.own_addresses import with_own_addresses
from personalization.api.render_request import RenderRequest, read_render_request
from personalization.govern.crawlers import is_crawler
from personalization.govern.gpc import opts_out
from personalization.govern.keys import Key
from personalization.govern.keystore import LockedStore
from personalization.learn.live import learned
from personalization.profiles.reading import Needs, read_visitor
from personalization.publish.live import Live, current
from personalization.publish.previews import find_preview, sight_of
from personalization.render.core import Page, RenderedSlot, page
from personalization.render.needs import needs_of
from personalization.report.exposures import exposure_token
from personalization.targeting import firsts, undeclared
from rules.consent import effective
from rules.fields import Catalogue
from rules.types import STRANGER, Learned, Release, Request, Settings, Visitor

NOTHING_PUBLISHED: Final = Release(
    site="",
    number=0,
    catalogue=Catalogue(),
    slots={},
    contents={},
    blocks={},
    conditions={},
    settings=Settings(),
    matcher=lambda _facts, _now: frozenset(),
)
Read = dict[Needs, Visitor]
PREVIEW_HEADER: Final = "x-preview"
AWAY: Final = (DatabaseError, InterfaceError)
log: Final = logging.getLogger("personalization.render")
_away_at: list[float] = []


def render(key: Key, call: Call) -> Answer:
    wanted = read_render_request(call.body)
    proven = None if key.is_secret else proven_visitor(key, call.headers, wanted.token)
    named = wanted.visitor
    rates.check(key.id, named if named and may_speak_for(key, named, proven) else None)
    if PREVIEW_HEADER in call.headers:
        seen = previewed(key, wanted, call.headers, call.headers[PREVIEW_HEADER])
        if seen is not None:
            return as_json(200, with_own_addresses(seen, call.headers))
    document = rendered(key, wanted, call.headers, proven)
    return as_json(200, with_own_addresses(document, call.headers))


def previewed(
    key: Key, wanted: RenderRequest, headers: Headers, token: str | None
) -> dict[str, Any] | None:  # JSON
    """The answer through the eyes of a preview, recorded nowhere; None if the token is no good."""
    preview = find_preview(key.site_id, token)
    if preview is None:
        return None
    sight, live = sight_of(preview), current(key.site_id)
    asked = _request(live, wanted, headers, sight.now, is_browser=not key.is_secret)
    chosen = sight.look.context
    request = replace(
        asked,
        context={**asked.context, **chosen},
        locale=chosen.get("locale", asked.locale),
        gpc=False,
        crawler=False,
    )
    shown = page(sight.release, learned_of(live), sight.visitor, request, report_failure)
    return _document(shown, dict.fromkeys(shown.slots))


def rendered(
    key: Key,
    wanted: RenderRequest,
    headers: Headers,
    proven: str | None,
    read: Read | None = None,
) -> dict[str, Any]:  # JSON
    """The document of DESIGN's render contract.

    `read`: what one page view has read of its visitor, where it fills its slots one by one.
    """
    live = current(key.site_id)
    now = clock.now()
    request = _request(live, wanted, headers, now, is_browser=not key.is_secret)
    visitor = _visitor(key, live, wanted, proven, request, {} if read is None else read)
    known = learned_of(live)
    shown = _page(live.release, known, visitor, request)
    _note(live, shown, request)
    purposes = frozenset(visitor.purposes)
    if live.release is not None:
        purposes = effective(purposes, request.gpc, request.crawler, live.release.settings)
    exposures = {
        slot: exposure_token(
            live.site_id,
            shown,
            slot,
            each,
            visitor=visitor.reference if not request.crawler else None,
            purposes=purposes,
            at=clock.to_us(now),
        )
        for slot, each in shown.slots.items()
    }
    return _document(shown, exposures)


def learned_of(live: Live) -> Learned:
    """The suggestions that are live; with the database away, those in memory."""
    try:
        return learned(live.site_id, live.learned_number)
    except AWAY as error:
        _note_away(error)
        return learned(live.site_id, None)


def report_failure(slot: str, content: str, error: Exception) -> None:
    """A slot's failure reaches the log and the metrics, never the page."""
    FAILURES.labels(slot).inc()
    log.error("slot.failed slot=%s content=%s", slot, content, exc_info=error)


def _page(release: Release | None, known: Learned, visitor: Visitor, request: Request) -> Page:
    if release is None:
        return page(NOTHING_PUBLISHED, known, visitor, request)
    return page(release, known, visitor, request, report_failure)


def _request(
    live: Live, wanted: RenderRequest, headers: Headers, now: datetime, *, is_browser: bool
) -> Request:
    context: dict[str, object] = dict(wanted.context)
    item, locale = context.pop("item", None), context.get("locale")
    agent = headers.get("user-agent") if is_browser else None
    country = headers.get(str(conf.get("COUNTRY_HEADER")).lower()) if is_browser else None
    if country:
        context["country"] = country[:64]
    if agent and "device" not in context:
        context["device"] = device_of(agent)
    return Request(
        slots=wanted.slots,
        now=now,
        context=context,
        locale=locale if isinstance(locale, str) else None,
        item=item if isinstance(item, str) else None,
        gpc=opts_out(headers.get("sec-gpc")),
        crawler=is_browser and is_crawler(agent),
        shown=wanted.shown,
    )


def _visitor(
    key: Key, live: Live, wanted: RenderRequest, proven: str | None, request: Request, read: Read
) -> Visitor:
    """Who asks, as far as they proved it; a crawler and a guessed id are strangers."""
    named = wanted.visitor if wanted.visitor is not None else proven
    if named is None or not live.enabled or request.crawler:
        return STRANGER
    if not may_speak_for(key, named, proven):
        return STRANGER
    try:
        needs = needs_of(live.release or NOTHING_PUBLISHED, wanted.slots)
        if needs not in read:
            read[needs] = read_visitor(live, named, now=request.now, needs=needs)
        return read[needs]
    except AWAY as error:
        _note_away(error)
        return STRANGER
    except LockedStore:
        log.exception("keys.locked: rendering as for strangers")
        return STRANGER


def _document(shown: Page, exposures: Mapping[str, str | None]) -> dict[str, Any]:  # JSON
    return {
        "release": shown.release,
        "learned": shown.learned,
        "personalized": shown.personalized,
        "slots": {
            slot: _slot_document(each, exposures[slot]) for slot, each in shown.slots.items()
        },
    }


def _slot_document(shown: RenderedSlot, exposure: str | None) -> dict[str, Any]:  # JSON
    assigned = shown.experiment
    return {
        "html": shown.html,
        "data": shown.data,
        "content": shown.content,
        "reason": {
            "kind": shown.reason.kind,
            "rule": shown.reason.rule,
            "segment": shown.reason.segment,
        },
        "experiment": {"key": assigned.key, "arm": assigned.arm} if assigned else None,
        "items": [
            {
                "item": each.item.key,
                "title": each.item.title,
                "url": each.item.url,
                "reason": each.reason,
            }
            for each in shown.items
        ],
        "exposure": exposure,
        "cache": {
            "scope": shown.cache.scope,
            "max_age": shown.cache.max_age,
            "vary": list(shown.cache.vary),
        },
    }


def _note(live: Live, shown: Page, request: Request) -> None:
    for each in shown.slots.values():
        slots_filled(each.reason.kind).inc()
    unknown = [slot for slot, each in shown.slots.items() if each.reason.kind == "unknown_slot"]
    if unknown and not request.crawler:
        undeclared.note(live.site_id, unknown, clean(str(request.context.get("url", ""))))
    if not live.has_rendered and live.release is not None:
        firsts.note_render(live.site_id)


def _note_away(error: Exception) -> None:
    """Say it once a minute; let the next request connect anew."""
    if not _away_at or time.monotonic() - _away_at[0] > 60:
        _away_at[:] = [time.monotonic()]
        log.error("database.away: rendering as for strangers (%s)", type(error).__name__)
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
