"""Event rows, and a place to try examples that leaves nothing behind."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

START = datetime(2024, 3, 1, tzinfo=UTC)


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
