"""Who may import whom. If this fails, the code is in the wrong room."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKERS_ONLY = ["lightfm", "scipy", "sklearn", "pyspark", "pandas", "tea_tasting", "openai"]


def test_rooms_import_only_downwards():
    found = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 0, found.stdout + found.stderr


def test_every_room_stands_in_the_order():
    """A room that the contract does not name could import anything."""
    ordered = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rooms = {
        path.name
        for path in (ROOT / "personalization").iterdir()
        if (path / "__init__.py").exists()
    }

    assert {
        room
        for room in rooms - {"migrations"}
        if f'{room}"' not in ordered and f"{room} |" not in ordered
    } == set()


@pytest.mark.parametrize("library", [*WORKERS_ONLY, "numpy"])
def test_the_web_process_starts_without(library, tmp_path):
    """It must start where none of the workers' libraries is installed."""
    program = (
        "import sys; sys.modules[sys.argv[1]] = None\n"
        "import personalization.host.wsgi\n"
        "import django.urls; django.urls.get_resolver().url_patterns\n"
    )
    started = subprocess.run(
        [sys.executable, "-c", program, library],
        cwd=ROOT,
        env={"DATA_DIR": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert started.returncode == 0, started.stderr
