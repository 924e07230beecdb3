"""Rules that never get their turn, since one before them always takes their visitors.

In:  a slot, and what is known of its audiences.
Out: for each such rule, the one that it stands behind. What is said is certain; not every rule
     that is never reached is found.
"""

from collections.abc import Mapping, Sequence

from rules import Condition
from rules.inclusion import Inclusions
from rules.types import Rule, Slot, Window


def hidden_rules(slot: Slot, audiences: Inclusions) -> dict[str, Rule]:
    """Key of a rule that nobody reaches -> the rule that is in its way."""
    found = {}
    for place, rule in enumerate(slot.rules):
        hider = hider_of(rule, slot.rules[:place], audiences)
        if hider is not None:
            found[rule.key] = hider
    return found


def hider_of(rule: Rule, before: Sequence[Rule], audiences: Inclusions) -> Rule | None:
    """The first of `before` that applies whenever this rule would."""
    return next((each for each in before if _hides(each, rule, audiences)), None)


def audiences_of(slot: Slot, conditions: Mapping[str, Condition]) -> Inclusions:
    """Of the rules and experiments of a slot, which are part of which."""
    named = [rule.audience for rule in slot.rules]
    named += [experiment.audience for experiment in slot.experiments]
    return Inclusions([name for name in named if name is not None], conditions)


def _hides(one: Rule, other: Rule, audiences: Inclusions) -> bool:
    return runs_whenever(one, other) and _takes_all(one, other, audiences)


def runs_whenever(one: Rule, other: Rule) -> bool:
    """Is the one there for its visitors, however often, at every moment of the other?"""
    return (
        one.cap is None
        and _contains(one.window, other.window)
        and (one.when is None or (other.when is not None and one.when.covers(other.when)))
    )


def _contains(one: Window, other: Window) -> bool:
    begins = one.start is None or (other.start is not None and one.start <= other.start)
    return begins and (one.end is None or (other.end is not None and other.end <= one.end))


def _takes_all(one: Rule, other: Rule, audiences: Inclusions) -> bool:
    if one.audience is None or one.audience == other.audience:
        return True
    if other.audience is None:
        return audiences.is_everyone(one.audience)
    return audiences.includes(one.audience, other.audience)
