"""Bringing back what somebody deleted, from the audit trail."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.exceptions import Conflict
from personalization.govern.models import AuditEntry
from personalization.targeting.documents import KINDS, Kind
from personalization.targeting.models import Keyed

DELETED: Final = ".deleted"


@transaction.atomic
def restore(entry: AuditEntry, *, by: str) -> Keyed:
    """Save the document that was deleted, under its key.

    Refused where somebody has taken the key since, or where what it needs is gone too.
    """
    kind, site = kind_of(entry), entry.site
    if kind is None or site is None:
        raise Conflict(_("This entry of the audit trail holds nothing that can be brought back."))
    if kind.model._default_manager.filter(site=site, key=entry.target).exists():
        raise Conflict(_("“%s” is there already.") % entry.target)
    restored: Keyed = kind.save(site, entry.changes["document"][0], by=by)
    return restored


def kind_of(entry: AuditEntry) -> Kind | None:
    """What kind of document the entry can bring back; None if it cannot."""
    if not entry.action.endswith(DELETED) or "document" not in entry.changes:
        return None
    named = entry.action.removesuffix(DELETED)
    return next((each for each in KINDS.values() if each.model._meta.model_name == named), None)
