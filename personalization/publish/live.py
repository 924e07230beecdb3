"""What is live on a site, in the memory of this process.

In:  a site's id.
Out: `Live`, at once and without a query; every second one thread asks the database whether the
     site's revision rose. With the database away everybody stays with what the process has.
"""

import logging
import time
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final

from django.db import DatabaseError, InterfaceError, connection
from django.db.models import CharField, Value

from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.publish.reading import read_release
from personalization.publish.site_settings import site_settings
from personalization.targeting.models import Campaign, Slot
from rules.purposes import Purposes
from rules.types import Release, Settings
from rules.types import Slot as FrozenSlot

FRESH_SECONDS: Final = 1.0
AWAY: Final = (DatabaseError, InterfaceError)
log: Final = logging.getLogger("personalization.publish")

State = tuple[int, int | None, int | None, bool]  # revision, release, learned, is_enabled


@dataclass(frozen=True, slots=True)
class Live:
    """What pages of a site use right now.

    `release` is `published` with only the default in slots that are switched off, without the
    campaigns that are switched off, and with today's answer to Global Privacy Control.
    """

    site_id: int
    site_key: str = ""
    release: Release | None = None
    published: Release | None = None
    learned_number: int | None = None
    enabled: bool = False
    disabled_slots: frozenset[str] = frozenset()
    disabled_campaigns: frozenset[str] = frozenset()
    settings: Settings = field(default_factory=Settings)
    event_types: tuple[str, ...] = ()
    has_journeys: bool = False
    has_rendered: bool = False

    @property
    def id(self) -> int:
        return self.site_id

    @property
    def currency(self) -> str:
        return self.settings.currency

    @property
    def gpc_opts_out(self) -> Purposes:
        return self.settings.gpc_opts_out


class _Watched:
    """One site: what is known of it, when that was asked, and who may ask next."""

    def __init__(self, site_id: int) -> None:
        self.live = Live(site_id)
        self.state: State | None = None  # None: never loaded
        self.asked_at = float("-inf")
        self.asking = Lock()
        self.is_away = False


_sites: Final[dict[int, _Watched]] = {}


def current(site_id: int) -> Live:
    """What is live, at most about a second old. Only a process's first call waits for it."""
    watched = _sites.get(site_id) or _sites.setdefault(site_id, _Watched(site_id))
    if time.monotonic() - watched.asked_at < FRESH_SECONDS:
        return watched.live
    if watched.asking.acquire(blocking=watched.state is None):
        try:
            if time.monotonic() - watched.asked_at >= FRESH_SECONDS:
                _ask(watched)
        finally:
            watched.asking.release()
    return watched.live


def expire(site_id: int) -> None:
    """Ask again at the next call: this process has just changed something."""
    watched = _sites.get(site_id)
    if watched is not None:
        watched.asked_at = float("-inf")


def forget() -> None:
    """Know nothing, as after a start."""
    _sites.clear()


def _ask(watched: _Watched) -> None:
    try:
        _follow(watched)
    except AWAY as error:
        _note_away(watched, error)
    else:
        watched.is_away = False
    watched.asked_at = time.monotonic()


def _follow(watched: _Watched) -> None:
    site_id = watched.live.site_id
    columns = ("revision", "live_release", "live_learned", "is_enabled")
    state: State | None = Site.objects.filter(pk=site_id).values_list(*columns).first()
    if state is None:
        watched.live, watched.state = Live(site_id), None
    elif state != watched.state:
        watched.live, watched.state = _load(watched.live), state


def _load(known: Live) -> Live:
    site = Site.objects.get(pk=known.site_id)
    off = _switched_off(site)
    seen = Live(
        site_id=known.site_id,
        site_key=site.key,
        published=_published(site, known),
        learned_number=site.live_learned,
        enabled=site.is_enabled,
        disabled_slots=frozenset(key for kind, key in off if kind == "slot"),
        disabled_campaigns=frozenset(key for kind, key in off if kind == "campaign"),
        settings=site_settings(site),
        event_types=tuple(site.event_types),
        has_journeys=site.has_journeys,
        has_rendered=site.first_render_at is not None,
    )
    kept = known.release if _shows_the_same(seen, known) else _switched(seen)
    return replace(seen, release=kept)


def _switched_off(site: Site) -> list[tuple[str, str]]:
    """Kind and key, in one query."""
    slots, campaigns = (
        model._default_manager.filter(site=site, is_enabled=False)
        .order_by()
        .values_list(Value(kind, output_field=CharField()), "key")
        for kind, model in (("slot", Slot), ("campaign", Campaign))
    )
    return list(slots.union(campaigns, all=True))


def _published(site: Site, known: Live) -> Release | None:
    """The live release; one that cannot be read leaves the page with the one before."""
    if site.live_release is None:
        return None
    if known.published is not None and known.published.number == site.live_release:
        return known.published
    try:
        return read_release(site.pk, site.live_release)
    except Refusal as refusal:
        log.error("release.unreadable site=%s number=%s: %s", site.key, site.live_release, refusal)
        return known.published


def _shows_the_same(seen: Live, known: Live) -> bool:
    """Then the release that the process has, with what it worked out from it, is kept."""
    return (
        seen.published is known.published
        and seen.enabled == known.enabled
        and seen.disabled_slots == known.disabled_slots
        and seen.disabled_campaigns == known.disabled_campaigns
        and seen.settings.gpc_opts_out == known.settings.gpc_opts_out
    )


def _switched(live: Live) -> Release | None:
    """The published release, without what is switched off."""
    published = live.published
    if published is None:
        return None
    slots = {
        key: without_campaigns(slot, live.disabled_campaigns)
        if live.enabled and key not in live.disabled_slots
        else _only_default(slot)
        for key, slot in published.slots.items()
    }
    settings = replace(published.settings, gpc_opts_out=live.settings.gpc_opts_out)
    return replace(published, slots=slots, settings=settings)


def _only_default(slot: FrozenSlot) -> FrozenSlot:
    return replace(slot, rules=(), experiments=())


def without_campaigns(slot: FrozenSlot, off: frozenset[str]) -> FrozenSlot:
    """The slot without the rules and experiments of these campaigns; its cache scope stays."""
    if not off:
        return slot
    return replace(
        slot,
        rules=tuple(rule for rule in slot.rules if rule.campaign not in off),
        experiments=tuple(each for each in slot.experiments if each.campaign not in off),
    )


def _note_away(watched: _Watched, error: Exception) -> None:
    if not watched.is_away:
        log.error("database.away site=%s: serving from memory (%s)", watched.live.site_id, error)
    watched.is_away = True
    if not connection.in_atomic_block:  # else its owner will see the failure, and close it
        connection.close_if_unusable_or_obsolete()
