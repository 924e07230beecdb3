"""`GET recommendations`: items for a visitor, for an item, or as a slot would suggest them."""

from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from personalization import clock
from personalization.api import rates
from personalization.api.access import must_speak_for
from personalization.api.described import described
from personalization.api.keyed_views import KeyedView, has_gpc, headers_of, key_of
from personalization.api.management import REFUSALS
from personalization.api.rendering import NOTHING_PUBLISHED, learned_of
from personalization.api.visitor_forms import SuggestedForm
from personalization.exceptions import FieldError, Malformed
from personalization.govern.crawlers import is_crawler
from personalization.profiles.ids import UNSTORABLE, check_visitor_id
from personalization.profiles.reading import read_visitor
from personalization.publish.live import Live, current
from rules.consent import effective, permitted_view
from rules.recommendations import FOR_YOU, MOST, STRATEGIES, suggest
from rules.types import STRANGER, Release, Request, Suggestion, SuggestionSpec, Visitor

LIMIT: Final = 10
LONGEST: Final = 200
NAMES: Final = ("visitor", "strategy", "limit", "slot", "item")


@dataclass(frozen=True, slots=True)
class _Wanted:
    visitor: str | None
    strategy: str | None
    limit: int | None
    slot: str | None
    item: str | None


class RecommendationsView(KeyedView):
    """What to suggest."""

    server_scope = "visitors"

    @described(
        parameters=[
            OpenApiParameter("visitor", OpenApiTypes.STR, description="Takes the visitor's token."),
            OpenApiParameter("strategy", OpenApiTypes.STR, enum=sorted(STRATEGIES)),
            OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 48; 10 unless said."),
            OpenApiParameter("slot", OpenApiTypes.STR, description="As this slot's default does."),
            OpenApiParameter("item", OpenApiTypes.STR, description="What the page is about."),
        ],
        responses={**REFUSALS, 200: SuggestedForm},
    )
    def list(self, request: HttpRequest) -> Response:
        """Items, best first. Without a visitor, as for a stranger; scores for servers only."""
        wanted = _read(request)
        live = current(key_of(request).site_id)
        release = live.release or NOTHING_PUBLISHED
        page = _page_view(request, wanted)
        spec = _spec(release, wanted)
        learned = learned_of(live)
        visitor = _visitor(request, live, release, wanted, page)
        found = suggest(learned, spec, visitor, page)
        with_scores = key_of(request).is_secret
        return Response(
            {
                "strategy": spec.strategy,
                "model": learned.model,
                "items": [_document(each, with_scores) for each in found],
            }
        )


def _read(request: HttpRequest) -> _Wanted:
    given = request.query_params
    errors = [
        FieldError(name[:100], "unknown", _("There is no such parameter; remove it."))
        for name in given
        if name not in NAMES
    ]
    for name in ("slot", "item"):
        text = given.get(name, "")
        if len(text) > LONGEST or UNSTORABLE.search(text):
            errors.append(FieldError(name, "text", _("Send a text of up to 200 characters.")))
    strategy = given.get("strategy")
    if strategy is not None and strategy not in STRATEGIES:
        known = ", ".join(STRATEGIES)
        errors.append(FieldError("strategy", "choice", _("Choose one of: %s.") % known))
    limit = given.get("limit")
    if limit is not None and not _is_limit(limit):
        sentence = _("Send a whole number from 1 to %d.") % MOST
        errors.append(FieldError("limit", "range", sentence))
    if errors:
        raise Malformed(errors[0].detail, errors=tuple(errors))
    visitor = given.get("visitor")
    return _Wanted(
        check_visitor_id(visitor) if visitor is not None else None,
        strategy,
        int(limit) if limit is not None else None,
        given.get("slot"),
        given.get("item"),
    )


def _is_limit(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MOST


def _page_view(request: HttpRequest, wanted: _Wanted) -> Request:
    agent = headers_of(request).get("user-agent")
    return Request(
        slots=(),
        now=clock.now(),
        item=wanted.item,
        gpc=has_gpc(request),
        crawler=not key_of(request).is_secret and is_crawler(agent),
    )


def _spec(release: Release, wanted: _Wanted) -> SuggestionSpec:
    """What the slot's default content asks for, unless the call says otherwise."""
    slot = release.slots.get(wanted.slot or "")
    content = release.contents.get(slot.default or "") if slot else None
    of_slot = content.suggestions if content and content.suggestions else None
    spec = of_slot or SuggestionSpec(FOR_YOU, LIMIT)
    return replace(
        spec, strategy=wanted.strategy or spec.strategy, limit=wanted.limit or spec.limit
    )


def _visitor(
    request: HttpRequest, live: Live, release: Release, wanted: _Wanted, page: Request
) -> Visitor:
    if wanted.visitor is None:
        return STRANGER
    key = key_of(request)
    must_speak_for(key, wanted.visitor, headers_of(request))
    rates.check_visitor(key.id, wanted.visitor)
    if not live.enabled:
        return STRANGER
    visitor = read_visitor(live, wanted.visitor, now=page.now)
    allowed = effective(visitor.purposes, page.gpc, page.crawler, release.settings)
    return permitted_view(visitor, allowed, release.catalogue)


def _document(found: Suggestion, with_score: bool) -> dict[str, Any]:  # JSON
    document = {
        "item": found.item.key,
        "title": found.item.title,
        "url": found.item.url,
        "reason": found.reason,
    }
    return {**document, "score": found.score} if with_score else document
