"""The product's Celery application with a task that a real worker can be killed in.

It writes a line when it begins, then waits for a file, and writes a line when it ends.
"""

import os
import threading
from datetime import timedelta
from pathlib import Path

import workers.celery
from workers import jobs, relay, tasks

app = workers.celery.app
FOLDER = Path(os.environ["DATA_DIR"])
BEGUN, GATE, ENDED = FOLDER / "begun", FOLDER / "gate", FOLDER / "ended"


def hold(arguments, say):
    with BEGUN.open("a") as file:
        file.write(f"{os.getpid()}\n")
    pause = threading.Event()
    while not GATE.exists():
        pause.wait(0.05)
    with ENDED.open("a") as file:
        file.write(f"{os.getpid()}\n")
    return "held"


tasks.TASKS["test.hold"] = hold
jobs.LEASE, jobs.BEAT = timedelta(seconds=3), timedelta(seconds=0.5)
relay.AGAIN = timedelta(seconds=1)
