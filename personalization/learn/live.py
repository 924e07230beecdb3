"""What was learnt, in this process's memory: read once a snapshot, then a dictionary away."""

import logging
from threading import Lock

from personalization.learn import artefacts
from personalization.learn.late_ranker import LateRanker
from personalization.learn.models import LearnedSnapshot
from personalization.learn.snapshot_codec import Contents, decode
from personalization.learn.snapshots import FILE, PLACED
from rules.types import NOTHING_LEARNED, Learned

log = logging.getLogger(__name__)
_lock = Lock()
_held: dict[int, tuple[int, Learned]] = {}  # site -> (number asked for, what is served)


def learned(site_id: int, number: int | None) -> Learned:
    """The snapshot of this number; while it cannot be trusted, the one before it."""
    if number is None:
        return NOTHING_LEARNED
    held = _held.get(site_id)
    if held is None or held[0] != number:
        with _lock:
            held = _held.get(site_id)
            if held is None or held[0] != number:
                held = (number, _read(site_id, number, held[1] if held else NOTHING_LEARNED))
                _held[site_id] = held
    return held[1]


def forget() -> None:
    """Empty this process's memory."""
    _held.clear()


def _read(site_id: int, number: int, before: Learned) -> Learned:
    try:
        row = LearnedSnapshot.objects.get(site_id=site_id, number=number)
        contents = decode(artefacts.read(f"{row.artefact}/{FILE}", row.sha256))
        digest = contents.placed
        placed = artefacts.read(f"{row.artefact}/{PLACED}", digest) if digest else b""
    except (LearnedSnapshot.DoesNotExist, artefacts.Tampered):
        log.exception("learn.snapshot_refused", extra={"site": site_id, "number": number})
        return before
    return _with_model(number, contents, placed, before)


def _with_model(number: int, contents: Contents, placed: bytes, before: Learned) -> Learned:
    """A model whose bytes were changed is refused: the snapshot before stays, with its model."""
    ranker, name = None, None
    if contents.model is not None:
        try:
            content = artefacts.read(contents.model.path, contents.model.sha256)
        except artefacts.Tampered:
            log.exception("learn.model_refused", extra={"model": contents.model.name})
            if before.ranker is not None:
                return before
        else:
            available = frozenset(key for key, item in contents.items.items() if item.available)
            ranker, name = LateRanker(content, available, placed), contents.model.name
    return Learned(
        number,
        contents.items,
        contents.popular,
        contents.trending,
        contents.arrived,
        contents.restocked,
        contents.unknown,
        ranker,
        name,
    )
