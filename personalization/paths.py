"""Where the shipped templates lie: beside the package in a checkout, inside it in a wheel."""

from functools import cache
from pathlib import Path


@cache
def templates_dir() -> Path:
    """The folder that holds `blocks/`, `layouts/`, `macros/`, `studio/`."""
    package = Path(__file__).resolve().parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"
