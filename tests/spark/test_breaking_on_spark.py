"""The command as an operator runs it: to its end, with Java killed, and stopped by Ctrl-C."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from personalization.govern.sites import make_site
from tests.workers.shop import shop_of_camps
shop_of_camps(make_site(name="Spark", origins=[], by="test").site)
"""
WORKS = "left out"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("operator")
    subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=around(found), check=True)
    return found


def around(folder):
    dropped = ("DATABASE_URL", "TEST_DATA_OWNER", "KEYS_URL", "BROKER_URL")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {
        **kept,
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "personalization.host.settings",
        "SPARK_MASTER": "local[2]",
        "SPARK_MEMORY": "1g",
        "PYTHONUNBUFFERED": "1",
    }


def train(folder, seed=1):
    return subprocess.Popen(
        [sys.executable, "manage.py", "train", "--engine", "spark", "--seed", str(seed)],
        cwd=ROOT,
        env=around(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def javas_of(process):
    """The Java processes below this one."""
    rows = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            name, _, rest = status.read_text().partition("(")[2].rpartition(")")
            rows.append((int(status.parent.name), int(rest.split()[1]), name))
    below = {process.pid}
    for _ in range(3):
        below |= {pid for pid, parent, _name in rows if parent in below}
    return [pid for pid, _parent, name in rows if pid in below and name == "java"]


def asked(folder, question):
    with sqlite3.connect(folder / "db.sqlite3", timeout=20) as database:
        return database.execute(question).fetchall()


def scratch(folder):
    return [path for path in (folder / "scratch").iterdir() if path.is_dir()]


def until_it_says(process, words):
    for line in process.stdout:
        if words in line:
            return
    raise AssertionError(process.stderr.read()[-2000:])


def test_the_command_ends_with_figures_and_a_killed_java_leaves_that_model_in_use(folder):
    said, complained = train(folder).communicate()
    assert said.strip().endswith("It is in use."), complained[-2000:]
    assert "popularity" in said
    assert not scratch(folder)

    second = train(folder)
    until_it_says(second, WORKS)
    for java in javas_of(second):
        os.kill(java, signal.SIGKILL)
    _said, complained = second.communicate()

    assert second.returncode == 1
    assert "Spark broke off" in complained.strip().splitlines()[-1]
    assert "the model in use stays" in complained
    assert asked(folder, "SELECT number FROM personalization_modelversion") == [(1,)]
    ((error,),) = asked(folder, "SELECT error FROM personalization_job WHERE error <> ''")
    assert "the model in use stays" in error.strip().splitlines()[-1]
    assert not scratch(folder)


def test_ctrl_c_ends_java_too_and_leaves_no_events_behind(folder):
    process = train(folder, seed=2)  # a job of its own
    until_it_says(process, WORKS)
    (java,) = javas_of(process)

    process.send_signal(signal.SIGINT)
    process.communicate()

    assert process.returncode != 0
    assert not Path(f"/proc/{java}").exists()
    assert not scratch(folder)
