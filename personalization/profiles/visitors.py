"""Visitors: found under the key of today, introduced by their first choice, and their choices."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from personalization.clock import from_us, now, to_us
from personalization.govern import keystore, ledger
from personalization.govern.keystore import Cipher
from personalization.govern.models import Site
from personalization.govern.pseudonyms import candidates, visitor_key
from personalization.govern.purposes import as_document, to_bits
from personalization.profiles.ids import check_text, check_visitor_id
from personalization.profiles.models import Profile
from personalization.profiles.summaries import summarize
from personalization.profiles.units import open_unit, seal_unit
from rules.purposes import Purposes

ID_SEAL = "id"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A choice that stands in the ledger; `before` are the purposes granted until then, as bits."""

    profile: Profile
    before: int
    receipt: str


def find_profile(site_id: int, visitor_id: str, *, lock: bool = False) -> Profile | None:
    """The visitor's row, locked until the transaction ends; moved under today's key if need be."""
    found = Profile.objects.filter(site_id=site_id, key__in=candidates(site_id, visitor_id))
    profile = (found.select_for_update(no_key=True) if lock else found).first()
    if profile and lock and profile.key != visitor_key(site_id, visitor_id):
        _rotate(profile, visitor_id)
    return profile


def with_pseudonym(rows: QuerySet[Profile], beginning: str) -> QuerySet[Profile]:
    """Those whose keyed hash begins like this.

    Asked as a range of hexadecimal digits, which an index answers; PostgreSQL's LIKE reads all.
    """
    return rows.filter(key__gte=beginning, key__lt=f"{beginning}g", key__startswith=beginning)


def find_by_pseudonym(site: Site, beginning: str) -> Profile | None:
    """One of those, if several begin like this."""
    return with_pseudonym(Profile.objects.filter(site=site), beginning).order_by("key").first()


@transaction.atomic
def record_choice(
    site: Site, visitor_id: str, *, purposes: Purposes, policy: str, source: str
) -> Recorded:
    """Write a choice to the ledger and to the visitor's row, which the first choice makes."""
    check_visitor_id(visitor_id)
    check_text(policy, "policy")
    check_text(source, "source")
    profile = find_profile(site.pk, visitor_id, lock=True) or introduce(site, visitor_id)
    cipher = _cipher_of(profile)
    received = max(to_us(now()), profile.consented_us + 1)
    record = ledger.append(
        site=site,
        key_id=profile.key_id,
        cipher=cipher,
        record={
            "visitor": visitor_id,
            "purposes": as_document(purposes),
            "policy": policy,
            "source": source,
        },
        at=from_us(received),
    )
    before, profile.purposes = profile.purposes, to_bits(purposes)
    profile.policy, profile.consented_us = policy, received
    profile.sealed_id = cipher.seal(visitor_id.encode(), ID_SEAL) if purposes else b""
    profile.save(update_fields=["purposes", "policy", "consented_us", "sealed_id", "key_id"])
    summarize([profile.pk])
    return Recorded(profile, before, record.digest)


def introduce(site: Site, visitor_id: str) -> Profile:
    """The row of somebody new, locked: no purpose is granted yet."""
    key_id, _ = keystore.create()
    profile, is_new = Profile.objects.get_or_create(
        site=site,
        key=visitor_key(site.pk, visitor_id),
        defaults={"key_id": key_id, "sealed_id": b""},
    )
    if not is_new:
        keystore.destroy(key_id)
    return Profile.objects.select_for_update(no_key=True).get(pk=profile.pk)


def raw_id(profile: Profile) -> str | None:
    """The site's own id of the visitor; None without any purpose, or once the key is gone."""
    cipher = keystore.open_key(profile.key_id) if profile.sealed_id else None
    return cipher.open(bytes(profile.sealed_id), ID_SEAL).decode() if cipher else None


def _cipher_of(profile: Profile) -> Cipher:
    """The visitor's key; a new one where an interrupted erasure destroyed it."""
    cipher = keystore.open_key(profile.key_id)
    if cipher is None:
        profile.key_id, cipher = keystore.create()
    return cipher


def _rotate(profile: Profile, visitor_id: str) -> None:
    profile.key = visitor_key(profile.site_id, visitor_id)
    if profile.sealed_unit:
        unit = open_unit(profile.site_id, visitor_id, bytes(profile.sealed_unit))
        profile.sealed_unit = seal_unit(profile.site_id, visitor_id, unit) if unit else b""
    profile.save(update_fields=["key", "sealed_unit"])
