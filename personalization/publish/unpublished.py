"""What a slot's page holds that visitors' pages do not show yet.

In:  a slot, its drafts and the live release.
Out: an `Unpublished`: which rules and experiments differ, and whether anything of the slot does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from personalization.govern.models import Site
from personalization.publish.frozen_slots import frozen_slots
from personalization.publish.reading import read_release
from personalization.targeting import models
from personalization.targeting.catalogue import site_catalogue
from rules.conditions import Condition, parse
from rules.invalid import Invalid
from rules.types import Experiment, Release, Rule, Slot

NEW: Final = "new"  # on as drafted, and no page shows it
CHANGED: Final = "changed"
GOING: Final = "going"  # off or deleted as drafted, and pages still show it
Things = dict[str, tuple[Rule | Experiment, Condition | None]]


@dataclass(frozen=True, slots=True)
class Unpublished:
    """`marks`: "rule:key" or "experiment:key" -> NEW, CHANGED or GOING; the same has none."""

    marks: Mapping[str, str]
    differs: bool

    def of(self, row: models.Rule | models.Experiment) -> str:
        return self.marks.get(f"{row._meta.model_name}:{row.key}", "")


def unpublished(slot: models.Slot) -> Unpublished:
    drafted = frozen_slots(slot.site, slot.key)[slot.key]
    release = _live(slot.site)
    live = release.slots.get(slot.key) if release else None
    mine = _things(drafted, _drafted_conditions(slot))
    theirs = _things(live, release.conditions) if live and release else {}
    marks = dict(_marks(mine, theirs))
    is_same = live is not None and not marks and list(mine) == list(theirs)
    return Unpublished(marks, not (is_same and _settings(drafted) == _settings(live)))


def _live(site: Site) -> Release | None:
    return read_release(site.pk, site.live_release) if site.live_release else None


def _settings(slot: Slot | None) -> tuple[str | None, int] | None:
    return None if slot is None else (slot.default, slot.min_height)


def _things(slot: Slot, conditions: Mapping[str, Condition | None]) -> Things:
    """Each with the condition that is its own."""
    rules: Things = {
        f"rule:{one.key}": (one, conditions.get(f"rule:{one.key}")) for one in slot.rules
    }
    return rules | {f"experiment:{one.key}": (one, None) for one in slot.experiments}


def _drafted_conditions(slot: models.Slot) -> dict[str, Condition | None]:
    own = slot.rules.filter(condition__isnull=False).values_list("key", "condition")
    catalogue = site_catalogue(slot.site)
    found: dict[str, Condition | None] = {}
    for key, tree in own:
        try:
            found[f"rule:{key}"] = parse(tree, catalogue)
        except Invalid:  # it cannot be published either, so it is not what is live
            found[f"rule:{key}"] = None
    return found


def _marks(mine: Things, theirs: Things) -> Iterator[tuple[str, str]]:
    for name, drafted in mine.items():
        if name not in theirs:
            yield name, NEW
        elif drafted != theirs[name]:
            yield name, CHANGED
    yield from ((name, GOING) for name in theirs if name not in mine)
