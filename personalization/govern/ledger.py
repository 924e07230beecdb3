"""The consent ledger: every choice, sealed under the visitor's key, chained by hash.

A record's digest covers its site, number, time, key and ciphertext and the digest before it, so
whoever changes, swaps or removes a record breaks every later link. A visitor's receipt is the
digest of the record: a witness outside the database.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from django.db import transaction
from django.db.models import QuerySet

from personalization.clock import to_us
from personalization.govern.keystore import Cipher
from personalization.govern.models import ConsentRecord, Site

START: Final = "0" * 64
SEAL: Final = "consent"


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found: how many records hold, and the number of the first that does not."""

    records: int
    broken_at: int | None
    head: str

    @property
    def is_intact(self) -> bool:
        return self.broken_at is None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A choice under its visitor's key, ready for the chain."""

    key_id: str
    content: bytes


def seal(key_id: str, cipher: Cipher, record: Mapping[str, Any]) -> Sealed:  # JSON values
    return Sealed(key_id, cipher.seal(orjson.dumps(record), SEAL))


def append(
    *, site: Site, key_id: str, cipher: Cipher, record: Mapping[str, Any], at: datetime
) -> ConsentRecord:
    """Add a record at the end of the site's chain, and return it; its digest is the receipt."""
    (added,) = append_many(site=site, sealed=[seal(key_id, cipher, record)], at=at)
    return added


@transaction.atomic
def append_many(*, site: Site, sealed: Sequence[Sealed], at: datetime) -> list[ConsentRecord]:
    """Add records in this order; nobody else adds to the site's chain meanwhile."""
    Site.objects.select_for_update(no_key=True).only("pk").get(pk=site.pk)
    last = _chain(site).reverse().values_list("sequence", "digest").first()
    sequence, previous = last or (0, START)
    rows = []
    for each in sealed:
        sequence += 1
        digest = _digest(each.content, site.pk, sequence, to_us(at), each.key_id, previous)
        rows.append(
            ConsentRecord(
                site=site,
                sequence=sequence,
                at=at,
                key_id=each.key_id,
                sealed=each.content,
                previous=previous,
                digest=digest,
            )
        )
        previous = digest
    return ConsentRecord.objects.bulk_create(rows)


def verify(site: Site) -> Verification:
    """Walk the whole chain and recompute every link."""
    expected, previous = 1, START
    for row in _chain(site).iterator(chunk_size=1000):
        computed = _digest(
            row.sealed, site.pk, row.sequence, to_us(row.at), row.key_id, row.previous
        )
        if (row.sequence, row.previous, row.digest) != (expected, previous, computed):
            return Verification(expected - 1, expected, previous)
        expected, previous = expected + 1, row.digest
    return Verification(expected - 1, None, previous)


def records_of(site: Site, key_id: str, cipher: Cipher) -> Iterator[dict[str, Any]]:
    """What the visitor chose, oldest first, with the receipt of each choice."""
    for row in _chain(site).filter(key_id=key_id):
        opened: dict[str, Any] = orjson.loads(cipher.open(row.sealed, SEAL))  # JSON values
        yield opened | {"at": row.at.isoformat(), "receipt": row.digest}


def last_receipt(site_id: int, key_id: str) -> str | None:
    """The receipt of the visitor's newest choice."""
    newest = ConsentRecord.objects.filter(site_id=site_id, key_id=key_id).order_by("-sequence")
    return newest.values_list("digest", flat=True).first()


def _chain(site: Site) -> QuerySet[ConsentRecord]:
    return ConsentRecord.objects.filter(site=site).order_by("sequence")


def _digest(sealed: bytes | memoryview, *header: object) -> str:
    """The link: SHA-256 over site, number, time, key and the digest before, then the ciphertext."""
    beginning = "|".join(map(str, header)).encode()
    return hashlib.sha256(beginning + b"|" + bytes(sealed)).hexdigest()
