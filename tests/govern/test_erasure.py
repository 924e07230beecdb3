"""Erasure and export: nothing is missed, and what is erased is gone, backups included."""

import json
import sqlite3
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from personalization import conf
from personalization.clock import now, to_us
from personalization.collect.consent import choose
from personalization.collect.exposures import Claims, sign
from personalization.collect.ingest import ingest
from personalization.govern import keystore, ledger
from personalization.govern.erasure import erase
from personalization.govern.export import export
from personalization.govern.models import AuditEntry, ConsentRecord, ErasureReceipt
from personalization.govern.pseudonyms import visitor_key
from personalization.govern.subjects import models_with_visitors, rows_of
from personalization.privacy import NoVisitorData, Subject
from personalization.profiles.models import Profile
from personalization.profiles.reading import read_visitor
from personalization.profiles.traits import patch
from rules.purposes import ALL_PURPOSES
from tests.dump import database_dump

RAW_ID = "kunde-4711@example.com"
NAME = "Zuzanna-Wilhelmina"
ON_RECORD = ("shoe-of-a-kind", "a-query-of-theirs", "a-plan-of-theirs", "a-token-of-theirs")


@pytest.fixture
def known(site):
    """A visitor of whom everything is stored that can be; and a neighbour."""
    site.traits_schema = {"plan": {"type": "string"}, "name": {"type": "string", "personal": True}}
    site.save()
    for visitor_id in (RAW_ID, "neighbour"):
        choose(site, visitor_id, purposes=ALL_PURPOSES, policy="2026", source="banner")
    shown = Claims(
        "a-token-of-theirs", visitor_key(site.pk, RAW_ID), to_us(now()), 1, "hero", rule="r"
    )
    at = now().isoformat()
    ingest(
        site,
        [
            {
                "id": "e1",
                "type": "view",
                "visitor": RAW_ID,
                "at": at,
                "item": "shoe-of-a-kind",
                "properties": {"q": "a-query-of-theirs"},
            },
            {
                "id": "e2",
                "type": "exposure",
                "visitor": RAW_ID,
                "at": at,
                "exposure": sign(site.pk, shown),
            },
            {"id": "e3", "type": "view", "visitor": "neighbour", "at": at},
        ],
        trusted=True,
    )
    patch(site, RAW_ID, {"plan": "a-plan-of-theirs", "name": NAME})
    return site


def test_the_export_holds_everything_in_plain_words(known):
    document = export(known, RAW_ID)

    text = json.dumps(document, ensure_ascii=False)
    for value in (RAW_ID, NAME, *ON_RECORD):
        assert value in text
    assert document["choices"][0]["policy"] == "2026"
    assert document["purposes"] == dict.fromkeys(ALL_PURPOSES, True)
    assert document["stored"]["profile"][0]["sealed_personal"] == {"name": NAME}
    assert "neighbour" not in text
    assert "summary" not in document["stored"]  # says the same in codes


def test_the_export_of_nobody_has_the_same_shape(known):
    nobody, somebody = export(known, "nobody"), export(known, RAW_ID)

    assert nobody.keys() == somebody.keys()
    assert nobody["stored"].keys() == somebody["stored"].keys()
    assert not any(nobody["stored"].values())


def test_after_erasure_no_dump_holds_anything_of_the_visitor(known):
    key_id = Profile.objects.get(key=visitor_key(known.pk, RAW_ID)).key_id

    erase(known, RAW_ID, by="ada")

    left = database_dump()
    for value in (RAW_ID, NAME, *ON_RECORD, visitor_key(known.pk, RAW_ID)):
        assert value not in left
    assert keystore.open_key(key_id) is None
    assert read_visitor(known, "neighbour", now=now()).facts["visits"] == 1


def test_the_ledger_keeps_its_chain_and_nobody_reads_the_record(known):
    key_id = Profile.objects.get(key=visitor_key(known.pk, RAW_ID)).key_id

    erase(known, RAW_ID, by="ada")

    assert ledger.verify(known).is_intact
    assert ConsentRecord.objects.filter(key_id=key_id).count() == 1


