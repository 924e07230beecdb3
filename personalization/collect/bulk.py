"""Consent that came with an import: the same rows and the same ledger, in few writes."""

from collections.abc import Sequence

from django.db import transaction

from personalization.clock import from_us, now, to_us
from personalization.govern import keystore, ledger
from personalization.govern.models import Site
from personalization.govern.pseudonyms import candidates, visitor_key
from personalization.govern.purposes import as_document, to_bits
from personalization.profiles.ids import check_text, check_visitor_id
from personalization.profiles.models import Profile
from personalization.profiles.summaries import summarize
from personalization.profiles.visitors import ID_SEAL
from rules.purposes import Purposes

CHUNK = 500


def introduce_many(
    site: Site, visitor_ids: Sequence[str], *, purposes: Purposes, policy: str, source: str
) -> int:
    """Record this choice of those who never chose, and say of how many."""
    check_text(policy, "policy")
    check_text(source, "source")
    unique = [check_visitor_id(visitor) for visitor in dict.fromkeys(visitor_ids)]
    return sum(
        _introduce(site, unique[start : start + CHUNK], purposes, policy, source)
        for start in range(0, len(unique), CHUNK)
    )


@transaction.atomic
def _introduce(
    site: Site, visitor_ids: Sequence[str], purposes: Purposes, policy: str, source: str
) -> int:
    new = _unknown(site, visitor_ids)
    ciphers = keystore.create_many(len(new))
    received = to_us(now())
    profiles = Profile.objects.bulk_create(
        Profile(
            site=site,
            key=visitor_key(site.pk, visitor),
            key_id=key_id,
            sealed_id=cipher.seal(visitor.encode(), ID_SEAL) if purposes else b"",
            purposes=to_bits(purposes),
            policy=policy,
            consented_us=received,
        )
        for visitor, (key_id, cipher) in zip(new, ciphers, strict=True)
    )
    summarize([profile.pk for profile in profiles])
    said = {"purposes": as_document(purposes), "policy": policy, "source": source}
    sealed = [
        ledger.seal(key_id, cipher, {"visitor": visitor, **said})
        for visitor, (key_id, cipher) in zip(new, ciphers, strict=True)
    ]
    ledger.append_many(site=site, sealed=sealed, at=from_us(received))
    return len(new)


def _unknown(site: Site, visitor_ids: Sequence[str]) -> list[str]:
    keys = {key: visitor for visitor in visitor_ids for key in candidates(site.pk, visitor)}
    known = Profile.objects.filter(site=site, key__in=list(keys)).values_list("key", flat=True)
    standing = {keys[key] for key in known}
    return [visitor for visitor in visitor_ids if visitor not in standing]
