"""What DESIGN says of assignment: the same unit, seed and arms give the same arm, and why not."""

from dataclasses import replace

import pytest

from rules import assign
from rules.experiments import assignment
from rules.types import Arm, Experiment

ARMS = (Arm("a", "one"), Arm("b", "two"))
TEST = Experiment("colour", "seed", ARMS, (0.5, 0.5))
PEOPLE = [f"visitor-{number}" for number in range(500)]


def arms(experiment):
    """Arm by unit, of those who take part."""
    found = {unit: assignment(experiment, unit) for unit in PEOPLE}
    return {unit: taken[0].key for unit, taken in found.items() if taken}


def test_the_same_unit_seed_and_arms_give_the_same_arm_whatever_else_changes():
    changed = replace(TEST, key="renamed", phase=7, campaign="may", audience="others")

    assert arms(changed) == arms(TEST)


def test_another_seed_puts_people_anew():
    assert arms(replace(TEST, seed="other")) != arms(TEST)


@pytest.mark.parametrize("version", [1, 2])
def test_the_place_of_a_unit_is_the_public_hash_of_its_id_as_the_website_sends_it(version):
    experiment = replace(TEST, hash_version=version)

    for unit in ("Ann", "ann", " ann", "Ä", "😀"):
        assert assignment(experiment, unit)[1].bucket == assign("seed", unit, version)


@pytest.mark.parametrize("version", [0, 3, -1])
def test_a_version_that_nobody_has_defined_places_nobody(version):
    assert assign("seed", "unit", version) is None
    assert arms(replace(TEST, hash_version=version)) == {}


def test_raising_coverage_moves_nobody_who_was_in():
    before, after = arms(replace(TEST, coverage=0.2)), arms(replace(TEST, coverage=0.6))

    assert len(before) < len(after)
    assert before.items() <= after.items()


def test_changing_weights_moves_people():
    before, after = arms(TEST), arms(replace(TEST, weights=(0.9, 0.1)))

    assert {unit for unit in PEOPLE if before[unit] != after[unit]}
    assert all(after[unit] == "a" for unit in PEOPLE if before[unit] == "a")


def test_an_exposure_keeps_the_bucket_the_arm_s_probability_and_the_phase():
    experiment = replace(TEST, weights=(0.25, 0.75), coverage=0.5, phase=3)
    arm, kept = next(found for found in (assignment(experiment, unit) for unit in PEOPLE) if found)

    assert (kept.key, kept.arm, kept.phase) == ("colour", arm.key, 3)
    assert 0 <= kept.bucket < 1
    assert kept.propensity == {"a": 0.25, "b": 0.75}[arm.key]


def test_parts_of_a_namespace_that_do_not_meet_share_nobody():
    low, high = (
        arms(replace(TEST, namespace=("page", start, end))) for start, end in ((0, 0.5), (0.5, 1))
    )

    assert low.keys().isdisjoint(high)
    assert low.keys() | high.keys() == set(PEOPLE)
