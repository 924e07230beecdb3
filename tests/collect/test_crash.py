"""A process that is killed in the middle of its work leaves whole batches and nothing else."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
PROGRAM = """
import django, sys
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from personalization.collect.consent import choose
from personalization.collect.ingest import ingest
from personalization.govern.sites import make_site
from rules.purposes import ALL_PURPOSES

site = make_site(name="s", origins=[], by="test").site
choose(site, "v", purposes=ALL_PURPOSES, policy="p", source="s")
for turn in range(10_000):
    rows = [
        {"id": f"{turn}-{each}", "type": "view", "visitor": "v", "at": "2024-03-01T00:00:00Z"}
        for each in range(20)
    ]
    print(ingest(site, rows, trusted=True).accepted * (turn + 1), flush=True)
"""


def test_what_was_answered_is_stored_and_counted_after_a_kill(tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL recovers by itself; here our own file is at stake")
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "personalization.host.settings",
    }
    environment.pop("DATABASE_URL", None)
    working = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, stdout=subprocess.PIPE
    )
    answered = 0
    while answered < 400:
        line = working.stdout.readline()
        assert line, "the program ended early"
        answered = int(line)
    working.send_signal(signal.SIGKILL)
    working.communicate()

    stored, recent, applied, text = _state(tmp_path / "db.sqlite3")

    assert stored >= answered
    assert stored % 20 == 0
    assert applied == stored
    assert len(json.loads(text)) == recent == 100


def _state(path):
    with sqlite3.connect(path) as database:
        (stored,) = database.execute("SELECT count(*) FROM personalization_event").fetchone()
        (recent,) = database.execute(
            "SELECT count(*) FROM personalization_event e, personalization_profile p"
            " WHERE (e.at, e.event) >= (p.recent_at, p.recent_id)"
        ).fetchone()
        applied, text = database.execute(
            "SELECT applied, recent FROM personalization_profile"
        ).fetchone()
    return stored, recent, applied, text
