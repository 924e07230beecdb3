"""The reach of a slot's rules as drafted, over a sample of recent visitors; kept for a minute."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from personalization import clock
from personalization.govern.models import Site
from personalization.profiles.sampling import recent_visitors
from personalization.publish.freeze import freeze
from personalization.publish.hiding import audiences_of, hidden_rules
from personalization.publish.live import without_campaigns
from personalization.report.reach import Reach, reach
from personalization.targeting.audience import fields_of_the_page
from personalization.targeting.models import Campaign
from rules import codec
from rules.types import Release, Slot

SAMPLE: Final = 2_000  # visitors; large enough that the floor of 50 still tells 3 percent
KEPT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class SlotReach:
    """`of_the_page`: fields that only a page view knows, by rule; there the sample says nothing.

    `hidden`: rules that nobody can reach, and the one that each stands behind; by key.
    """

    reach: Reach
    of_the_page: Mapping[str, tuple[str, ...]]
    hidden: Mapping[str, str]


def slot_reach(site: Site, key: str) -> SlotReach:
    """Raises `Malformed` where a draft of this slot does not hold together."""
    release = freeze(site, 0, only=key)
    slot = without_campaigns(release.slots[key], campaigns_off(site))
    kept_as = _name(site, release, slot)
    found: SlotReach | None = cache.get(kept_as)
    if found is None:
        found = _worked_out(site, release, slot)
        cache.set(kept_as, found, KEPT_SECONDS)
    return found


def _worked_out(site: Site, release: Release, slot: Slot) -> SlotReach:
    now = clock.now()
    conditions = release.conditions
    return SlotReach(
        reach=reach(release, slot, recent_visitors(site, SAMPLE, now=now), now),
        of_the_page={
            rule.key: fields
            for rule in slot.rules
            if rule.audience is not None
            and (fields := fields_of_the_page(site, conditions[rule.audience], conditions))
        },
        hidden={
            rule: hider.key
            for rule, hider in hidden_rules(slot, audiences_of(slot, conditions)).items()
        },
    )


def campaigns_off(site: Site) -> frozenset[str]:
    """Those that show nothing, live or published."""
    off = Campaign.objects.filter(site=site, is_enabled=False)
    return frozenset(off.values_list("key", flat=True))


def _name(site: Site, release: Release, slot: Slot) -> str:
    document = json.dumps([codec.to_document(release), [rule.key for rule in slot.rules]])
    return f"pz-reach:{site.pk}:{hashlib.sha256(document.encode()).hexdigest()}"
