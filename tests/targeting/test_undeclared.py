"""Slots that nobody declared are noted aside from the request, within bounds."""

import threading

import pytest
from django.db import OperationalError, connection

from personalization.targeting import documents, undeclared
from personalization.targeting.models import UndeclaredSlot


@pytest.fixture(autouse=True)
def _nothing_waits(db):
    undeclared.forget()  # other tests' pages asked for slots in this process too
    yield
    undeclared.forget()


def noted():
    return dict(UndeclaredSlot.objects.values_list("key", "url"))


def test_noting_asks_nothing_of_the_database(site, django_assert_num_queries):
    with django_assert_num_queries(0):
        undeclared.note(site.pk, ["side.bar"], "https://shop.example/a")

    undeclared.flush()
    assert noted() == {"side.bar": "https://shop.example/a"}


def test_an_address_loses_whatever_could_name_somebody(site):
    undeclared.note(site.pk, ["side"], "https://ada:pw@shop.example/a?email=ada@example.org#me")

    undeclared.flush()

    assert noted() == {"side": "https://shop.example/a"}


@pytest.mark.parametrize("url", ["", "https://[", "\ud800", "/a\0b", "x" * 9999])
def test_odd_addresses_do_no_harm(site, url):
    undeclared.note(site.pk, ["side"], url)

    undeclared.flush()

    assert len(noted()["side"]) <= 500


@pytest.mark.parametrize("key", ["", "a b", "a\0", "\ud800", "x" * 101, "<script>"])
def test_what_cannot_be_a_slot_is_not_noted(site, key):
    undeclared.note(site.pk, [key], "/")

    undeclared.flush()

    assert noted() == {}


def test_what_was_declared_meanwhile_is_not_noted(site):
    undeclared.note(site.pk, ["side"], "/")
    documents.save_slot(site, {"key": "side"}, by="test")

    undeclared.flush()

    assert noted() == {}


def test_a_flood_of_names_stays_small(site):
    for start in range(0, 5000, 500):
        undeclared.note(site.pk, [f"s{n}" for n in range(start, start + 500)], "/")
        undeclared.flush()

    assert UndeclaredSlot.objects.count() == undeclared.MOST_ROWS


def test_asking_again_moves_the_row_up(site):
    for url in ("/a", "/b"):
        undeclared.note(site.pk, ["side"], url)
        undeclared.flush()

    row = UndeclaredSlot.objects.get()
    assert row.url == "/b"
    assert row.last_at > row.first_at


def test_a_database_that_is_away_costs_the_note_and_nothing_else(site, caplog):
    def refuse(execute, sql, params, many, context):
        raise OperationalError("gone")

    undeclared.note(site.pk, ["side"], "/")
    with connection.execute_wrapper(refuse):
        undeclared.flush()

    assert "undeclared_slots.not_noted" in caplog.text
    undeclared.flush()
    assert noted() == {}


@pytest.mark.django_db(transaction=True)
def test_a_thread_of_its_own_writes_what_was_noted(site, settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "UNDECLARED_SECONDS": 0.01}

    undeclared.note(site.pk, ["side.bar"], "/a")
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()

    assert noted() == {"side.bar": "/a"}
