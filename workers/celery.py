"""The Celery application: what a worker runs, and the relay beside the scheduler.

Start a worker with `celery -A workers.celery worker`, the scheduler with `celery -A workers.celery
beat`.
"""

import os
import threading
from typing import Any

import django
from celery import Celery
from celery.signals import beat_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "personalization.host.settings")
django.setup()

from personalization import conf  # noqa: E402 - models need what stands above
from personalization.outbox import Job  # noqa: E402
from workers import file_broker, jobs  # noqa: E402
from workers.relay import RUN, keep_handing_over  # noqa: E402
from workers.schedule import ASK, ask, install  # noqa: E402


def _timeouts(broker: str) -> dict[str, Any]:  # options of the transport
    """A Redis that accepts and never answers must not hold anybody up."""
    if broker.startswith(("redis://", "rediss://")):
        return {"socket_timeout": 5, "socket_connect_timeout": 5}
    return {}


def _broker() -> str:
    """A file in DATA_DIR, unless the project names a server."""
    local = f"sqla+sqlite:///{conf.data_dir() / 'broker.sqlite3'}"
    return file_broker.address(getattr(settings, "BROKER_URL", "") or local)


app = Celery("personalization", broker=_broker())
app.conf.update(
    beat_scheduler="django_celery_beat.schedulers:DatabaseScheduler",
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=5,
    broker_transport_options=_timeouts(_broker()),
    enable_utc=True,
    result_expires=None,
    task_default_queue=getattr(settings, "BROKER_QUEUE", "personalization"),
    task_ignore_result=True,
    timezone=settings.TIME_ZONE,
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=1,
)


@app.task(name=RUN)
def run(job_id: int) -> None:
    """Take a job up, unless it is gone or somebody else has it."""
    job = Job.objects.filter(pk=job_id).first()
    if job is not None:
        jobs.run_now(job)


@app.task(name=ASK)
def ask_by_the_clock(task: str) -> None:
    ask(task)


@beat_init.connect
def fill_schedule(**_signal: Any) -> None:
    install()


@beat_init.connect
def start_relay(**_signal: Any) -> None:
    """One relay beside each scheduler; two do no harm."""
    relay = threading.Thread(
        target=keep_handing_over, args=(app, threading.Event()), name="relay", daemon=True
    )
    relay.start()
