"""Programs that live and die together, shown with real processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from personalization.host.demo.household import (
    Broken,
    Household,
    Program,
    Stopped,
    stopping_politely,
)

HAS_GRANDCHILD = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import signal, time\\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\\nopen('deaf', 'w').close()\\ntime.sleep(600)"])
while not pathlib.Path("deaf").exists(): time.sleep(0.01)
pathlib.Path("new").write_text(str(child.pid))
pathlib.Path("new").rename("grandchild")
child.wait()
"""


def program(tmp_path: Path, code: str, name: str = "web") -> Program:
    return Program(name, (sys.executable, "-c", code), {}, tmp_path)


@contextmanager
def household(tmp_path: Path, said: list[str]) -> Iterator[Household]:
    with Household(logs=tmp_path / "logs", say=said.append) as house:
        yield house


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def test_stopping_reaches_grandchildren_that_ignore_a_polite_request(tmp_path, monkeypatch):
    monkeypatch.setattr("personalization.host.demo.household.PATIENCE", 0.3)
    with household(tmp_path, []) as house:
        house.start(program(tmp_path, HAS_GRANDCHILD))
        while not (tmp_path / "grandchild").exists():
            house.look_after()
        pid = int((tmp_path / "grandchild").read_text())
        assert not is_gone(pid)

    assert is_gone(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell nobody of a death")
def test_who_is_killed_outright_leaves_nobody_behind(tmp_path):
    code = (
        "import pathlib, sys\n"
        "from personalization.host.demo.household import Household, Program\n"
        "house = Household(logs=pathlib.Path('logs'), say=print).__enter__()\n"
        "sleeps = 'import os, time; print(os.getpid(), flush=True); time.sleep(600)'\n"
        "program = Program('web', (sys.executable, '-c', sleeps), {}, pathlib.Path('.'))\n"
        "house.start(program)\nhouse.stay()"
    )
    root = {"PYTHONPATH": str(Path(__file__).parents[2])}
    killed = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=os.environ | root)
    log = tmp_path / "logs" / "web.log"
    while not (log.exists() and log.read_text().strip()):
        assert killed.poll() is None

    killed.kill()
    killed.wait()

    pid = int(log.read_text())
    while not is_gone(pid):
        pass  # the system has asked it already


def test_what_dies_is_reported_and_started_again(tmp_path):
    said: list[str] = []
    dies_once = (
        "import os, sys, time\n"
        "if not os.path.exists('seen'): open('seen', 'w').close(); sys.exit(3)\n"
        "open('again', 'w').close(); time.sleep(600)"
    )

    with household(tmp_path, said) as house:
        house.start(program(tmp_path, dies_once))
        while not (tmp_path / "again").exists():
            house.look_after()

    assert said == ["web ended with code 3; starting it again"]


def test_what_dies_again_and_again_stops_all_and_shows_its_last_words(tmp_path):
    dies = "import sys; sys.exit('the cellar is flooded')"

    with household(tmp_path, []) as house, pytest.raises(Broken, match="the cellar is flooded"):
        house.start(program(tmp_path, dies))
        house.stay()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_becomes_a_stop_that_a_second_one_cannot_interrupt(number):
    before = signal.getsignal(number)

    with stopping_politely():
        with pytest.raises(Stopped, match=number.name):
            os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)

    assert signal.getsignal(number) is before
