"""One way to write what a site has once: its brand guide, its rules for generated copy."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.catalog.looking_again import ask_to_look_again
from personalization.drafts.brand_models import BrandGuide, WritingPolicy
from personalization.exceptions import Conflict
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.govern.sites import touch

Row = TypeVar("Row", BrandGuide, WritingPolicy)


@transaction.atomic
def put_settings(
    model: type[Row],
    site: Site,
    columns: Mapping[str, Any],  # values of many types
    *,
    by: str,
    unchanged_since: datetime | None = None,
) -> Row:
    """`unchanged_since`: refuse if somebody saved after that. Nothing changed: nothing is noted.

    What was approved is looked at again: what is forbidden by now, or wants more yeses, waits.
    """
    touch(site)  # nobody else makes the row until we commit
    row = model._default_manager.filter(site=site).first() or model(site=site)
    if unchanged_since is not None and row.updated_at != unchanged_since:
        raise Conflict(_("This changed meanwhile. Load it again and repeat your change."))
    changes = {
        name: [getattr(row, name), value]
        for name, value in columns.items()
        if getattr(row, name) != value
    }
    if changes or row.pk is None:
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
        ask_to_look_again(site.pk)
        action = f"{model._meta.model_name}.changed"
        audit.record(site=site, actor=by, action=action, target=site.key, changes=changes)
    return row
