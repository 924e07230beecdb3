"""The programs that the demo starts: web server, worker, scheduler, demonstration writer."""

import sys
from pathlib import Path

from django.conf import settings

from personalization.host.demo.household import Program
from personalization.host.demo.port import HOST
from personalization.host.shop.key import SITE

APPLICATION = "personalization.host.wsgi:application"
WORKERS = "workers.celery"


def address(port: int) -> str:
    return f"http://{HOST}:{port}"


def web(port: int) -> Program:
    arguments = ["--interface", "wsgi", "--host", HOST, "--port", str(port)]
    return _program("web", port, "granian", *arguments, "--blocking-threads", "4", APPLICATION)


def worker(port: int) -> Program:
    arguments = ["-A", WORKERS, "worker", "--loglevel", "INFO", "--concurrency", "1"]
    return _program("worker", port, "celery", *arguments)


def scheduler(port: int) -> Program:
    return _program("scheduler", port, "celery", "-A", WORKERS, "beat", "--loglevel", "INFO")


def writer(port: int, pen: int) -> Program:
    """What stands in for a model at the loopback port `pen`, where none is connected."""
    return _program("writer", port, "workers.writing.demonstration", str(pen))


def _program(name: str, port: int, module: str, *arguments: str) -> Program:
    environment = {
        "DJANGO_SETTINGS_MODULE": str(settings.SETTINGS_MODULE),
        "DATA_DIR": str(settings.DATA_DIR),
        "PUBLIC_URL": settings.PUBLIC_URL or address(port),
        "PYTHONUNBUFFERED": "1",
        "SITE": SITE,  # whose slots the shop's template tags fill
    }
    command = (sys.executable, "-m", module, *arguments)
    return Program(name, command, environment, Path(settings.BASE_DIR))
