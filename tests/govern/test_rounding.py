"""Counts that people see say nothing about a single visitor."""

import pytest
from django.utils.translation import override

from personalization.figures import decimal, percent
from personalization.govern.rounding import rounded, shown_count, shown_share


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (1, "< 50"), (49, "< 50"), (50, "50"), (1234, "1,230")]
)
def test_a_count_is_floored_and_rounded(count, shown):
    assert shown_count(count) == shown


def test_figures_are_written_as_the_reader_writes_them():
    with override("de"):
        assert (shown_count(1234), decimal(12.06, 1), percent(0.5)) == ("1.230", "12,1", "50 %")


def test_one_more_visitor_rarely_shows():
    assert rounded(101) == rounded(102) == 100


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(1, 10, "-"), (0, 100, "0 %"), (3, 1000, "< 5 %"), (250, 1000, "25 %")],
)
def test_a_share_is_not_told_of_a_handful(part, whole, shown):
    assert shown_share(part, whole) == shown
