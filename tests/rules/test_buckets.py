"""Bucketing agrees with GrowthBook's public cases, and stays put."""

import itertools
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.buckets import assign, bucket_ranges, choose, equal_weights, in_namespace

SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).resolve().parents[2] / ".." / "shared"))
SUITE = SHARED / "suites" / "bucketing" / "growthbook_cases.json"
CASES = json.loads(SUITE.read_text(encoding="utf-8")) if SUITE.exists() else {}

units = st.text(max_size=40)
shares = st.floats(0, 1)


def cases(name):
    found = CASES.get(name, [])
    return pytest.mark.parametrize(
        "case",
        found or [pytest.param(None, marks=pytest.mark.skip("shared suite absent"))],
        ids=str,
    )


@cases("hash")
def test_the_hash_agrees_with_growthbook(case):
    seed, value, version, expected = case

    assert assign(seed, value, version) == expected


@cases("getBucketRange")
def test_ranges_agree_with_growthbook(case):
    _, (n, coverage, weights), expected = case

    found = bucket_ranges(n, coverage, weights)

    assert [pytest.approx(pair) for pair in expected] == [list(pair) for pair in found]


@cases("chooseVariation")
def test_choosing_agrees_with_growthbook(case):
    _, value, ranges, expected = case

    assert choose(value, ranges) == expected


@cases("inNamespace")
def test_namespaces_agree_with_growthbook(case):
    _, unit, namespace, expected = case

    assert in_namespace(unit, tuple(namespace)) is expected


@cases("getEqualWeights")
def test_equal_weights_agree_with_growthbook(case):
    n, expected = case

    assert list(equal_weights(n)) == pytest.approx(expected)


def test_the_hash_reads_a_string_as_javascript_does():
    """Worked out with the SDK's own loop over charCodeAt, which sees two units in an emoji."""
    assert assign("seed", "\ud83d\ude00", 2) == assign("seed", "😀", 2)
    assert assign("seed", "é", 2) != assign("seed", "e", 2)


@given(seed=units, unit=units, version=st.sampled_from([1, 2]))
def test_a_unit_stays_where_it_is(seed, unit, version):
    place = assign(seed, unit, version)

    assert place == assign(seed, unit, version)
    assert 0 <= place < 1


@given(unit=units, low=shares, high=shares, n=st.integers(2, 5))
def test_raising_coverage_moves_nobody_who_was_in(unit, low, high, n):
    before, after = sorted((low, high))
    place = assign("seed", unit, 2)

    was = choose(place, bucket_ranges(n, before))

    assert was in (-1, choose(place, bucket_ranges(n, after)))


@given(n=st.integers(1, 20), coverage=shares)
def test_ranges_never_overlap(n, coverage):
    ranges = bucket_ranges(n, coverage)

    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(ranges))


@given(st.lists(units, min_size=1, max_size=50, unique=True), st.floats(0.1, 0.9))
def test_parts_of_a_namespace_share_nobody(people, border):
    first = {unit for unit in people if in_namespace(unit, ("page", 0, border))}
    second = {unit for unit in people if in_namespace(unit, ("page", border, 1))}

    assert not first & second
    assert first | second == set(people)
