"""What events make of a profile, at the edges of the definitions."""

import pytest

from personalization.collect.behaviour import VISIT_GAP, Behaviour, count, visits

START = 10**15


def counted(*times, limit=100):
    """The events at these times, counted in one after the other."""
    behaviour = Behaviour()
    for place, at in enumerate(times):
        entry = [START + at, f"e{place}", "view", None, None, None, None]
        stored = [START + each for each in times[:place]]
        behaviour = count(
            behaviour, [entry], currency="EUR", limit=limit, stored=lambda *_, all_=stored: all_
        )
    return behaviour


@pytest.mark.parametrize(
    ("times", "opened"),
    [
        ((0,), 1),
        ((0, VISIT_GAP), 1),
        ((VISIT_GAP, 0), 1),
        ((0, VISIT_GAP + 1), 2),
        ((VISIT_GAP + 1, 0), 2),
        ((0, 2 * VISIT_GAP, VISIT_GAP), 1),
        ((0, 2 * VISIT_GAP + 1, VISIT_GAP), 2),
        ((0, 0, 0), 1),
    ],
)
@pytest.mark.parametrize("limit", [1, 100])
def test_a_visit_ends_after_thirty_minutes_of_silence(times, opened, limit):
    assert counted(*times, limit=limit).visits == opened
    assert visits(times) == opened
