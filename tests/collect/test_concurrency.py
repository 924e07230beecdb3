"""Batches at the same time, of the same visitor and of the same ids, lose and double nothing."""

import threading

import pytest
from django.db import connection

from personalization.clock import now
from personalization.collect.consent import choose
from personalization.collect.ingest import ingest
from personalization.collect.models import Event
from personalization.govern import ledger
from personalization.profiles.models import Profile
from personalization.profiles.reading import read_visitor
from rules.purposes import ALL_PURPOSES

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Do all of it in threads of their own that start together; re-raise what any raised."""
    start, failures = threading.Barrier(len(deeds)), []

    def run(deed):
        start.wait()
        try:
            deed()
        except BaseException as failure:  # noqa: BLE001 - raised again below
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_two_batches_of_one_visitor_are_both_counted(site, visitor, row):
    visitor()
    halves = [[row(f"e{place}", place) for place in range(side, 60, 2)] for side in (0, 1)]

    def send(rows):
        for start in range(0, 30, 5):
            ingest(site, rows[start : start + 5], trusted=True)

    at_once(*(lambda rows=half: send(rows) for half in halves))

    seen = read_visitor(site, "v1", now=now())
    assert {event["id"] for event in seen.facts["events"]} == {f"e{place}" for place in range(60)}
    assert seen.facts["visits"] == 1
    assert Profile.objects.get().applied == 60


def test_the_same_batch_sent_by_four_at_once_is_stored_once(site, visitor, row):
    visitor("v1"), visitor("v2")
    batch = [
        row(f"e{place}", place, visitor=f"v{place % 2 + 1}", type="purchase", value=1)
        for place in range(40)
    ]
    outcomes = []

    at_once(*[lambda: outcomes.append(ingest(site, batch, trusted=True))] * 4)

    assert sum(outcome.accepted for outcome in outcomes) == 40
    assert sum(outcome.duplicates for outcome in outcomes) == 120
    assert Event.objects.count() == 40
    assert read_visitor(site, "v1", now=now()).facts["frequency"] == 20


def test_one_id_from_two_visitors_at_once_is_stored_once(site, visitor, row):
    visitor("v1"), visitor("v2")
    batches = [[row(f"e{place}", visitor=who) for place in range(30)] for who in ("v1", "v2")]

    at_once(*(lambda rows=batch: ingest(site, rows, trusted=True) for batch in batches))

    assert Event.objects.count() == 30
    assert sum(Profile.objects.values_list("applied", flat=True)) == 30


def test_choices_at_once_make_one_chain_and_one_profile(site):
    def make(who):
        choose(site, who, purposes=ALL_PURPOSES, policy="p", source="s")

    at_once(*(lambda who=f"v{place % 2}": make(who) for place in range(8)))

    found = ledger.verify(site)
    assert (found.is_intact, found.records) == (True, 8)
    assert Profile.objects.count() == 2
