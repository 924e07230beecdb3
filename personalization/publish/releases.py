"""Publish, schedule and switch: a release is frozen once and never changes; live is a pointer.

On a site where publishing takes two people, what is frozen waits for a colleague
(`publish.approval`).
"""

import json
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from personalization import clock
from personalization.exceptions import Conflict, NotFound
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.govern.sites import touch
from personalization.outbox import after_commit
from personalization.publish import live
from personalization.publish.freeze import freeze
from personalization.publish.models import PublishedRelease
from personalization.publish.reading import checksum, release_of
from personalization.publish.small_audiences import refuse_small_audiences
from rules import codec
from rules.types import Release

ACTIVATE_DUE = "publish.activate_due"
LOOK_FOR = "journeys.look"  # whom the journeys that are live now take in, or let go
MAY_GO_LIVE = Q(needs_approval=False) | Q(approved_at__isnull=False)


@transaction.atomic
def publish(
    site: Site,
    *,
    note: str = "",
    by: str,
    due_at: datetime | None = None,
    seen: str | None = None,
) -> PublishedRelease:
    """Freeze the drafts under the next number and make them live, now or when they are due.

    Where publishing takes two people, the release waits for the second. `seen`: what a person
    looked at (`fingerprint`); whatever else would be published is refused.
    """
    lock(site)
    last = PublishedRelease.objects.filter(site=site).aggregate(last=Max("number"))["last"]
    number = (last or 0) + 1
    frozen = freeze(site, number)
    if seen is not None and seen != fingerprint(site, frozen):
        raise Conflict(
            _("Something was changed or published meanwhile. Look at what would change now.")
        )
    refuse_small_audiences(site, frozen)
    text = json.dumps(codec.to_document(frozen), ensure_ascii=False, separators=(",", ":"))
    release = PublishedRelease.objects.create(
        site=site,
        number=number,
        document=text,
        sha256=checksum(text),
        note=note[:500],
        author=by[:200],
        due_at=due_at,
        needs_approval=site.two_people,
    )
    changes = {"note": note[:500], "due_at": due_at.isoformat() if due_at else None}
    action = "release.proposed" if release.needs_approval else "release.published"
    audit.record(site=site, actor=by, action=action, target=str(number), changes=changes)
    if not release.needs_approval:
        go_live(site, release)
    return release


def fingerprint(site: Site, drafts: Release) -> str:
    """Stands for the drafts and for the release that they would replace."""
    document = codec.to_document(drafts) | {"number": site.live_release}
    return checksum(json.dumps(document, ensure_ascii=False))


def are_alike(one: Release, other: Release) -> bool:
    """They differ in nothing but their number."""
    documents = (codec.to_document(each) | {"number": 0} for each in (one, other))
    return next(documents) == next(documents)


def go_live(site: Site, release: PublishedRelease) -> None:
    """Now, or when it is due."""
    if release.due_at is not None and release.due_at > clock.now():
        unique = f"{ACTIVATE_DUE}:{site.pk}:{release.number}"
        after_commit(ACTIVATE_DUE, due_at=release.due_at, unique=unique)
    else:
        _switch(site, release)


@transaction.atomic
def unschedule(site: Site, number: int, *, by: str) -> PublishedRelease:
    """Leave a scheduled release in the history, without going live."""
    lock(site)
    release = find_release(site, number)
    if not release.is_scheduled:
        raise Conflict(_("Release %d is not scheduled; look at the list again.") % number)
    due_at, release.due_at = release.due_at, None
    release.save(update_fields=["due_at"])
    changes = {"due_at": [due_at.isoformat() if due_at else None, None]}
    audit.record(
        site=site, actor=by, action="release.unscheduled", target=str(number), changes=changes
    )
    return release


@transaction.atomic
def activate(site: Site, number: int, *, by: str) -> PublishedRelease:
    """Make an earlier or later release the live one. One that cannot be read is refused."""
    lock(site)
    release = find_release(site, number)
    if not release.may_go_live:
        raise Conflict(_("Release %d was not approved; a second person has to say yes.") % number)
    release_of(release)
    before = site.live_release
    _switch(site, release)
    audit.record(
        site=site,
        actor=by,
        action="release.activated",
        target=str(number),
        changes={"live_release": [before, number]},
    )
    return release


def activate_due(now: datetime | None = None) -> int:
    """Make live what is due; how many sites changed. Called again, it changes nothing."""
    now = now or clock.now()
    due = PublishedRelease.objects.filter(MAY_GO_LIVE, due_at__lte=now, activated_at__isnull=True)
    sites = Site.objects.filter(pk__in=due.values("site_id"))
    return sum(_activate_due_of(site, now) for site in sites)


@transaction.atomic
def _activate_due_of(site: Site, now: datetime) -> bool:
    """The newest due release goes live, unless a newer one, with the same drafts, did before."""
    lock(site)
    due = PublishedRelease.objects.select_for_update().filter(
        MAY_GO_LIVE, site=site, due_at__lte=now, activated_at__isnull=True
    )
    newest = due.order_by("-number").first()
    if newest is None:
        return False
    goes_live = newest.number > (site.live_release or 0)
    if goes_live:
        _switch(site, newest)
    action = "release.went_live" if goes_live else "release.superseded"
    audit.record(site=site, actor="schedule", action=action, target=str(newest.number))
    superseded = due.exclude(pk=newest.pk) if goes_live else due
    superseded.update(due_at=None)
    return goes_live


def find_release(site: Site, number: int) -> PublishedRelease:
    release = PublishedRelease.objects.filter(site=site, number=number).first()
    if release is None:
        raise NotFound(_("There is no release %d. List them to see the numbers.") % number)
    return release


def lock(site: Site) -> None:
    """Nobody else publishes or switches this site until we commit; `site` shows it as it is."""
    touch(site)
    site.refresh_from_db()


def _switch(site: Site, release: PublishedRelease) -> None:
    release.activated_at = clock.now()
    release.save(update_fields=["activated_at"])
    had, has = site.has_journeys, bool(release_of(release).journeys)
    Site.objects.filter(pk=site.pk).update(live_release=release.number, has_journeys=has)
    site.live_release, site.has_journeys = release.number, has
    if had or has:
        after_commit(LOOK_FOR, unique=f"{LOOK_FOR}:{site.pk}", site_id=site.pk)
    transaction.on_commit(lambda: live.expire(site.pk))
