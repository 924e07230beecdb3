"""A release in which some segments hold for everybody, or for nobody: for previews.

Conditions that ask for a forced segment, and rules that show to it, follow.
"""

from collections.abc import Set
from dataclasses import replace
from typing import Final

from rules.compiler import compile as compile_conditions
from rules.conditions import Group
from rules.types import Release

EVERYONE: Final = Group("and", ())
NOBODY: Final = Group("and", (), negated=True)


def force(release: Release, *, held: Set[str], left: Set[str]) -> Release:
    """`held`: segments that everybody is in; `left`: nobody. Unknown keys change nothing."""
    forced = {
        **dict.fromkeys(held & release.conditions.keys(), EVERYONE),
        **dict.fromkeys(left & release.conditions.keys(), NOBODY),
    }
    if not forced:
        return release
    conditions = {**release.conditions, **forced}
    return replace(release, conditions=conditions, matcher=compile_conditions(conditions))
