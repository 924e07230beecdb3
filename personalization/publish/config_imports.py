"""A configuration from elsewhere: uploaded, looked at beside what is here, then taken in.

What was taken in last time tells the two sides apart: a draft that differs from it was edited
here, a document that differs from it was edited there. Where both did, a person decides.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization import clock
from personalization.exceptions import Conflict
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.govern.sites import touch
from personalization.publish.config import Name, import_config, things_of
from personalization.publish.config_text import read_text
from personalization.publish.diff import Change, Things
from personalization.publish.models import ConfigImport

WAITS_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking it in would change; `edited_here`: what it would overwrite of our own work.

    `fingerprint` stands for the drafts as they are now.
    """

    changes: tuple[Change, ...]
    edited_here: frozenset[Name]
    fingerprint: str


@transaction.atomic
def upload(site: Site, text: str, *, by: str, prune: bool = False) -> ConfigImport:
    """Keep it until it is taken in, a day at most. What cannot be taken in is refused now."""
    import_config(site, read_text(text), by=by, prune=prune, dry_run=True)
    waiting = ConfigImport.objects.filter(site=site, applied_at__isnull=True)
    waiting.filter(uploaded_at__lt=clock.now() - WAITS_FOR).delete()
    return ConfigImport.objects.create(site=site, by=by[:200], text=text, prune=prune)


def plan(upload: ConfigImport) -> Plan:
    """Raises `Malformed` where the drafts have changed so that it fits no more."""
    site = upload.site
    ours = things_of(site)
    changes = import_config(
        site, read_text(upload.text), by=upload.by, prune=upload.prune, dry_run=True
    )
    base = _last_theirs(site)
    edited = {(c.kind, c.key) for c in changes if _is_edited_here(c, base)}
    return Plan(changes, frozenset(edited), _fingerprint(ours))


@transaction.atomic
def take_in(
    upload: ConfigImport, *, by: str, fingerprint: str, keep: Collection[Name] = ()
) -> tuple[Change, ...]:
    """Take in what was looked at. `keep`: what stays as it is here."""
    site = upload.site
    touch(site)  # until we commit, nobody else takes one in
    if upload.applied_at is not None:
        raise Conflict(_("This file was taken in already. Upload it again to see what differs."))
    if _fingerprint(things_of(site)) != fingerprint:
        raise Conflict(_("Drafts were changed meanwhile. Look at the differences again."))
    content = read_text(upload.text)
    theirs = _theirs(site, content, upload)
    changes = import_config(site, content, by=by, prune=upload.prune, keep=keep)
    upload.applied_at, upload.theirs = clock.now(), theirs
    upload.save(update_fields=["applied_at", "theirs"])
    audit.record(
        site=site,
        actor=by,
        action="config.imported",
        changes={"changed": len(changes), "kept": sorted(f"{kind} {key}" for kind, key in keep)},
    )
    return changes


def _is_edited_here(change: Change, base: dict[str, Any]) -> bool:
    """Ours is there and is not what came last time; the first time, whatever differs."""
    if change.before is None:
        return False
    known = base.get(change.kind, {})
    return bool(known.get(change.key) != change.before)


def _last_theirs(site: Site) -> dict[str, Any]:  # kind -> key -> JSON
    applied = ConfigImport.objects.filter(site=site, applied_at__isnull=False)
    last = applied.order_by("-applied_at", "-id").first()
    return last.theirs if last is not None else {}


def _theirs(site: Site, content: object, upload: ConfigImport) -> dict[str, Any]:
    """Everything as it would be if all of the file were taken, in the words of our documents."""
    after = things_of(site)
    for change in import_config(site, content, by=upload.by, prune=upload.prune, dry_run=True):
        after[change.kind, change.key] = change.after
    named: dict[str, Any] = {}
    for (kind, key), document in after.items():
        if document is not None:
            named.setdefault(kind, {})[key] = document
    return named


def _fingerprint(things: Things) -> str:
    written = [[kind, key, document] for (kind, key), document in sorted(things.items())]
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()
