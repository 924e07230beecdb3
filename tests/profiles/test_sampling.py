"""The sample is of the visitors seen last who still allow personalization."""

import pytest

from personalization import clock
from personalization.collect.consent import choose
from personalization.profiles.models import Profile
from personalization.profiles.sampling import recent_visitors
from personalization.profiles.visitors import find_profile
from rules.purposes import Purpose


@pytest.fixture
def seen(site, visitor):
    """Make visitors who were seen in this order, the first one first."""

    def make(*names, **purposes):
        for at, name in enumerate(names, start=1):
            visitor(name, *purposes.get(name, ()))
            row = Profile.objects.filter(pk=find_profile(site.pk, name).pk)
            row.update(last_seen=at * clock.DAY, first_seen=at, visits=at)

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
