"""Programs that live and die together: started, watched, restarted, stopped with their children.

Each program leads a process group of its own, so that stopping it reaches whatever it started, and
so that Ctrl-C reaches us alone: we decide in which order things end.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

PATIENCE = 10.0  # seconds that a program gets to end by itself
LAST_WAIT = 2.0  # seconds for the system to clear away what was ended by force
TRIES = 3  # restarts of one program within a minute
MINUTE = 60.0
GLANCE = 0.2  # seconds between two looks
LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1  # of prctl(2)


class Stopped(Exception):
    """Somebody pressed Ctrl-C, or asked us to end."""


class Broken(Exception):
    """A program cannot be kept alive; the sentence says which, and where to read why."""


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path


@dataclass(slots=True)
class _Running:
    program: Program
    process: subprocess.Popen[bytes]
    deaths: list[float] = field(default_factory=list)


class Household:
    """The programs that we started. Use it as a context: whatever happens, none is left behind."""

    def __init__(self, *, logs: Path, say: Callable[[str], None]) -> None:
        self._logs = logs
        self._say = say
        self._running: list[_Running] = []

    def __enter__(self) -> "Household":
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self, program: Program) -> None:
        self._path(program).unlink(missing_ok=True)  # a log tells of one evening, not of all
        self._running.append(_Running(program, self._launch(program)))

    def look_after(self) -> None:
        """Start again what died; give up on what dies again and again."""
        for each in self._running:
            code = each.process.poll()
            if code is None:
                continue
            now = time.monotonic()
            each.deaths = [death for death in each.deaths if now - death < MINUTE] + [now]
            if len(each.deaths) > TRIES:
                raise Broken(self._last_words(each.program, code))
            self._say(f"{each.program.name} ended with code {code}; starting it again")
            _kill_group(each.process)
            each.process = self._launch(each.program)

    def stay(self) -> None:
        """Look after everything until `Stopped` or `Broken`."""
        while True:
            self.look_after()
            time.sleep(GLANCE)

    def stop(self) -> None:
        """Ask every program to end, which ends its own children; by force what does not listen."""
        processes = [each.process for each in self._running]
        for process in processes:
            process.terminate()
        _wait(lambda: all(process.poll() is not None for process in processes), PATIENCE)
        for process in processes:
            _kill_group(process)
        _wait(lambda: not any(_group_lives(process) for process in processes), LAST_WAIT)
        self._running.clear()

    def _launch(self, program: Program) -> subprocess.Popen[bytes]:
        with self._log(program) as log:
            return subprocess.Popen(  # noqa: S603 - our own programs; one thread starts them
                list(program.command),
                cwd=program.folder,
                env={**os.environ, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_us if LINUX else None,  # noqa: PLW1509 - we have no threads
            )

    def _log(self, program: Program) -> IO[bytes]:
        return self._path(program).open("ab")

    def _path(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"

    def _last_words(self, program: Program, code: int) -> str:
        text = self._path(program).read_text(encoding="utf-8", errors="replace")
        tail = "\n".join(f"    {line}" for line in text.splitlines()[-12:])
        return (
            f"{program.name} ended {TRIES + 1} times within a minute, last with code {code}. "
            f"Its log is {self._path(program)} and ends with:\n{tail}"
        )


@contextmanager
def stopping_politely() -> Iterator[None]:
    """Within, SIGINT, SIGTERM and SIGHUP raise `Stopped`, once; while we stop they are ignored."""
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in wanted:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(signal.Signals(number).name)

    before = {each: signal.signal(each, stop) for each in wanted}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _end_with_us() -> None:
    """In a program before it begins: if we are killed outright, the system asks it to end."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait(is_true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.02)


def _group_lives(process: subprocess.Popen[bytes]) -> bool:
    process.poll()  # a dead leader that nobody asked for still counts as a member
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """The group outlives its leader as long as one member does, so its number is still its own."""
    if _group_lives(process):
        os.killpg(process.pid, signal.SIGKILL)
