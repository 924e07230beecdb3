"""What the page on generated copy promises is what the code does."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from personalization.drafts.fingerprints import SHORTEST
from personalization.drafts.guests import LASTS
from personalization.drafts.lessons import MOST_KEPT
from personalization.drafts.lift import FEWEST
from personalization.drafts.notices import PATIENCE, WAITING
from personalization.drafts.reviewing import UNDO
from personalization.govern.rounding import FLOOR

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "generated-copy.md").read_text(encoding="utf-8")
SAID = " ".join(PAGE.split())
HOLDING = re.findall(
    r"`(?:tests/\w+/)?(test_\w+\.py)`", PAGE.partition("## What could go wrong")[2]
)


@pytest.mark.parametrize("name", sorted(set(HOLDING)))
def test_every_threat_is_held_by_a_test_that_is_there(name):
    assert list(ROOT.glob(f"tests/*/{name}"))


@pytest.mark.parametrize(
    "sentence",
    [
        f"({SHORTEST} letters and more",
        f"Below {FLOOR} visitors or {FEWEST} conversions on a side",
        f"at most {MOST_KEPT} of a kind are kept",
        f'"type": "{WAITING}"',
    ],
)
def test_the_figures_are_as_written(sentence):
    assert sentence in SAID


def test_the_times_are_as_written():
    assert (
        timedelta(days=7),
        timedelta(hours=1),
        timedelta(minutes=5),
    ) == (LASTS, UNDO, PATIENCE)
