"""People name a visitor by the beginning of the keyed hash that they see."""

import pytest

from personalization.govern.sites import make_site
from personalization.profiles.visitors import find_by_pseudonym, find_profile


@pytest.mark.parametrize("shown", [8, 12, 63, 64])
def test_a_visitor_is_found_by_the_beginning_of_their_hash(site, visitor, shown):
    visitors = [find_profile(site.pk, visitor(f"v{number}")) for number in range(8)]

    for each in visitors:
        assert find_by_pseudonym(site, each.key[:shown]) == each


def test_nobody_is_found_by_what_is_no_beginning_of_theirs(site, visitor):
    key = find_profile(site.pk, visitor("somebody")).key
    other = make_site(name="Other", origins=[], by="test").site

    assert find_by_pseudonym(other, key) is None
    for unknown in (f"{key}0", key[1:], key.upper(), "%", f"{key[:11]}_", "ü", "g" * 64):
        assert find_by_pseudonym(site, unknown) is None
