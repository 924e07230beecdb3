"""The web process ranks with numpy alone, and imports it at the first suggestion."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORKERS_ONLY = {"lightfm", "scipy", "sklearn", "pandas", "pyspark"}
PROGRAM = """
import sys
for name in {forbidden!r}: sys.modules[name] = None
import django; django.setup()
import importlib, pkgutil, personalization.learn as room
late = {late!r}
for found in pkgutil.iter_modules(room.__path__):
    if found.name not in late: importlib.import_module("personalization.learn." + found.name)
assert "numpy" not in sys.modules, "numpy came early"
import os; assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
for name in late: importlib.import_module("personalization.learn." + name)
assert "numpy" in sys.modules
assert not [name for name in {forbidden!r} if sys.modules.get(name)]
"""
LATE = ["arrays", "describing", "history", "members", "newcomers", "ranker"]


def test_numpy_comes_late_and_nothing_else_comes_at_all(tmp_path):
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(forbidden=sorted(WORKERS_ONLY), late=LATE)],
        cwd=ROOT,
        env={
            "DATA_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "personalization.host.settings",
            "PATH": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 0, finished.stderr
