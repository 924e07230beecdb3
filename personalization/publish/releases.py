"""Publish, schedule and switch: a release is frozen once and never changes; live is a pointer."""

import json
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from personalization import clock
from personalization.exceptions import NotFound
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

ACTIVATE_DUE = "publish.activate_due"


@transaction.atomic
def publish(
    site: Site, *, note: str = "", by: str, due_at: datetime | None = None
) -> PublishedRelease:
    """Freeze the drafts under the next number and make them live, now or when they are due."""
    _lock(site)
    last = PublishedRelease.objects.filter(site=site).aggregate(last=Max("number"))["last"]
    number = (last or 0) + 1
    frozen = freeze(site, number)
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
    )
    changes = {"note": note[:500], "due_at": due_at.isoformat() if due_at else None}
    audit.record(
        site=site, actor=by, action="release.published", target=str(number), changes=changes
    )
    if due_at is not None and due_at > clock.now():
        after_commit(ACTIVATE_DUE, due_at=due_at, unique=f"{ACTIVATE_DUE}:{site.pk}:{number}")
    else:
        _switch(site, release)
    return release


@transaction.atomic
def activate(site: Site, number: int, *, by: str) -> PublishedRelease:
    """Make an earlier or later release the live one. One that cannot be read is refused."""
    _lock(site)
    release = PublishedRelease.objects.filter(site=site, number=number).first()
    if release is None:
        raise NotFound(_("There is no release %d. List them to see the numbers.") % number)
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
    due = PublishedRelease.objects.filter(due_at__lte=now, activated_at__isnull=True)
    sites = Site.objects.filter(pk__in=due.values("site_id"))
    return sum(_activate_due_of(site, now) for site in sites)


@transaction.atomic
def _activate_due_of(site: Site, now: datetime) -> bool:
    """The newest due release goes live, unless a newer one, with the same drafts, did before."""
    _lock(site)
    due = PublishedRelease.objects.select_for_update().filter(
        site=site, due_at__lte=now, activated_at__isnull=True
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


def _lock(site: Site) -> None:
    """Nobody else publishes or switches this site until we commit; `site` shows it as it is."""
    touch(site)
    site.refresh_from_db()


def _switch(site: Site, release: PublishedRelease) -> None:
    release.activated_at = clock.now()
    release.save(update_fields=["activated_at"])
    Site.objects.filter(pk=site.pk).update(live_release=release.number)
    site.live_release = release.number
    transaction.on_commit(lambda: live.expire(site.pk))
