"""The claims of these rooms hold on PostgreSQL too: the same tests, over a real server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.services import postgres_url

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("room", ["targeting", "publish", "journeys"])
def test_the_same_claims_hold_on_postgresql(room):
    if connection.vendor == "postgresql":
        pytest.skip("this run is on PostgreSQL already")
    environment = {**os.environ, "TEST_DATABASE_URL": postgres_url()}
    environment.pop("PYTEST_XDIST_WORKER", None)

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", f"tests/{room}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout[-5000:] + ran.stderr[-2000:]
