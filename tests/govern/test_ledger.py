"""The consent ledger: append-only, one chain per site, and tampering is found."""

import pytest
from django.db import connection

from personalization.collect.consent import choose
from personalization.exceptions import Immutable
from personalization.govern import keystore, ledger
from personalization.govern.models import ConsentRecord
from personalization.profiles.models import Profile
from rules.purposes import ALL_PURPOSES, NONE_GRANTED


@pytest.fixture
def five(site):
    for turn in range(5):
        choose(
            site,
            f"v{turn % 2}",
            purposes=ALL_PURPOSES if turn % 2 else NONE_GRANTED,
            policy="2026",
            source="banner",
        )
    return site


def test_an_untouched_ledger_holds(five):
    found = ledger.verify(five)

    assert found.is_intact
    assert found.records == 5


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE personalization_consentrecord SET sealed = (SELECT sealed FROM"
        " personalization_consentrecord WHERE sequence = 1) WHERE sequence = 3",
        "UPDATE personalization_consentrecord SET key_id = 'other' WHERE sequence = 3",
        "UPDATE personalization_consentrecord SET at = (SELECT at FROM"
        " personalization_consentrecord WHERE sequence = 1) WHERE sequence = 3",
        "UPDATE personalization_consentrecord SET digest = previous WHERE sequence = 3",
        "DELETE FROM personalization_consentrecord WHERE sequence = 3",
    ],
)
def test_tampering_is_found_where_it_happened(five, tampering):
    with connection.cursor() as cursor:
        cursor.execute(tampering)

    assert ledger.verify(five).broken_at == 3


def test_records_are_neither_changed_nor_deleted(five):
    record = ConsentRecord.objects.first()

    for deed in (
        record.save,
        record.delete,
        ConsentRecord.objects.all().delete,
        lambda: ConsentRecord.objects.update(key_id="x"),
        lambda: ConsentRecord.objects.bulk_update([record], ["key_id"]),
    ):
        with pytest.raises(Immutable):
            deed()


def test_a_record_reads_only_under_its_visitors_key(five):
    profile = Profile.objects.get(site=five, purposes__gt=0)
    cipher = keystore.open_key(profile.key_id)

    (first, _) = ledger.records_of(five, profile.key_id, cipher)

    assert first["visitor"] == "v1"
    assert first["purposes"] == dict.fromkeys(ALL_PURPOSES, True)
    assert first["policy"] == "2026"
    assert not any(b"v1" in bytes(sealed) for sealed in _sealed())


def _sealed():
    return ConsentRecord.objects.values_list("sealed", flat=True)
