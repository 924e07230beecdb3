"""One way to write every keyed thing of a site: found or made, saved, audited, in one transaction.

A verb reads its document into columns; `put` does the rest. Nothing here tells pages: they see
what was published.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from personalization.exceptions import Conflict
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.targeting.models import Keyed
from personalization.targeting.reading import Document

Row = TypeVar("Row", bound=Keyed)
Columns = Mapping[str, Any]  # values of many types


def put(
    model: type[Row],
    site: Site,
    key: str,
    columns: Columns,
    *,
    by: str,
    unchanged_since: datetime | None = None,
) -> Row:
    """Make or replace the row of this key. `unchanged_since`: refuse if it changed after that."""
    with transaction.atomic():
        row = _locked(model, site, key)
        if unchanged_since is not None and (row is None or row.updated_at != unchanged_since):
            raise Conflict(_("“%s” changed meanwhile. Load it again and repeat your change.") % key)
        if row is None:
            row = model(site=site, key=key)
            _save(row, columns)
            noted = {name: [None, _said(value)] for name, value in columns.items()}
            _note(row, "made", noted, by=by)
        elif changes := _changes(row, columns):
            noted = {name: [_said(getattr(row, name)), _said(changes[name])] for name in changes}
            _save(row, changes)
            _note(row, "changed", noted, by=by)
    return row


def remove(row: Keyed, *, written: Columns, by: str) -> None:
    """Delete the row; what was written of it stays in the audit trail."""
    with transaction.atomic():
        _note(row, "deleted", {"document": [written, None]}, by=by)
        try:
            row.delete()
        except ProtectedError as error:
            detail = _("“%s” has just come into use. Look again.") % row.key
            raise Conflict(detail) from error


def found(model: type[Row], site: Site, document: Document, name: str) -> Row | None:
    """The row that the document's field `name` refers to by key; a wrong key is refused."""
    key = document.key(name, required=False)
    return look_up(model, site, document, name, key) if key else None


def look_up(model: type[Row], site: Site, document: Document, name: str, key: str) -> Row | None:
    row = model._default_manager.filter(site=site, key=key).first()
    if row is None:
        kind = model._meta.verbose_name
        document.refuse(
            name,
            "unknown_reference",
            _("There is no %(kind)s “%(key)s”. Make it first, or correct the key.")
            % {"kind": kind, "key": key},
        )
    return row


def _locked(model: type[Row], site: Site, key: str) -> Row | None:
    return model._default_manager.select_for_update().filter(site=site, key=key).first()


def _save(row: Keyed, changes: Columns) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("Somebody made “%s” at the same moment. Try again.") % row.key) from error


def _changes(row: Keyed, columns: Columns) -> Columns:
    return {name: value for name, value in columns.items() if not _same(getattr(row, name), value)}


def _same(old: object, new: object) -> bool:
    """Equal, and equal as JSON too, where 1 is not true. PostgreSQL orders names its own way."""
    if isinstance(new, list | dict):
        return json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)
    return old == new


def _said(value: Any) -> Any:  # a JSON value for the audit trail
    if isinstance(value, Keyed):
        return value.key
    if isinstance(value, AbstractBaseUser):
        return value.get_username()
    return value.isoformat() if isinstance(value, datetime) else value


def _note(row: Keyed, deed: str, changes: Columns, *, by: str) -> None:
    action = f"{row._meta.model_name}.{deed}"
    audit.record(site=row.site, actor=by, action=action, target=row.key, changes=changes)
