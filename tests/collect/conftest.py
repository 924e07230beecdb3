"""Event rows, and a place to try examples that leaves nothing behind."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from personalization.govern.models import Site
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.columns import columns_of, visitors

START = datetime(2024, 3, 1, tzinfo=UTC)


def listed_events():
    """The events that an audience counts as recent, of all visitors."""
    site = Site.objects.get()
    source = columns_of(site, site_catalogue(site), 0)["events"].source.replace("{e}", "e")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT e.event FROM {visitors(source)}, {source}")
        return [event for (event,) in cursor.fetchall()]


@pytest.fixture
def row():
    """An event of visitor v1, `minutes` after the start, unless told otherwise."""

    def make(event="e1", minutes=0, **more):
        at = (START + timedelta(minutes=minutes)).isoformat()
        return {"id": event, "type": "view", "visitor": "v1", "at": at, **more}

    return make


@pytest.fixture
def tried():
    """Do it in a transaction that is rolled back: for many examples in one test."""

    @contextmanager
    def attempt():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return attempt
