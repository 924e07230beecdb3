"""`POST events`: what visitors did, durable before the answer."""

from typing import Any, Final

from django.utils.translation import gettext as _

from personalization import clock
from personalization.api import rates
from personalization.api.access import proven_visitor, require_secret
from personalization.api.answers import Answer, Call, as_json, clean
from personalization.api.counters import EVENTS
from personalization.api.strict_json import MOST_BYTES, read_json
from personalization.collect.ingest import Outcome, ingest
from personalization.exceptions import FieldError, Malformed, TooLarge
from personalization.govern.crawlers import is_crawler
from personalization.govern.gpc import opts_out
from personalization.govern.keys import Key
from personalization.govern.models import Site
from personalization.publish.live import current

MOST_EVENTS: Final = 500
_first_seen: Final[set[int]] = set()


def collect(key: Key, call: Call) -> Answer:
    if key.is_secret:
        require_secret(key, "collect")
    rows, token = _read(call.body)
    proven = None if key.is_secret else proven_visitor(key, call.headers, token)
    rates.check(key.id, proven)
    outcome = ingest(
        current(key.site_id),
        rows,
        gpc=opts_out(call.headers.get("sec-gpc")),
        crawler=not key.is_secret and is_crawler(call.headers.get("user-agent")),
        proven_visitor=proven,
        trusted=key.is_secret,
    )
    _count(outcome)
    if outcome.accepted:
        _note_first(key.site_id)
    return as_json(202, _document(outcome))


def _read(body: bytes) -> tuple[list[Any], str | None]:  # rows of JSON
    document = read_json(body, most_bytes=MOST_BYTES)
    if not isinstance(document, dict) or not isinstance(document.get("events"), list):
        raise _refused("events", "required", _("Send an object with a list “events”."))
    for name in document:
        if name not in ("events", "token"):
            raise _refused(name[:200], "unknown", _("Remove it; known are events, token."))
    token = document.get("token")
    if token is not None and not isinstance(token, str):
        raise _refused("token", "type", _("Send the visitor's token as a text."))
    if len(document["events"]) > MOST_EVENTS:
        raise TooLarge(_("Send at most %d events at once.") % MOST_EVENTS)
    return document["events"], token


def _document(outcome: Outcome) -> dict[str, Any]:  # JSON
    return {
        "accepted": outcome.accepted,
        "duplicates": outcome.duplicates,
        "withheld": outcome.withheld,
        "rejected": [
            {"index": each.index, "code": each.code, "detail": clean(each.detail)}
            for each in outcome.rejected
        ],
    }


def _count(outcome: Outcome) -> None:
    EVENTS.labels("accepted").inc(outcome.accepted)
    EVENTS.labels("duplicate").inc(outcome.duplicates)
    EVENTS.labels("withheld").inc(outcome.withheld)
    EVENTS.labels("rejected").inc(len(outcome.rejected))


def _note_first(site_id: int) -> None:
    """The studio says when a site's first event arrived; asked once a process."""
    if site_id not in _first_seen:
        Site.objects.filter(pk=site_id, first_event_at=None).update(first_event_at=clock.now())
        _first_seen.add(site_id)


def _refused(path: str, code: str, detail: str) -> Malformed:
    return Malformed(detail, errors=(FieldError(path, code, detail),))
