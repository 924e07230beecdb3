"""An audience tried on visitors drawn at random: quick enough for every pause in typing.

In:  a site, a condition as it is being written, the site's segments.
Out: a `Sample`: how many of how many match, which segments they are in too, and why a few of them
     do. The same compiled conditions decide as on a page; nothing is asked of a whole table.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.govern.rounding import FLOOR
from personalization.profiles.sampling import drawn_visitors
from personalization.targeting.catalogue import site_catalogue
from rules import Condition, compile, explain
from rules.consent import permitted_view
from rules.explain import Explanation
from rules.types import Facts

MOST: Final = 1000  # visitors
EXAMPLES: Final = 3
ASKED: Final = ":asked"  # no segment has this key
Segments = Mapping[str, Condition]


@dataclass(frozen=True, slots=True)
class Example:
    """One visitor who matches: a pseudonym, and what it is about them."""

    visitor: str
    why: str


@dataclass(frozen=True, slots=True)
class Sample:
    """`overlaps`: by segment, how many of those that match are in it too.

    Examples are given only where so many match that nobody stands out.
    """

    tried: int
    matching: int
    overlaps: Mapping[str, int]
    examples: tuple[Example, ...]


def sample(
    site: Site,
    condition: Condition,
    segments: Segments,
    *,
    now: datetime,
    labels: Mapping[str, str],
) -> Sample:
    """`segments`: all of the site's that can be read, the edited one left out."""
    match = compile({**segments, ASKED: condition})
    catalogue = site_catalogue(site)
    tried, matching, overlaps = 0, 0, Counter[str]()
    first: list[tuple[str, Facts]] = []
    for visitor in drawn_visitors(site, MOST, now=now):
        facts = permitted_view(visitor, visitor.purposes, catalogue).facts
        found = match(facts, now)
        tried += 1
        if ASKED in found:
            matching += 1
            overlaps.update(found - {ASKED})
            if len(first) < EXAMPLES:
                first.append((visitor.reference or "", facts))
    shown = first if matching >= FLOOR else []
    examples = (
        Example(
            reference[:12],
            "; ".join(_reasons(explain(condition, facts, now, segments, labels, _))),
        )
        for reference, facts in shown
    )
    return Sample(tried, matching, overlaps, tuple(examples))


def _reasons(explanation: Explanation) -> Iterator[str]:
    """The innermost parts that hold, of what holds."""
    if explanation.truth is not True:
        return
    parts = [part for part in explanation.parts if part.truth is True]
    if not parts:
        yield explanation.text
    for part in parts:
        yield from _reasons(part)
