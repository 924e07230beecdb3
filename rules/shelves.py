"""What a marketer asks of a carousel beside where its items come from.

In:  a shelf, what was learnt, what a strategy found, best first.
Out: which items fit, and the finds in the order of the shelf, each with what moved it.

Boosts and buries move by places, so that they mean the same for every strategy. Variety is maximal
marginal relevance (Carbonell and Goldstein, SIGIR 1998) over categories, tags and words of titles.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rules.buckets import assign
from rules.compiler import compile
from rules.conditions import Condition
from rules.items import item_facts
from rules.types import Item, Learned, Promotion, Shelf, Suggestion

PIN, BOOST, BURY, EXCLUDE, EXPLORE = "pin", "boost", "bury", "exclude", "explore"
CATEGORY = "category"
WORD = re.compile(r"\w{3,}")
DEPTH, FEWEST = 4, 60  # how many finds are looked at: so many times the limit, or so many
ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # no field of an item asks for the time
Group = str  # items of one group must not meet; "" stands alone


@dataclass(frozen=True, slots=True)
class Shelving:
    """One shelf in one page view. `hidden`: items that must not be shown."""

    shelf: Shelf
    learned: Learned
    promotions: Sequence[Promotion]  # those whose window is open
    hidden: frozenset[str]
    now: datetime
    is_kept: Callable[[Item], bool]

    @classmethod
    def of(
        cls, shelf: Shelf, learned: Learned, hidden: frozenset[str], now: datetime
    ) -> "Shelving":
        promotions = [each for each in shelf.promotions if each.window.is_open(now)]
        return cls(shelf, learned, promotions, hidden, now, _keeper(learned, shelf.keep))

    @property
    def moves(self) -> bool:
        """Whether anything but the filter decides what is shown."""
        shelf = self.shelf
        asks = shelf.one_per or shelf.diversity or shelf.explore
        return bool(asks or any(each.do != EXCLUDE for each in self.promotions))

    def fits(self, item: Item) -> bool:
        return self.may_show(item) and self.is_kept(item)

    def may_show(self, item: Item) -> bool:
        """Available, not hidden, not excluded."""
        excluding = (each for each in self.promotions if each.do == EXCLUDE)
        is_open = item.available and item.key not in self.hidden
        return is_open and not any(each.is_about(item) for each in excluding)

    def arrange(self, found: Sequence[Suggestion], limit: int) -> tuple[Suggestion, ...]:
        """At most `limit` of the finds: lifted, varied, explored, pinned."""
        pinned = sorted(self._pinned(), key=lambda pair: pair[0])
        shown = [each for _place, each in pinned]
        room = max(0, limit - len(pinned))
        explored = self._explored(room, shown)
        taken = {each.item.key for each in (*shown, *explored)}
        pool = [each for each in self._lifted(found) if each.item.key not in taken]
        used = {self.group(each.item) for each in (*shown, *explored)}
        chosen = [*self._varied(pool, room - len(explored), used), *explored]
        for place, each in pinned:
            chosen.insert(min(place - 1, len(chosen)), each)
        return tuple(chosen[:limit])

    def group(self, item: Item) -> Group:
        one_per = self.shelf.one_per
        if one_per is None:
            return ""
        value = item.category if one_per == CATEGORY else item.attributes.get(one_per)
        return "" if value is None else str(value)

    def _pinned(self) -> Iterator[tuple[int, Suggestion]]:
        """By hand beats the filter, but not what must never be shown."""
        seen: set[str] = set()
        for each in self.promotions:
            item = self.learned.items.get(each.value) if each.do == PIN else None
            if item is not None and item.key not in seen and self.may_show(item):
                seen.add(item.key)
                yield each.place, Suggestion(item, PIN, 0.0, PIN)

    def _lifted(self, found: Sequence[Suggestion]) -> list[Suggestion]:
        """In the order of place and promotions; what is boosted joins from the end."""
        lifts = [each for each in self.promotions if each.do in (BOOST, BURY)]
        if not lifts:
            return list(found)
        known = {each.item.key for each in found}
        further = {
            item.key: Suggestion(item, BOOST, 0.0)
            for each in lifts
            if each.do == BOOST
            for item in _all_about(each, self.learned)
            if item.key not in known and self.fits(item)
        }
        pool = [*found, *further.values()]
        moves = [_move(each.item, lifts) for each in pool]
        merits = [max(0.0, 1 - place / max(1, len(found))) for place in range(len(pool))]
        order = sorted(range(len(pool)), key=lambda place: -(merits[place] + moves[place]))
        said = {True: BOOST, False: BURY}
        return [
            replace(pool[place], moved=said[moves[place] > 0]) if moves[place] else pool[place]
            for place in order
        ]

    def _varied(self, pool: Sequence[Suggestion], limit: int, used: set[Group]) -> list[Suggestion]:
        """One after the other: merit less likeness to what is chosen; one of each group."""
        weight = self.shelf.diversity
        likeness = [0.0] * len(pool)
        left = list(range(len(pool)))
        chosen: list[Suggestion] = []

        def merit(place: int) -> float:
            return (1 - weight) * (1 - place / len(pool)) - weight * likeness[place]

        while left and len(chosen) < limit:
            best = max(left, key=merit)
            left.remove(best)
            group = self.group(pool[best].item)
            if group and group in used:
                continue
            used.add(group)
            chosen.append(pool[best])
            if weight:
                words = _words(pool[best].item, self.learned)
                for place in left:
                    alike = _jaccard(words, _words(pool[place].item, self.learned))
                    likeness[place] = max(likeness[place], alike)
        return chosen

    def _explored(self, limit: int, shown: Iterable[Suggestion]) -> list[Suggestion]:
        """Little known items for the last places: others every hour, alike for everybody."""
        if not self.shelf.explore:
            return []
        hour = self.now.astimezone(UTC).strftime("%Y-%m-%dT%H")
        exact = limit * self.shelf.explore
        count = int(exact) + ((assign(hour, EXPLORE, 2) or 0.0) < exact % 1)
        taken = {each.item.key for each in shown}
        used = {self.group(each.item) for each in shown}
        found: list[Suggestion] = []
        for key in sorted(self.learned.unknown, key=lambda key: assign(hour, key, 2) or 0.0):
            item = self.learned.items.get(key)
            if len(found) == count:
                break
            if item is None or key in taken or not self.fits(item):
                continue
            group = self.group(item)
            if not group or group not in used:
                used.add(group)
                found.append(Suggestion(item, EXPLORE, 0.0, EXPLORE))
        return found


def depth(limit: int) -> int:
    """How many finds `arrange` should be given."""
    return max(DEPTH * limit, FEWEST)


def _keeper(learned: Learned, condition: Condition | None) -> Callable[[Item], bool]:
    """Worked out once an item and snapshot: nothing that a filter asks of an item moves."""
    if condition is None:
        return lambda _item: True
    kept = learned.memory.setdefault("kept", {})
    if condition not in kept:
        kept[condition] = compile({"keep": condition}), {}
    matcher, known = kept[condition]

    def is_kept(item: Item) -> bool:
        found: bool | None = known.get(item.key)
        if found is None:
            found = known[item.key] = bool(matcher(item_facts(item), ANY_TIME))
        return found

    return is_kept


def _all_about(promotion: Promotion, learned: Learned) -> tuple[Item, ...]:
    """Looked up once a snapshot."""
    known: dict[tuple[str, str], tuple[Item, ...]] = learned.memory.setdefault("about", {})
    about = (promotion.of, promotion.value)
    if about not in known:
        items = learned.items.values()
        known[about] = tuple(item for item in items if promotion.is_about(item))
    return known[about]


def _move(item: Item, lifts: Iterable[Promotion]) -> float:
    return sum(
        each.strength if each.do == BOOST else -each.strength
        for each in lifts
        if each.is_about(item)
    )


def _words(item: Item, learned: Learned) -> frozenset[str]:
    known: dict[str, frozenset[str]] = learned.memory.setdefault("words", {})
    if item.key not in known:
        tags = (f"#{tag}" for tag in item.tags)
        words = WORD.findall(item.title.casefold())
        known[item.key] = frozenset([f"={item.category}", *tags, *words])
    return known[item.key]


def _jaccard(mine: frozenset[str], theirs: frozenset[str]) -> float:
    return len(mine & theirs) / len(mine | theirs)
