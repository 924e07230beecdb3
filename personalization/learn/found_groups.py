"""Groups of alike visitors: noted by the workers, made a segment or waved away by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from personalization.clock import now
from personalization.exceptions import Conflict
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.learn.models import FoundGroup, ScoringRun
from personalization.targeting.models import Segment
from personalization.targeting.segments import save_segment

LONGEST_KEY: Final = 60


@dataclass(frozen=True, slots=True)
class Group:
    """What a night found out about one group. `differences`: figure, its mean, everybody's."""

    key: str
    name: str
    condition: Mapping[str, Any]  # react-querybuilder's JSON
    differences: Sequence[tuple[str, float, float]]
    precision: float
    recall: float
    visitors: int
    is_faithful: bool


@dataclass(frozen=True, slots=True)
class Night:
    """What one night's work came to."""

    at: datetime
    visitors: int
    days: int
    chances: Mapping[str, Any]  # JSON
    middles: Mapping[str, Mapping[str, float]]
    groups: Sequence[Group]


@transaction.atomic
def note_night(site: Site, night: Night) -> ScoringRun:
    """Replace what the night before found. What people said of a group stays."""
    FoundGroup.objects.filter(site=site).update(is_found=False)
    for group in night.groups:
        columns = _columns(group)
        FoundGroup.objects.update_or_create(
            site=site,
            key=group.key,
            defaults={**columns, "is_found": True},
            create_defaults={**columns, "found_at": night.at},
        )
    Site.objects.filter(pk=site.pk).update(groups=[[each.key, each.name] for each in night.groups])
    run, _is_new = ScoringRun.objects.update_or_create(
        site=site,
        defaults={
            "at": night.at,
            "visitors": night.visitors,
            "days": night.days,
            "chances": dict(night.chances),
            "middles": {key: dict(middle) for key, middle in night.middles.items()},
        },
    )
    return run


def waiting(sites: "QuerySet[Site]") -> "QuerySet[FoundGroup]":
    """Groups that nobody has made a segment of or waved away yet."""
    found = FoundGroup.objects.filter(site__in=sites, is_found=True, is_faithful=True)
    return found.filter(dismissed_at=None, segment="")


@transaction.atomic
def make_segment(group: FoundGroup, *, by: str) -> Segment:
    """A segment of the group's condition, to be edited like any other."""
    locked = FoundGroup.objects.select_for_update().get(pk=group.pk)
    if locked.segment and Segment.objects.filter(site=group.site, key=locked.segment).exists():
        raise Conflict(_("This group is a segment already: “%s”.") % locked.segment)
    document = {
        "key": _free_key(group.site, slugify(locked.name) or locked.key),
        "name": locked.name,
        "condition": locked.condition,
    }
    segment = save_segment(group.site, document, by=by)
    FoundGroup.objects.filter(pk=group.pk).update(segment=segment.key)
    return segment


@transaction.atomic
def dismiss(group: FoundGroup, *, by: str) -> None:
    """Do not offer it any more, tonight's work or not."""
    FoundGroup.objects.filter(pk=group.pk).update(dismissed_at=now(), dismissed_by=by[:200])
    audit.record(site=group.site, actor=by, action="foundgroup.dismissed", target=group.key)


@transaction.atomic
def bring_back(group: FoundGroup, *, by: str) -> None:
    FoundGroup.objects.filter(pk=group.pk).update(dismissed_at=None, dismissed_by="")
    audit.record(site=group.site, actor=by, action="foundgroup.brought_back", target=group.key)


def _columns(group: Group) -> dict[str, Any]:  # of many types
    return {
        "name": group.name,
        "condition": dict(group.condition),
        "differences": [list(each) for each in group.differences],
        "precision": group.precision,
        "recall": group.recall,
        "visitors": group.visitors,
        "is_faithful": group.is_faithful,
    }


def _free_key(site: Site, wanted: str) -> str:
    taken = set(Segment.objects.filter(site=site).values_list("key", flat=True))
    wanted = wanted[:LONGEST_KEY].strip("-")
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (wanted, *numbered) if key not in taken)
