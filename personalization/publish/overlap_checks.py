"""Rules whose visitors nearly all see another one, tried on the visitors seen last.

What stands behind another rule for good is said by `slot_checks`; here somebody is still left.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.govern.rounding import FLOOR
from personalization.profiles.sampling import recent_visitors
from personalization.publish.findings import Finding, warn
from personalization.publish.hiding import audiences_of, hidden_rules, runs_whenever
from personalization.publish.wording import name_of
from rules.consent import permitted_view
from rules.types import Release, Slot

SAMPLE: Final = 1_000  # visitors
NEARLY_ALL: Final = 0.9
Pairs = Counter[tuple[str, str]]  # of two audiences -> visitors who are in both


def check_overlaps(site: Site, release: Release, now: datetime) -> Iterator[Finding]:
    slots = [slot for slot in release.slots.values() if len(_audiences(slot)) > 1]
    if not slots:
        return
    together = _together(site, release, slots, now)
    for slot in slots:
        hidden = hidden_rules(slot, audiences_of(slot, release.conditions))
        for rule_key, before in _taken(slot, together):
            if rule_key not in hidden:
                sentence = _("Nearly all of its visitors see “%s” instead, which stands before it.")
                where = f"rules.{rule_key}"
                called = name_of(release, "rule", before)
                yield warn("overlapping_audiences", where, sentence % called)


def _taken(slot: Slot, together: Pairs) -> Iterator[tuple[str, str]]:
    """Each rule that is hardly reached, and the first that takes its visitors."""
    for place, rule in enumerate(slot.rules):
        audience = rule.audience or ""
        everybody = together[audience, audience]
        for before in slot.rules[:place] if everybody >= FLOOR else ():
            both = together[before.audience or "", audience]
            if runs_whenever(before, rule) and both >= NEARLY_ALL * everybody:
                yield rule.key, before.key
                break


def _together(site: Site, release: Release, slots: list[Slot], now: datetime) -> Pairs:
    named = [_audiences(slot) for slot in slots]
    found: Pairs = Counter()
    for visitor in recent_visitors(site, SAMPLE, now=now):
        facts = permitted_view(visitor, visitor.purposes, release.catalogue).facts
        matched = release.matcher(facts, now)
        for names in named:
            here = [name for name in names if name in matched]
            found.update((one, other) for one in here for other in here)
    return found


def _audiences(slot: Slot) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.audience for rule in slot.rules if rule.audience is not None))
