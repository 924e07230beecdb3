"""Erasure: the visitor's rows are deleted and their key is destroyed, so backups are erased too.

The ledger keeps its rows and its chain; nobody can read them any more.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from personalization.clock import now
from personalization.govern import audit, keystore
from personalization.govern.models import ErasureReceipt, Site
from personalization.govern.pseudonyms import candidates
from personalization.govern.secrets import pseudonym_secrets
from personalization.govern.subjects import Visitor, find_visitor, models_with_visitors, rows_of


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an erasure. Asking again for the same visitor gives the same reference."""

    reference: str
    at: datetime


def erase(site: Site, visitor_id: str, *, by: str) -> Receipt:
    """Erase a visitor. Repeatable; of a visitor whom we do not know the answer looks the same.

    Only the reference is kept: it says nothing to anybody without the visitor's id.
    """
    with transaction.atomic():
        profile = find_visitor(site, visitor_id, lock=True)
        if profile is None:
            return _receipt_of_before(site, visitor_id)
        rows = _delete_rows(profile)
        receipt = _write_receipt(site, visitor_id, rows, by)
        keystore.destroy(profile.key_id)
    return receipt


def _delete_rows(profile: Visitor) -> int:
    """Delete what belongs to the visitor, model by model; the number of rows."""
    deleted = 0
    for model, subject in models_with_visitors():
        if subject.on_erasure == "delete":
            deleted += rows_of(model, subject, profile).delete()[0]
    return deleted


def _write_receipt(site: Site, visitor_id: str, rows: int, by: str) -> Receipt:
    reference = _references(site, visitor_id)[0]
    kept, is_new = ErasureReceipt.objects.get_or_create(
        reference=reference, defaults={"site": site, "at": now(), "rows": rows}
    )
    if not is_new:
        kept.at, kept.rows = now(), kept.rows + rows
        kept.save(update_fields=["at", "rows"])
    audit.record(
        site=site, actor=by, action="visitor.erased", target=reference, changes={"rows": rows}
    )
    return Receipt(reference, kept.at)


def _receipt_of_before(site: Site, visitor_id: str) -> Receipt:
    references = _references(site, visitor_id)
    kept = ErasureReceipt.objects.filter(reference__in=references).first()
    return Receipt(kept.reference, kept.at) if kept else Receipt(references[0], now())


def _references(site: Site, visitor_id: str) -> list[str]:
    """Under the key of today first."""
    keyed = zip(pseudonym_secrets("erasure"), candidates(site.pk, visitor_id), strict=True)
    return [
        hashlib.blake2b(key.encode(), key=secret, digest_size=32).hexdigest()
        for secret, key in keyed
    ]
