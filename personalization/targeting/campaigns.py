"""Campaigns: `{key, name, description?, start?, end?, owner?, enabled?}`.

Rules, contents and experiments name theirs; its window bounds theirs when they are published.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.govern.sites import touch
from personalization.targeting.keyed import put
from personalization.targeting.models import Campaign
from personalization.targeting.reading import Document


@transaction.atomic
def save_campaign(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> Campaign:
    """Save it. `enabled` works at once, like the switch; the rest waits to be published.

    An owner whom this site does not know is left out with a warning: colleagues differ from one
    installation to the next, and a configuration travels.
    """
    reading = Document(document)
    key = reading.key()
    start, end = reading.window()
    owner = reading.text("owner", longest=254)
    person = colleague(site, owner)
    columns = {
        "name": reading.called(),
        "description": reading.text("description", longest=2000),
        "start": start,
        "end": end,
        "owner": person,
        "is_enabled": reading.flag("enabled", True),
    }
    reading.finish()
    was_enabled = Campaign.objects.filter(site=site, key=key).values_list("is_enabled", flat=True)
    if was_enabled.first() not in (None, columns["is_enabled"]):
        touch(site)
    saved = put(Campaign, site, key, columns, by=by, unchanged_since=unchanged_since)
    if owner and person is None:
        said = _("Nobody on this site is called “%s”, so the campaign has no owner.") % owner
        saved.warnings = (said,)
    return saved


def campaign_document(row: Campaign) -> dict[str, Any]:  # JSON
    return {
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "start": row.start.isoformat() if row.start else None,
        "end": row.end.isoformat() if row.end else None,
        "owner": row.owner.get_username() if row.owner else None,
        "enabled": row.is_enabled,
    }


def colleague(site: Site, name: str) -> Any:  # a user of the host's model, or None
    """Whoever has this user name and may be an owner on this site."""
    return owners(site).filter(**{get_user_model().USERNAME_FIELD: name}).first() if name else None


def owners(site: Site) -> Any:  # a QuerySet of the host's user model
    """Members of the site, and those who may do everything everywhere."""
    people = get_user_model()._default_manager.filter(is_active=True)
    return people.filter(Q(personalization__site=site) | Q(is_superuser=True)).distinct()
