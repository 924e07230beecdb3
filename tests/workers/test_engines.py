"""Spark is refused with what to install, and nothing it left on the way to it stays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workers.learning import engines
from workers.learning.scratch import scratch, sweep
from workers.training.spark import needs

KILLED = """
import os, signal
from pathlib import Path
import django
django.setup()
from workers.learning.scratch import scratch
with scratch() as folder:
    (folder / "events").write_text("rows")
    print(folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def java(folder: Path, says: str) -> None:
    """A Java that says its version and does nothing else."""
    program = folder / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def with_pyspark(monkeypatch):
    monkeypatch.setattr(needs, "find_spec", lambda name: name)


def test_without_pyspark_it_says_which_extra_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)

    with pytest.raises(engines.NotHere, match="extra `spark`"):
        engines.require_spark()


@pytest.mark.parametrize("says", ['openjdk version "11.0.2" 2019-01-15', "no version at all"])
def test_an_old_java_is_refused_with_what_to_install(says, with_pyspark, tmp_path, monkeypatch):
    java(tmp_path, says)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with pytest.raises(engines.NotHere, match="openjdk-17-jre-headless"):
        engines.require_spark()


def test_without_java_it_says_what_to_install(with_pyspark, tmp_path, monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(engines.NotHere, match="Java 17"):
        engines.require_spark()


def test_a_new_java_will_do(with_pyspark, tmp_path, monkeypatch):
    java(tmp_path, 'openjdk version "21.0.4" 2024-07-16')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    assert needs.missing() is None


def test_a_scratch_folder_is_gone_after_a_failure():
    with pytest.raises(RuntimeError, match="the disk"), scratch() as folder:
        (folder / "events").write_text("rows")
        raise RuntimeError("the disk is full")

    assert not folder.exists()


def test_what_a_killed_run_left_is_swept_and_what_is_in_use_is_not():
    here = {**os.environ, "DJANGO_SETTINGS_MODULE": "personalization.host.settings"}
    asked = [sys.executable, "-c", KILLED]
    killed = subprocess.run(asked, env=here, capture_output=True, check=False)
    left = Path(killed.stdout.decode().strip())
    assert (left / "events").exists()

    with scratch() as held:
        sweep()

        assert not left.exists()
        assert held.exists()
