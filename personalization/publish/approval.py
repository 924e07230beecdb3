"""The second person: a yes or a no to a release that is frozen already.

What is approved is exactly what was frozen, in the place of exactly the release that the second
person saw beside it; whatever changed in between has to be looked at again.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from personalization import clock
from personalization.exceptions import Conflict, Forbidden
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.publish.models import PublishedRelease
from personalization.publish.reading import release_of
from personalization.publish.releases import find_release, go_live, lock


@transaction.atomic
def approve(
    site: Site, number: int, *, by: str, sha256: str, replaces: int | None
) -> PublishedRelease:
    """Let a waiting release go live, now or when it is due. Nobody approves their own.

    `sha256`: of the release that was looked at; `replaces`: the live release beside it.
    """
    lock(site)
    release = _waiting(site, number)
    if release.author == by:
        raise Forbidden(_("You proposed this release. Ask a colleague to approve it."))
    if release.sha256 != sha256 or site.live_release != replaces:
        raise Conflict(
            _("Something else went live meanwhile. Look at the changes again, then decide.")
        )
    release_of(release)
    release.approved_by, release.approved_at = by[:200], clock.now()
    release.save(update_fields=["approved_by", "approved_at"])
    changes = {"sha256": release.sha256, "proposed by": release.author, "replaces": replaces}
    audit.record(
        site=site, actor=by, action="release.approved", target=str(number), changes=changes
    )
    go_live(site, release)
    return release


@transaction.atomic
def decline(site: Site, number: int, *, by: str, reason: str) -> PublishedRelease:
    """Say no, and why; the drafts stay. Who proposed it may take it back the same way."""
    lock(site)
    release = _waiting(site, number)
    release.declined_by, release.declined_at = by[:200], clock.now()
    release.reason = reason[:500]
    release.save(update_fields=["declined_by", "declined_at", "reason"])
    changes = {"reason": release.reason}
    audit.record(
        site=site, actor=by, action="release.declined", target=str(number), changes=changes
    )
    return release


def _waiting(site: Site, number: int) -> PublishedRelease:
    release = find_release(site, number)
    if not release.is_waiting:
        raise Conflict(_("Release %d does not wait for anybody's approval.") % number)
    return release
