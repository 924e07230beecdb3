"""Why an item stands in a list, in words for a marketer.

In:  what was learnt, the visitor, the item of the page, and one suggestion.
Out: a short sentence; where something that the visitor did led to it, that is named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from rules.recommendations import (
    BACK_IN_STOCK,
    BOUGHT_TOGETHER,
    FOR_YOU,
    NEW,
    POPULAR,
    RECENT,
    SIMILAR,
    TRENDING,
)
from rules.shelves import BOOST, BURY, EXPLORE, PIN
from rules.types import Item, Learned, Scored, Signal, Suggestion, Visitor

OF_PAGE: Final = frozenset({SIMILAR, BOUGHT_TOGETHER})
LOOKED_BACK: Final = 5  # things that the visitor did
NEAR: Final = 100  # items near each of them


def asks_for_page_item(fields: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether what is typed suggests items for the item of a page."""
    typed = (value for each in fields.values() for value in each.values())
    return any(isinstance(value, str) and value in OF_PAGE for value in typed)


@dataclass
class Telling:
    learned: Learned
    visitor: Visitor
    page: Item | None
    now: datetime
    near: dict[str, dict[str, float]] = field(default_factory=dict)

    def why(self, suggestion: Suggestion) -> str:
        said = self._found(suggestion)
        more = {BOOST: _("moved to the front by hand"), BURY: _("moved back by hand")}
        moved = more.get(suggestion.moved)
        if moved is None or suggestion.reason == BOOST:
            return said
        return _("%(found)s, %(moved)s") % {"found": said, "moved": moved}

    def page_in_words(self, suggestions: Iterable[Suggestion]) -> str:
        """As on the page of which item, where that matters."""
        if self.page is None or not any(each.reason in OF_PAGE for each in suggestions):
            return ""
        return _("As on the page of “%s”.") % self.page.title

    def _found(self, suggestion: Suggestion) -> str:
        item, page = suggestion.item, self.page.title if self.page else ""
        said = {
            PIN: lambda: _("Pinned by hand"),
            EXPLORE: lambda: _("Little known: shown to learn who likes it"),
            BOOST: lambda: _("Brought in by hand"),
            FOR_YOU: lambda: self._taste(item),
            SIMILAR: lambda: _("Like “%s”") % page,
            BOUGHT_TOGETHER: lambda: _("Often bought with “%s”") % page,
            RECENT: lambda: self._seen(item),
            NEW: lambda: self._dated(_("New since %s"), self.learned.arrived, item),
            BACK_IN_STOCK: lambda: self._dated(_("Back since %s"), self.learned.restocked, item),
            TRENDING: lambda: _("Asked for more than usual these days"),
            POPULAR: lambda: _("Liked by many"),
        }
        return said[suggestion.reason]()

    def _taste(self, item: Item) -> str:
        """The newest thing they did that this item is nearest to."""
        recent = self.visitor.signals[:LOOKED_BACK]
        led = [(self._nearness(signal, item), signal) for signal in recent]
        score, signal = max(led, key=lambda pair: pair[0], default=(0.0, None))
        known = self.learned.items.get(signal.item) if signal else None
        if signal is None or known is None or score <= 0:
            return _("Fits what this visitor looked at")
        said = {"item": known.title, "ago": timesince(signal.at, self.now, depth=1)}
        return _("Goes with “%(item)s”, looked at %(ago)s ago") % said

    def _nearness(self, signal: Signal, item: Item) -> float:
        if signal.item not in self.near and self.learned.ranker is not None:
            found = self.learned.ranker.similar(signal.item, NEAR, frozenset())
            self.near[signal.item] = {each.item: each.score for each in found}
        return self.near.get(signal.item, {}).get(item.key, 0.0)

    def _seen(self, item: Item) -> str:
        at = next((each.at for each in self.visitor.signals if each.item == item.key), None)
        return _("Looked at %s ago") % timesince(at, self.now, depth=1) if at else _("Looked at")

    def _dated(self, sentence: str, dated: Iterable[Scored], item: Item) -> str:
        at = next(each.score for each in dated if each.item == item.key)
        day = datetime.fromtimestamp(at, self.now.tzinfo)
        return sentence % date_format(day, "SHORT_DATE_FORMAT")
