"""A database of one's own to measure on, of both kinds, each in a process of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

from benchmarks.table import Figure, report

POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1/postgres")
VENDORS = ("sqlite", "postgresql")


def on_each(module: str, benchmark: str, figures: Callable[[str], Iterator[Figure]]) -> None:
    """Run `python -m module` for each vendor; there, report the figures of an empty database."""
    if len(sys.argv) == 2:
        _on(sys.argv[1], benchmark, figures)
        return
    for vendor in VENDORS:
        subprocess.run([sys.executable, "-m", module, vendor], check=True)


def _on(vendor: str, benchmark: str, figures: Callable[[str], Iterator[Figure]]) -> None:
    with tempfile.TemporaryDirectory(prefix=f"bench-{benchmark}-") as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "personalization.host.settings",
        }
        if vendor == "sqlite":
            report(figures(vendor))
            return
        name = f"bench_{benchmark}_{os.getpid()}"
        try:
            _on_server(f"CREATE DATABASE {name}")
        except Exception as error:  # noqa: BLE001 - any driver's: there is no server to measure
            note = f"no PostgreSQL here ({type(error).__name__})"
            report([Figure(benchmark, vendor, None, note=note)])
            return
        try:
            os.environ["DATABASE_URL"] = f"{POSTGRES.rpartition('/')[0]}/{name}"
            report(figures(vendor))
        finally:
            _on_server(f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(statement)
