"""The page for privacy officers is held against the code."""

import re
from pathlib import Path

import pytest

from personalization import conf
from personalization.profiles.recent import SHOWN_KEPT
from rules.purposes import Purpose

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["EVENT_DAYS", "TOKEN_DAYS", "EXPOSURE_HOURS", "RECENT_EVENTS"])
def test_defaults_are_as_written(name):
    assert f"`{name}` ({conf.DEFAULTS[name]})" in PAGE


def test_every_purpose_is_explained():
    explained = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)

    assert set(explained) == set(Purpose)


def test_caps_count_as_many_as_written():
    assert f"newest {SHOWN_KEPT} exposures" in PAGE