def test_erasing_again_gives_the_same_receipt(known):
    first = erase(known, RAW_ID, by="ada")

    assert erase(known, RAW_ID, by="ada") == first

    assert ErasureReceipt.objects.get().reference == first.reference
    assert AuditEntry.objects.filter(action="visitor.erased").count() == 1
    assert RAW_ID not in first.reference


def test_of_somebody_unknown_the_answer_looks_the_same_and_nothing_is_kept(known):
    before = database_dump()

    receipt = erase(known, "never seen", by="ada")

    assert len(receipt.reference) == 64
    assert database_dump() == before


def test_who_was_erased_may_come_back_as_somebody_new(known):
    first = erase(known, RAW_ID, by="ada")
    choose(known, RAW_ID, purposes=ALL_PURPOSES, policy="p", source="s")

    assert read_visitor(known, RAW_ID, now=now()).facts["visits"] == 0
    assert erase(known, RAW_ID, by="ada").reference == first.reference


def test_an_interrupted_erasure_is_finished_by_the_next(known, monkeypatch):
    def fail(*_):
        raise OSError("the key store is away")

    with monkeypatch.context() as patched:
        patched.setattr(keystore, "destroy", fail)
        with pytest.raises(OSError, match="away"):
            erase(known, RAW_ID, by="ada")
    assert read_visitor(known, RAW_ID, now=now()).purposes == ALL_PURPOSES

    erase(known, RAW_ID, by="ada")

    assert RAW_ID not in database_dump()
    assert not Profile.objects.filter(key=visitor_key(known.pk, RAW_ID)).exists()


@pytest.mark.django_db(transaction=True)
def test_personal_values_stand_in_no_byte_before_or_after_and_no_backup_reads_them(known, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("the bytes of PostgreSQL's files are its own")
    profile = Profile.objects.get(key=visitor_key(known.pk, RAW_ID))
    backup = tmp_path / "backup.sqlite3"
    _copy_database(backup)
    for content in (backup.read_bytes(), _bytes_of_database()):
        assert RAW_ID.encode() not in content
        assert NAME.encode() not in content

    erase(known, RAW_ID, by="ada")

    everything = _bytes_of_database() + b"".join(
        path.read_bytes() for path in conf.data_dir().glob("keys.sqlite3*")
    )
    assert RAW_ID.encode() not in everything
    assert NAME.encode() not in everything
    (sealed,) = (
        sqlite3.connect(backup)
        .execute(
            "SELECT sealed_personal FROM personalization_profile WHERE key = ?", (profile.key,)
        )
        .fetchone()
    )
    assert sealed
    assert keystore.open_key(profile.key_id) is None


def _copy_database(target):
    with sqlite3.connect(target) as copy:
        connection.connection.backup(copy)


def _bytes_of_database():
    name = Path(connection.settings_dict["NAME"])
    return b"".join(path.read_bytes() for path in name.parent.glob(f"{name.name}*"))


def test_every_model_says_whose_data_it_holds():
    """A model without a declaration would be missed by export and erasure."""
    models = apps.get_app_config("personalization").get_models(include_auto_created=True)

    undeclared = [
        model.__name__
        for model in models
        if not isinstance(getattr(model, "privacy", None), Subject | NoVisitorData)
    ]

    assert undeclared == []


def test_every_declared_field_exists_and_is_understood(known):
    profile = Profile.objects.first()

    for model, subject in models_with_visitors():
        assert subject.on_erasure in {"delete", "keep"}
        assert list(rows_of(model, subject, profile)) is not None
        if subject.ages_by is not None:
            model._meta.get_field(subject.ages_by)


def test_what_points_at_a_profile_declares_it():
    """No model may hold a visitor's rows and say that it holds none."""
    for model in apps.get_app_config("personalization").get_models():
        points = [each for each in model._meta.get_fields() if each.related_model is Profile]
        if any(each.concrete for each in points):
            assert isinstance(model.privacy, Subject), model
