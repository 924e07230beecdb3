"""What is wrong, or worth a look, before drafts are published.

In:  a site and its drafts.
Out: findings, errors first. With an error nothing can be published, so only errors are shown.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from personalization import clock
from personalization.exceptions import Malformed
from personalization.govern.models import Site
from personalization.publish.approval_checks import check_approvals
from personalization.publish.audience_checks import check_audiences
from personalization.publish.campaign_checks import check_campaigns
from personalization.publish.content_checks import check_contents
from personalization.publish.findings import ERROR, Finding, warn
from personalization.publish.freeze import freeze
from personalization.publish.overlap_checks import check_overlaps
from personalization.publish.shelf_checks import check_shelves
from personalization.publish.slot_checks import check_slots
from personalization.publish.small_audiences import refuse_small_audiences
from personalization.targeting.models import UndeclaredSlot
from rules.types import Release


def lint(
    site: Site, *, now: datetime | None = None, frozen: Release | None = None
) -> tuple[Finding, ...]:
    """`frozen`: the drafts as they would be published, where the caller has them already."""
    try:
        release = frozen or freeze(site, (site.live_release or 0) + 1)
        refuse_small_audiences(site, release)
    except Malformed as refused:
        return tuple(Finding(ERROR, e.code, e.path, e.detail) for e in refused.errors)
    now = now or clock.now()
    return (
        *check_slots(release, now),
        *check_campaigns(site, release),
        *check_audiences(site, release, now),
        *check_overlaps(site, release, now),
        *check_contents(release),
        *check_approvals(site, release),
        *check_shelves(site, release, now),
        *_undeclared(site),
    )


def _undeclared(site: Site) -> Iterator[Finding]:
    for row in UndeclaredSlot.objects.filter(site=site):
        yield warn(
            "undeclared_slot",
            f"slots.{row.key}",
            _("Pages ask for this slot (%s) and nobody declared it.") % (row.url or "?"),
        )
