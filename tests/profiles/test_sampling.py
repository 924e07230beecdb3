"""Samples are of visitors who still allow personalization: the ones seen last, or any."""

import pytest

from personalization import clock
from personalization.collect.consent import choose
from personalization.profiles import sampling
from personalization.profiles.models import Profile
from personalization.profiles.sampling import drawn_visitors, recent_keys, recent_visitors
from personalization.profiles.visitors import find_profile
from rules.purposes import Purpose
from tests.summaries import summarized


@pytest.fixture
def seen(site, visitor):
    """Make visitors who were seen in this order, the first one first."""

    def make(*names, **purposes):
        for at, name in enumerate(names, start=1):
            visitor(name, *purposes.get(name, ()))
            row = Profile.objects.filter(pk=find_profile(site.pk, name).pk)
            row.update(last_seen=at * clock.DAY, first_seen=at, visits=at)
            summarized(row)

    return make


def visits(site, most=10):
    return [each.facts["visits"] for each in recent_visitors(site, most, now=clock.now())]


def test_the_last_seen_come_first_and_no_more_than_asked_for(site, seen):
    seen("a", "b", "c", "d", b=("personalization",), c=("personalization", "training"))

    assert visits(site) == [4, 3, 2, 1]
    assert visits(site, 2) == [4, 3]


def test_who_does_not_allow_personalization_is_not_in_it(site, seen):
    seen("a", "b", "c", b=("analytics",))
    choose(site, "c", purposes=frozenset({Purpose.TRAINING}), policy="p", source="test")

    assert visits(site) == [1]


def test_what_the_visitors_own_row_says_of_their_consent_counts(site, seen):
    seen("a", "b")
    Profile.objects.filter(pk=find_profile(site.pk, "b").pk).update(purposes=0)

    assert visits(site) == [1]


def test_visitors_of_another_site_and_those_never_seen_are_not_in_it(site, seen, visitor):
    from personalization.govern.sites import make_site

    seen("a")
    visitor("never seen")
    other = make_site(name="Other", origins=[], by="test").site

    assert visits(site) == [1]
    assert visits(other) == []


def test_nobodys_own_id_is_in_it(site, seen):
    seen("ada@example.com")

    (found,) = recent_visitors(site, 1, now=clock.now())

    assert found.unit == found.reference
    assert "ada@" not in repr(found)  # references are hexadecimal: "ada" alone comes by chance


def test_it_is_one_query_whatever_its_size(site, seen, django_assert_num_queries):
    seen(*"abcdefgh")

    with django_assert_num_queries(1):
        assert len(visits(site)) == 8


def test_their_pseudonyms_come_in_the_same_order(site, seen):
    seen("a", "b", "c", b=("personalization",), c=("analytics",))

    expected = [each.reference for each in recent_visitors(site, 5, now=clock.now())]

    assert recent_keys(site, 5) == expected
    assert len(expected) == 2


def drawn(site, most):
    return [each.reference for each in drawn_visitors(site, most, now=clock.now())]


def test_those_drawn_are_not_the_ones_seen_last(site, seen):
    """An audience that stayed away for long is as large in the sample as among all."""
    seen(*(f"v{number}" for number in range(300)))

    found = drawn_visitors(site, 150, now=clock.now())
    away = sum(each.facts["visits"] <= 100 for each in found)

    assert 25 <= away <= 75  # of 50 expected; 4 standard deviations are 20


def test_the_same_are_drawn_again_and_only_of_those_who_allow_it(site, seen):
    seen("a", "b", "c", "d", b=("analytics",))

    assert len(drawn(site, 10)) == 3
    assert drawn(site, 2) == drawn(site, 2)
    assert len(drawn(site, 2)) == 2


def test_nobody_looks_through_a_whole_site_for_the_few_who_allow_it(site, seen, monkeypatch):
    seen(*"abcdef", **dict.fromkeys("abcdef", ("analytics",)))
    seen("z")
    place = sorted(Profile.objects.values_list("key", flat=True)).index(
        find_profile(site.pk, "z").key
    )
    monkeypatch.setattr(sampling, "PASSED", place)
    assert drawn(site, 1) == []

    monkeypatch.setattr(sampling, "PASSED", place + 1)
    assert len(drawn(site, 1)) == 1
