"""Only what differs, as deep as both documents have the same shape."""

import pytest

from personalization.publish.differences import differences

EVERYONE = {"combinator": "and", "rules": []}
NOBODY = EVERYONE | {"not": True}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (1, 1, []),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        (1, 2, [((), 1, 2)]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [(("a", "c"), 2, 3)]),
        ({"a": 1}, {}, [(("a",), 1, None)]),
        ({}, {"a": {"b": 1}}, [(("a",), None, {"b": 1})]),
        ([{"a": 1}, 2], [{"a": 1}, 3], [(("2",), 2, 3)]),
        ([1], [1, 2], [((), [1], [1, 2])]),
        ({"a": {"b": 1}}, {"a": [1]}, [(("a",), {"b": 1}, [1])]),
        ({"who": EVERYONE}, {"who": NOBODY}, [(("who",), EVERYONE, NOBODY)]),
    ],
)
def test_only_what_differs_is_found_with_where_it_stands(before, after, found):
    assert list(differences(before, after)) == found
