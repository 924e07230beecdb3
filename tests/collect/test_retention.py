"""Retention: what has served its time goes, from the recent lists too."""

from datetime import timedelta

from personalization.clock import DAY, now, to_us
from personalization.collect.ingest import ingest
from personalization.collect.models import Event
from personalization.collect.retention import retain
from personalization.govern import keystore
from personalization.outbox import Job
from personalization.profiles.reading import read_visitor
from tests.collect.conftest import listed_events


def test_events_go_by_the_day_they_were_received(site, visitor, row):
    visitor()
    ingest(site, [row("old"), row("new", 1)], trusted=True)
    Event.objects.filter(event="old").update(received=to_us(now()) - 401 * DAY)

    removed = retain()

    assert removed["event"] == 1
    assert list(Event.objects.values_list("event", flat=True)) == ["new"]
    facts = read_visitor(site, "v1", now=now()).facts
    assert [event["id"] for event in facts["events"]] == ["new"]


def test_what_arrives_after_retention_is_still_counted_right(site, visitor, row):
    visitor()
    ingest(site, [row("old"), row("new", 100)], trusted=True)
    Event.objects.filter(event="new").update(received=to_us(now()) - 401 * DAY)
    retain()

    ingest(site, [row("late", 10)], trusted=True)

    facts = read_visitor(site, "v1", now=now()).facts
    assert [event["id"] for event in facts["events"]] == ["late", "old"]
    assert facts["visits"] == 2


def test_what_fell_off_the_list_stays_off_though_retention_makes_room(site, visitor, row, settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "RECENT_EVENTS": 3}
    visitor()
    ingest(site, [row(f"e{minute}", minute) for minute in range(6)], trusted=True)
    Event.objects.filter(event__in=["e4", "e5"]).update(received=to_us(now()) - 401 * DAY)
    retain()

    ingest(site, [row("late", 1), row("new", 9)], trusted=True)

    facts = read_visitor(site, "v1", now=now()).facts
    assert [event["id"] for event in facts["events"]] == ["new", "e3"]
    assert sorted(listed_events()) == ["e3", "new"]


def test_keys_that_nobody_holds_are_destroyed_after_a_day(site, visitor):
    visitor()
    orphan, _ = keystore.create()

    retain()
    assert keystore.open_key(orphan) is not None

    retain(now() + timedelta(days=2))
    assert keystore.open_key(orphan) is None
    assert read_visitor(site, "v1", now=now()).purposes


def test_jobs_done_long_ago_go(db):
    long_ago = now() - timedelta(days=31)
    Job.objects.create(task="a", state=Job.DONE, due_at=long_ago, finished_at=long_ago)
    Job.objects.create(task="b", state=Job.WAITING, due_at=long_ago)

    assert retain()["job"] == 1
    assert Job.objects.get().task == "b"
