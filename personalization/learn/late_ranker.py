"""A ranker that imports numpy and reads its arrays at the first suggestion, not before."""

import logging
from collections.abc import Sequence
from datetime import datetime
from threading import Lock

from rules.types import Ranker, Scored, Signal

log = logging.getLogger(__name__)


class LateRanker:
    """Holds the checked bytes of a model, and of what joined since, until somebody asks.

    Without numpy nothing can be said, once said in the log, and popularity serves.
    """

    def __init__(self, content: bytes, available: frozenset[str], placed: bytes = b"") -> None:
        self._content = content
        self._placed = placed
        self._available = available
        self._ranker: Ranker | None = None
        self._is_ready = False
        self._lock = Lock()

    def for_visitor(
        self, signals: Sequence[Signal], now: datetime, limit: int, exclude: frozenset[str]
    ) -> Sequence[Scored]:
        ranker = self._ready() if signals else None
        return () if ranker is None else ranker.for_visitor(signals, now, limit, exclude)

    def similar(self, item: str, limit: int, exclude: frozenset[str]) -> Sequence[Scored]:
        ranker = self._ready()
        return () if ranker is None else ranker.similar(item, limit, exclude)

    def bought_together(self, item: str, limit: int, exclude: frozenset[str]) -> Sequence[Scored]:
        ranker = self._ready()
        return () if ranker is None else ranker.bought_together(item, limit, exclude)

    def _ready(self) -> Ranker | None:
        if not self._is_ready:
            with self._lock:
                if not self._is_ready:
                    self._ranker = self._load()
                    self._content = self._placed = b""
                    self._is_ready = True
        return self._ranker

    def _load(self) -> Ranker | None:
        try:
            from personalization.learn.ranker import ArrayRanker  # noqa: PLC0415 - imports numpy
        except ModuleNotFoundError:
            log.exception("learn.numpy_missing")
            return None
        return ArrayRanker.load(self._content, self._available, self._placed)
