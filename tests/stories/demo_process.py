"""A really started demo on a free port with a few visitors, for the stories that need one."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VISITORS = 200
LAST_LINE = "Ctrl-C stops everything"
PATIENCE = 240


@dataclass
class Demo:
    """`lines` holds what it said so far."""

    folder: Path
    port: int
    process: subprocess.Popen[str] = field(init=False)
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Demo":
        """Returns once everything is up; fails with its words if it ends before."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--visitors", str(VISITORS)],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, args=(said,), daemon=True).start()
        while (line := said.get(timeout=PATIENCE)) is not None:
            if line.startswith(LAST_LINE):
                return self
        raise AssertionError("\n".join(self.lines))

    def _listen(self, said: "queue.Queue[str | None]") -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            said.put(line)
        said.put(None)

    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "TEST_DATA_OWNER", "PUBLIC_URL", "BROKER_URL")
        }
        settings = "personalization.host.settings"
        return {
            **kept,
            "DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": settings,
            "WEBHOOK_HOSTS_INSIDE": "127.0.0.1",  # where stories listen
        }

    def descendants(self) -> set[int]:
        return _below(self.process.pid)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(timeout=60)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port: int = attempt.getsockname()[1]
        return port


def lives(pid: int) -> bool:
    """A zombie that nobody waits for is as good as gone."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def _below(pid: int) -> set[int]:
    children: dict[int, list[int]] = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parent = int((place / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(parent, []).append(int(place.name))
    found, left = set(), [pid]
    while left:
        for child in children.get(left.pop(), []):
            found.add(child)
            left.append(child)
    return found
