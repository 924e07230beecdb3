"""`docs/generated-copy.md` names every way to fail and every setting of a writer."""

import re
from dataclasses import fields
from pathlib import Path

from personalization.drafts.failures import FAILURES
from personalization.drafts.writers import Writer

PAGE = (Path(__file__).resolve().parents[2] / "docs/generated-copy.md").read_text("utf-8")


def first_column(heading: str) -> set[str]:
    """What stands in backquotes in the first column of the tables below a heading."""
    section = PAGE.partition(f"### {heading}\n")[2].partition("\n### ")[0]
    firsts = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for first in firsts for name in re.findall("`([^`]+)`", first)}


def test_the_page_lists_every_failure():
    assert first_column("When it fails") == set(FAILURES)


def test_the_page_lists_every_setting_of_a_writer():
    assert first_column("Connecting a model") == {each.name for each in fields(Writer)} - {"name"}
