"""Lists of words that the checks look for, by name: JSON files in this folder."""

import json
from functools import cache
from pathlib import Path


@cache
def listed(name: str) -> dict[str, str]:
    """Entry -> its words in one text."""
    found: dict[str, str] = json.loads(Path(__file__).with_name(f"{name}.json").read_text("utf-8"))
    return found
