"""Servers that tests talk to for real. Where one is missing the test skips, in CI it fails."""

import atexit
import os
from functools import cache

import psycopg
import pytest

DEFAULT = "postgresql://postgres@127.0.0.1:5432/postgres"


def postgres_url() -> str:
    """A database of PostgreSQL of our own, by its address."""
    url = os.environ.get("TEST_POSTGRES_URL", DEFAULT)
    if _made(url) is None:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(f"PostgreSQL does not answer at {url}")
        pytest.skip("PostgreSQL is not at hand (TEST_POSTGRES_URL)")
    return _made(url) or ""


@cache
def _made(url: str) -> str | None:
    name = f"personalization_{os.getpid()}"
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f"CREATE DATABASE {name}")
    except psycopg.OperationalError:
        return None
    atexit.register(_drop, url, name)
    return url.rpartition("/")[0] + f"/{name}"


def _drop(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
