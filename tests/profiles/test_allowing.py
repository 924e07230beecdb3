"""How many visitors allow what, counted and drawn."""

import pytest

from personalization.govern.purposes import ANALYTICS, PERSONALIZATION, TRAINING
from personalization.govern.sites import make_site
from personalization.profiles.allowing import allowing, by_purposes, drawn_by_purposes


@pytest.fixture
def choices(site, visitor):
    for number in range(3):
        visitor(f"both-{number}", "analytics", "personalization")
    visitor("one", "analytics")
    visitor("none", "analytics", "personalization", "training")
    other = make_site(name="Other", origins=[], by="test").site
    return site, other


def test_everybody_is_counted_under_what_they_allow(choices):
    site, other = choices

    counts = by_purposes(site)

    assert {bits: count for bits, count in counts.items() if count} == {
        ANALYTICS | PERSONALIZATION: 3,
        ANALYTICS: 1,
        ANALYTICS | PERSONALIZATION | TRAINING: 1,
    }
    assert not any(by_purposes(other).values())


def test_whoever_allows_more_allows_each_of_it(choices):
    counts = by_purposes(choices[0])

    assert allowing(counts, ANALYTICS) == 5
    assert allowing(counts, ANALYTICS | PERSONALIZATION) == 4
    assert allowing(counts, TRAINING) == 1


def test_those_drawn_are_of_the_site_and_no_more_than_asked_for(choices):
    site, other = choices

    assert sum(drawn_by_purposes(site, 2).values()) == 2
    assert drawn_by_purposes(site, 10) == {k: n for k, n in by_purposes(site).items() if n}
    assert drawn_by_purposes(other, 10) == {}
