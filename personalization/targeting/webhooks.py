"""Webhooks: where a site wants to be told, under a secret that is shown once.

The secret signs what is sent, as in the Standard Webhooks specification: 32 random bytes, written
`whsec_` and their base64. It is kept sealed under a key derived from `SECRET_KEY`.
"""

import secrets
from base64 import b64encode
from typing import Final

from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from personalization.exceptions import Conflict
from personalization.govern import audit
from personalization.govern.keystore import Cipher
from personalization.govern.models import Site
from personalization.govern.secrets import signing_secrets
from personalization.targeting import deleting
from personalization.targeting.addresses import check_url
from personalization.targeting.models import Webhook
from personalization.targeting.reading import Document

PREFIX: Final = "whsec_"
LENGTH: Final = 32


@transaction.atomic
def make_webhook(site: Site, document: object, *, by: str) -> tuple[Webhook, str]:
    """Make it: `{key, name?, url, enabled?}`. The secret is never shown again."""
    key, columns = _read(document)
    if Webhook.objects.filter(site=site, key=key).exists():
        raise Conflict(_("“%s” exists. Choose another key.") % key)
    row = Webhook(site=site, key=key, **columns)
    secret = _seal_new(row)
    try:
        row.save()
    except IntegrityError as error:
        raise Conflict(_("Somebody made “%s” at the same moment. Try again.") % key) from error
    _note(row, "made", {name: [None, value] for name, value in columns.items()}, by=by)
    return row, secret


@transaction.atomic
def change_webhook(row: Webhook, document: object, *, by: str) -> Webhook:
    """Change its name, its address or its switch; all of it works at once."""
    _key, columns = _read(document)
    locked = Webhook.objects.select_for_update().get(pk=row.pk)
    before = {name: getattr(locked, name) for name in columns}
    changes = {name: [before[name], new] for name, new in columns.items() if before[name] != new}
    if changes:
        for name, value in columns.items():
            setattr(locked, name, value)
        locked.save()
        _note(locked, "changed", changes, by=by)
    return locked


@transaction.atomic
def renew_secret(row: Webhook, *, by: str) -> str:
    """A new secret, in place of the old one at once."""
    locked = Webhook.objects.select_for_update().get(pk=row.pk)
    secret = _seal_new(locked)
    locked.save(update_fields=["sealed_secret", "updated_at"])
    _note(locked, "changed", {"secret": ["…", "…"]}, by=by)
    return secret


def delete_webhook(row: Webhook, *, by: str) -> None:
    """Refused while a journey tells it."""
    written = {"name": row.name, "url": row.url}
    deleting.delete(row, written=written, by=by)


def secret_of(row: Webhook) -> bytes:
    """What signs; raises `InvalidTag` where `SECRET_KEY` is not the one that sealed it."""
    for cipher in _ciphers():
        try:
            return cipher.open(row.sealed_secret, _purpose(row))
        except InvalidTag:
            continue
    raise InvalidTag


def _read(document: object) -> tuple[str, dict[str, object]]:
    reading = Document(document)
    key, url = reading.key(), reading.text("url", longest=500).strip()
    columns: dict[str, object] = {
        "name": reading.called(),
        "url": url,
        "is_enabled": reading.flag("enabled", True),
    }
    reading.finish()
    check_url(url)
    return key, columns


def _seal_new(row: Webhook) -> str:
    raw = secrets.token_bytes(LENGTH)
    row.sealed_secret = _ciphers()[0].seal(raw, _purpose(row))
    return PREFIX + b64encode(raw).decode()


def _ciphers() -> list[Cipher]:
    return [Cipher(secret) for secret in signing_secrets("webhook")]


def _purpose(row: Webhook) -> str:
    return f"webhook:{row.site_id}:{row.key}"


def _note(row: Webhook, deed: str, changes: dict[str, list[object]], *, by: str) -> None:
    audit.record(site=row.site, actor=by, action=f"webhook.{deed}", target=row.key, changes=changes)
