"""A process that remembers no snapshot."""

import pytest

from personalization.learn import live


@pytest.fixture(autouse=True)
def _no_snapshot_remembered():
    live.forget()
