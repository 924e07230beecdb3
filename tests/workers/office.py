"""A data folder with its own database, and the real programs that work in it."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROKERS = {
    "file": "",
    "redis": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9"),
    "rabbitmq": os.environ.get("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//"),
}
PATIENCE = 120.0  # of a machine with much else to do
PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from personalization.govern.sites import make_site
from personalization.outbox import after_commit
site = make_site(name="Brokers", origins=[], by="test").site
after_commit("learn.refresh", site_id=site.pk)
"""
ORDER = """
import django
django.setup()
from personalization.outbox import after_commit
after_commit("learn.refresh", site_id=1)
"""
HOLD = ORDER.replace('"learn.refresh", site_id=1', '"test.hold"')
CELERY = [sys.executable, "-m", "celery", "-A", "tests.workers.held_work"]


class Office:
    """A data folder with its own database, and the programs that work in it."""

    def __init__(self, folder: Path, broker: str) -> None:
        self.folder = folder
        dropped = ("DATABASE_URL", "TEST_DATA_OWNER", "KEYS_URL", "BROKER_URL")
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in dropped},
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "personalization.host.settings",
            "BROKER_QUEUE": f"test-{os.getpid()}-{folder.name}",
            **({"BROKER_URL": broker} if broker else {}),
        }
        self.programs: list[subprocess.Popen[bytes]] = []

    def run(self, code: str) -> None:
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=self.environment, check=True)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "programs.log").open("ab") as log:
            program = subprocess.Popen(
                [*CELERY, *arguments, "--loglevel", "WARNING"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.programs.append(program)
        return program

    def jobs(self, task: str = "learn.refresh") -> list[tuple[str, int]]:
        """State and attempts of each job of ours, oldest first."""
        with sqlite3.connect(self.folder / "db.sqlite3", timeout=20) as database:
            return database.execute(
                "SELECT state, attempts FROM personalization_job"
                " WHERE task = ? ORDER BY id LIMIT 2",
                (task,),
            ).fetchall()

    def lines(self, name: str) -> int:
        path = self.folder / name
        return len(path.read_text().splitlines()) if path.exists() else 0

    def change(self, statement: str) -> None:
        with sqlite3.connect(self.folder / "db.sqlite3", timeout=20) as database:
            database.execute(statement)

    def until(self, is_true: Callable[[], bool]) -> None:
        pause = threading.Event()
        for _ in range(int(PATIENCE / 0.05)):
            if is_true():
                return
            pause.wait(0.05)
        raise AssertionError(self.log()[-4000:])

    def log(self) -> str:
        path = self.folder / "programs.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def close(self) -> None:
        for program in self.programs:
            kill(program)


def kill(program: subprocess.Popen[bytes]) -> None:
    """As the system does when memory runs out: no word of farewell."""
    try:
        os.killpg(program.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    program.wait()


def reachable(name: str) -> str:
    """The address of this broker; skips where it is missing, in CI fails."""
    address = BROKERS[name]
    if address and not _answers(address):
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(f"{name} does not answer at {address}")
        pytest.skip(f"{name} is not at hand ({address})")
    return address


def _answers(address: str) -> bool:
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=2):
            return True
    except OSError:
        return False
