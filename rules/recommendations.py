"""Which items a content suggests.

In:  what was learnt, which strategy and how many, a permitted visitor, the request.
Out: that many suggestions where the site has them, best first, each with its strategy's name.

A strategy that knows too little is filled up from what is popular. The filling is turned a little
every hour, alike for everybody, so that it tells nobody who was in the training data.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from rules.buckets import assign
from rules.consent import PROFILING
from rules.types import Learned, Request, Scored, Suggestion, SuggestionSpec, Visitor

FOR_YOU, SIMILAR, BOUGHT_TOGETHER = "for_you", "similar", "bought_together"
TRENDING, POPULAR, RECENT = "trending", "popular", "recent"
MOST = 48  # suggestions in one slot
SWAY = 8  # places by which the filling is moved

Found = Iterable[Scored]
Find = Callable[[Learned, Visitor, Request, int, frozenset[str]], Found]


def suggest(
    learned: Learned,
    spec: SuggestionSpec,
    visitor: Visitor,
    request: Request,
    exclude: frozenset[str] = frozenset(),
) -> tuple[Suggestion, ...]:
    """At most `spec.limit` items, available ones only, none twice and none of `exclude`."""
    limit = max(0, min(spec.limit, MOST))
    hidden = exclude if request.item is None else exclude | {request.item}
    if spec.strategy == FOR_YOU:
        hidden |= visitor.bought
    chosen: dict[str, Suggestion] = {}
    for suggestion in _candidates(learned, spec.strategy, visitor, request, limit, hidden):
        if len(chosen) == limit:
            break
        if suggestion.item.available and suggestion.item.key not in hidden:
            chosen.setdefault(suggestion.item.key, suggestion)
    return tuple(chosen.values())


def _candidates(
    learned: Learned,
    strategy: str,
    visitor: Visitor,
    request: Request,
    limit: int,
    hidden: frozenset[str],
) -> Iterator[Suggestion]:
    """The strategy's own finds first, then popular items, then whatever the site has."""
    find = STRATEGIES.get(strategy, _popular)
    yield from _known(learned, find(learned, visitor, request, limit, hidden), strategy)
    yield from _known(learned, _filling(learned, request.now), POPULAR)
    rest = (Scored(key, 0.0) for key in learned.items)
    yield from _known(learned, rest, POPULAR)


def _known(learned: Learned, found: Found, reason: str) -> Iterator[Suggestion]:
    for scored in found:
        item = learned.items.get(scored.item)
        if item is not None:
            yield Suggestion(item, reason, scored.score)


def _for_you(
    learned: Learned, visitor: Visitor, request: Request, limit: int, hidden: frozenset[str]
) -> Found:
    if learned.ranker is None or not visitor.purposes >= PROFILING or not visitor.signals:
        return ()
    return learned.ranker.for_visitor(visitor.signals, request.now, limit, hidden)


def _similar(
    learned: Learned, visitor: Visitor, request: Request, limit: int, hidden: frozenset[str]
) -> Found:
    if learned.ranker is None or request.item is None:
        return ()
    return learned.ranker.similar(request.item, limit, hidden)


def _bought_together(
    learned: Learned, visitor: Visitor, request: Request, limit: int, hidden: frozenset[str]
) -> Found:
    if learned.ranker is None or request.item is None:
        return ()
    return learned.ranker.bought_together(request.item, limit, hidden)


def _trending(
    learned: Learned, visitor: Visitor, request: Request, limit: int, hidden: frozenset[str]
) -> Found:
    return learned.trending


def _popular(
    learned: Learned, visitor: Visitor, request: Request, limit: int, hidden: frozenset[str]
) -> Found:
    return learned.popular


def _recent(
    learned: Learned, visitor: Visitor, request: Request, limit: int, hidden: frozenset[str]
) -> Found:
    """What the visitor looked at, newest first."""
    return (Scored(signal.item, 0.0) for signal in visitor.signals)


STRATEGIES: dict[str, Find] = {
    FOR_YOU: _for_you,
    SIMILAR: _similar,
    BOUGHT_TOGETHER: _bought_together,
    TRENDING: _trending,
    POPULAR: _popular,
    RECENT: _recent,
}


def _filling(learned: Learned, now: datetime) -> tuple[Scored, ...]:
    """The popular items, each moved by less than `SWAY` places, differently every hour."""
    hour = now.astimezone(UTC).strftime("%Y-%m-%dT%H")
    kept: tuple[str, tuple[Scored, ...]] | None = learned.memory.get("filling")
    if kept is None or kept[0] != hour:
        kept = learned.memory["filling"] = (hour, _swayed(learned.popular, hour))
    return kept[1]


def _swayed(popular: tuple[Scored, ...], hour: str) -> tuple[Scored, ...]:
    def place(index: int) -> float:
        return index + SWAY * (assign(hour, popular[index].item, 2) or 0.0)

    return tuple(popular[index] for index in sorted(range(len(popular)), key=place))
