"""Which items a content suggests.

In:  what was learnt, which strategy and how many, a permitted visitor, the request.
Out: that many suggestions where the site has them, in the shelf's order, each with its strategy.

A strategy that knows too little is filled up from what is popular. The filling is turned a little
every hour, alike for everybody, so that it tells nobody who was in the training data.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from rules.buckets import assign
from rules.consent import PROFILING
from rules.shelves import Shelving, depth
from rules.types import Learned, Request, Scored, Suggestion, SuggestionSpec, Visitor

FOR_YOU, SIMILAR, BOUGHT_TOGETHER = "for_you", "similar", "bought_together"
TRENDING, POPULAR, RECENT = "trending", "popular", "recent"
NEW, BACK_IN_STOCK = "new", "back_in_stock"
OF_VISITOR = frozenset({FOR_YOU, RECENT, NEW, BACK_IN_STOCK})  # they look at what the visitor did
MOST = 48  # suggestions in one slot
SWAY = 8  # places by which the filling is moved
NEWS_SECONDS = 30 * 86_400  # how long an item counts as new, or as back
LOOKED_AT = 2000  # of a model's finds, where new items are looked for
FURTHER = 8  # so many times more is asked of a model where the filter leaves too few

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
    limit, shelf = max(0, min(spec.limit, MOST)), spec.shelf
    hidden = exclude if request.item is None else exclude | {request.item}
    if spec.strategy == FOR_YOU or shelf.hide_bought:
        hidden |= visitor.bought
    shelving = Shelving.of(shelf, learned, hidden, request.now)
    if not shelving.moves:
        return _first(learned, spec, visitor, request, limit, shelving)
    found = _first(learned, spec, visitor, request, depth(limit), shelving)
    return shelving.arrange(found, limit)


def _first(
    learned: Learned,
    spec: SuggestionSpec,
    visitor: Visitor,
    request: Request,
    count: int,
    shelving: Shelving,
) -> tuple[Suggestion, ...]:
    chosen: dict[str, Suggestion] = {}
    hidden = shelving.hidden
    for suggestion in _candidates(learned, spec.strategy, visitor, request, count, hidden):
        if len(chosen) == count:
            break
        if suggestion.item.key not in chosen and shelving.fits(suggestion.item):
            chosen[suggestion.item.key] = suggestion
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


def _deeper(ask: Callable[[int], Sequence[Scored]], limit: int) -> Found:
    """What a model finds, best first; more is only asked where more is wanted."""
    given = 0
    while given < limit:
        found = ask(limit)
        yield from found[given:]
        if len(found) < limit:
            return
        given, limit = limit, limit * FURTHER


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
    ranker = learned.ranker
    return _deeper(lambda n: ranker.for_visitor(visitor.signals, request.now, n, hidden), limit)


def _similar(
    learned: Learned, visitor: Visitor, request: Request, limit: int, hidden: frozenset[str]
) -> Found:
    if learned.ranker is None or request.item is None:
        return ()
    ranker, item = learned.ranker, request.item
    return _deeper(lambda n: ranker.similar(item, n, hidden), limit)


def _bought_together(
    learned: Learned, visitor: Visitor, request: Request, limit: int, hidden: frozenset[str]
) -> Found:
    if learned.ranker is None or request.item is None:
        return ()
    ranker, item = learned.ranker, request.item
    return _deeper(lambda n: ranker.bought_together(item, n, hidden), limit)


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


def _new(
    learned: Learned, visitor: Visitor, request: Request, limit: int, hidden: frozenset[str]
) -> Found:
    """What came within the month: in the order of this visitor's taste where it may be known."""
    fresh = list(_within_a_month(learned.arrived, request.now))
    liked = islice(_for_you(learned, visitor, request, LOOKED_AT, hidden), LOOKED_AT)
    places = {each.item: place for place, each in enumerate(liked)}
    return sorted(fresh, key=lambda each: places.get(each.item, LOOKED_AT))


def _back_in_stock(
    learned: Learned, visitor: Visitor, request: Request, limit: int, hidden: frozenset[str]
) -> Found:
    """What is back within the month: first what this visitor had looked at."""
    seen = {signal.item for signal in visitor.signals}
    back = list(_within_a_month(learned.restocked, request.now))
    return sorted(back, key=lambda each: each.item not in seen)


def _within_a_month(dated: Found, now: datetime) -> Found:
    oldest = now.timestamp() - NEWS_SECONDS
    return (each for each in dated if oldest <= each.score)


STRATEGIES: dict[str, Find] = {
    FOR_YOU: _for_you,
    SIMILAR: _similar,
    BOUGHT_TOGETHER: _bought_together,
    TRENDING: _trending,
    POPULAR: _popular,
    RECENT: _recent,
    NEW: _new,
    BACK_IN_STOCK: _back_in_stock,
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
