"""Render the slots of one page view: a pure function of four values.

In:  what was published, what was learnt, a visitor, one request.
Out: a `Page`: for each slot its HTML or data, with the reason of the choice.

A slot that fails falls back, alone: chosen content, next matching rule, default, empty text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from personalization.blocks.cleaning import clean_block, readable
from personalization.blocks.limits import OUTPUT_BYTES, TooMuch
from personalization.render.items import shown_items
from personalization.render.prepared import Prepared, prepared
from rules import engine
from rules.caching import PUBLIC, max_age
from rules.provenance import Provenance
from rules.recommendations import suggest
from rules.types import (
    Assignment,
    CacheScope,
    Choice,
    Facts,
    Learned,
    Reason,
    Release,
    Request,
    SlotDecision,
    Suggestion,
    Visitor,
)

Report = Callable[[str, str, Exception], None]  # slot, content, what went wrong
ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cache:
    """What a shared cache may do with this very answer."""

    scope: str
    max_age: int
    vary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenderedSlot:
    """`html` of an HTML block (then `data` is None), or `data` of a JSON block (then no `html`)."""

    html: str
    data: Any  # JSON
    content: str | None
    locale: str | None
    reason: Reason
    experiment: Assignment | None
    items: tuple[Suggestion, ...]
    cache: Cache
    provenance: Provenance | None = None  # of a text that a model wrote
    pictures: tuple[Provenance, ...] = ()  # of those that a model drew


@dataclass(frozen=True, slots=True)
class Page:
    release: int
    learned: int
    personalized: bool
    slots: Mapping[str, RenderedSlot]


class NothingToShow(Exception):
    """A content that lives from suggestions found none."""


def keep_quiet(slot: str, content: str, error: Exception) -> None:
    """For callers to whom a failure is told by the reason alone."""


def page(
    release: Release,
    learned: Learned,
    visitor: Visitor,
    request: Request,
    report: Report = keep_quiet,
) -> Page:
    decision = engine.decide(release, learned, visitor, request)
    already = set(request.shown)
    view = _View(release, learned, decision.visitor, request, decision.page, already)
    slots = {}
    for each in decision.slots:
        shown = slots[each.slot] = _render(view, each, report)
        view.shown.update(suggestion.item.key for suggestion in shown.items)
    return Page(decision.release, decision.learned, decision.personalized, slots)


@dataclass(frozen=True, slots=True)
class _View:
    """One page view, as all of its slots see it; `shown`: the items of the slots before."""

    release: Release
    learned: Learned
    visitor: Visitor
    request: Request
    page: Facts
    shown: set[str]

    def names(self, wanted: Prepared) -> dict[str, Any]:
        """What placeholders may name: only what this content reads is looked up."""
        visitor = self.visitor
        page = {name: self.page[name] for name in wanted.page_reads if name in self.page}
        about = {name: visitor.facts[name] for name in wanted.visitor_reads & visitor.facts.keys()}
        for name in wanted.personal_reads:
            value = visitor.personal.get(name)
            if value is not None:
                about[name] = value
        return {"visitor": about, "context": page, "site": wanted.site}


def _render(view: _View, decision: SlotDecision, report: Report) -> RenderedSlot:
    """The first choice that can be shown. A failing slot never touches another."""
    failed: Choice | None = None
    for choice in decision.choices:
        try:
            shown = _show(view, choice, decision.cache)
        except Exception as error:  # noqa: BLE001 - the edge of one slot: contained and reported
            report(decision.slot, choice.content or "", error)
            failed = failed or choice
            continue
        return shown if failed is None else _fallen_back(shown, failed)
    return _fallen_back(_shown(view, decision.choices[-1], decision.cache), failed)


def _show(view: _View, choice: Choice, scope: CacheScope) -> RenderedSlot:
    if choice.content is None:
        return _shown(view, choice, scope)
    wanted = prepared(view.release, choice.content, view.request.locale)
    names = view.names(wanted)
    content = wanted.filling.values(names)
    suggestions = _suggestions(view, wanted)
    if wanted.template is None:
        html, data = "", wanted.json(content)
    else:
        items = shown_items(suggestions, view.learned, wanted.filling.each, names)
        html, data = _html(wanted, {**names, "content": content, "items": items}), None
    shown = _shown(view, choice, scope, html, data, wanted.locale, suggestions)
    if wanted.provenance is None and not wanted.pictures:
        return shown
    return replace(shown, provenance=wanted.provenance, pictures=wanted.pictures)


def _suggestions(view: _View, wanted: Prepared) -> tuple[Suggestion, ...]:
    if wanted.suggestions is None:
        return ()
    spec = wanted.suggestions
    already = frozenset(view.shown) if spec.shelf.no_repeats else frozenset()
    found = suggest(view.learned, spec, view.visitor, view.request, already)
    if not found:
        raise NothingToShow(f"no item for {spec.strategy!r}")
    return found


def _html(wanted: Prepared, names: Mapping[str, Any]) -> str:
    html = readable(wanted.render(names))
    if not wanted.trusted:
        html = str(clean_block(html))
    if len(html) > OUTPUT_BYTES or len(html.encode()) > OUTPUT_BYTES:
        raise TooMuch(f"more than {OUTPUT_BYTES} bytes")
    return html


def _shown(
    view: _View,
    choice: Choice,
    scope: CacheScope,
    html: str = "",
    data: Any = None,  # JSON
    locale: str | None = None,
    items: tuple[Suggestion, ...] = (),
) -> RenderedSlot:
    cache = Cache(scope.scope, max_age(scope, view.request.now), scope.vary)
    content, reason, test = choice.content, choice.reason, choice.experiment
    return RenderedSlot(html, data, content, locale, reason, test, items, cache)


def _fallen_back(shown: RenderedSlot, failed: Choice | None) -> RenderedSlot:
    """A default after a failure says so, and is not kept long. The arm stays on record."""
    failure = failed if failed is not None else None
    reason = shown.reason if shown.reason.kind == "rule" else Reason(ERROR)
    return replace(
        shown,
        reason=reason,
        experiment=failure.experiment if failure else shown.experiment,
        cache=replace(shown.cache, max_age=0) if shown.cache.scope == PUBLIC else shown.cache,
    )
