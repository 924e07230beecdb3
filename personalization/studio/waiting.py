"""What asks for somebody today: proposals, unpublished work, failures, campaigns near by.

In:  a site, and what was shown lately.
Out: the parts of the first page's context, each one query.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, Q
from django.http import HttpRequest

from personalization import clock
from personalization.drafts.models import Draft
from personalization.govern.models import AuditEntry, Site
from personalization.govern.rounding import shown_count
from personalization.outbox import Job
from personalization.publish.models import LATE, PublishedRelease
from personalization.publish.states import campaign_as_edited
from personalization.studio.current import allowed
from personalization.studio.lately import Lately
from personalization.studio.publishing import scheduled
from personalization.targeting.documents import KINDS
from personalization.targeting.models import Campaign

SHOWN: Final = 6
SOON: Final = timedelta(days=14)
DUE: Final = timedelta(days=1)
EDITS: Final = [
    f"{kind.model._meta.model_name}.{deed}"
    for kind in KINDS.values()
    for deed in ("made", "changed", "deleted")
]


def what_waits(request: HttpRequest, site: Site, found: Lately) -> dict[str, Any]:
    edits = _edits(site)
    return {
        "proposals": list(
            PublishedRelease.objects.filter(
                site=site, needs_approval=True, approved_at=None, declined_at=None
            ).defer("document")[:SHOWN]
        ),
        "scheduled": scheduled(site)[:SHOWN],
        "late_since": late_since(),
        "edits": edits[:SHOWN],
        "n_edits": len(edits),
        "failing": _failing(found),
        "campaigns": _campaigns(site),
        "copy": _copy(request, site),
        "failed_jobs": Job.objects.filter(state=Job.FAILED).count()
        if allowed(request, "manage", site)
        else 0,
    }


def late_since() -> datetime | None:
    """Since when work is due that no worker took up, or one that is gone; None if all is well."""
    moment = clock.now() - LATE
    left = Q(state=Job.WAITING, due_at__lt=moment) | Q(state=Job.RUNNING, lease_until__lt=moment)
    return Job.objects.filter(left).aggregate(since=Min("due_at"))["since"]


def _copy(request: HttpRequest, site: Site) -> dict[str, Any] | None:
    """Drafts that wait for those who review: all, mine, and what is due; None for the others."""
    if not allowed(request, "review", site):
        return None
    waiting = Draft.objects.filter(site=site, state=Draft.WAITING)
    return waiting.aggregate(
        all=Count("id"),
        mine=Count("id", filter=Q(assigned_to=request.user.pk)),
        due=Count("id", filter=Q(due_at__lt=clock.now() + DUE)),
    )


def _edits(site: Site) -> list[AuditEntry]:
    """What editors wrote since the live release was frozen, the newest first; at most a hundred."""
    rows = AuditEntry.objects.filter(site=site, action__in=EDITS)
    live = PublishedRelease.objects.filter(site=site, number=site.live_release or 0).values(
        "created_at"
    )
    if site.live_release is not None:
        rows = rows.filter(at__gt=live[:1])
    return list(rows[:100])


def _failing(found: Lately) -> list[dict[str, Any]]:
    slots = Counter[str]()
    for each in found.failed:
        slots[each.slot] += each.times
    return [{"slot": slot, "times": shown_count(n)} for slot, n in slots.most_common(SHOWN)]


def _campaigns(site: Site) -> list[dict[str, Any]]:
    """Those that run, and those that begin within two weeks."""
    now = clock.now()
    is_near = (Q(end=None) | Q(end__gt=now)) & (Q(start=None) | Q(start__lt=now + SOON))
    rows = Campaign.objects.filter(is_near, site=site, is_enabled=True).select_related("owner")
    return [{"campaign": row, "state": campaign_as_edited(row, now)} for row in rows[:SHOWN]]
