"""A group of visitors in the language of conditions: a shallow tree, read out and rounded.

In:  portraits, who belongs to the group.
Out: a condition over fields that everybody may use, with how well it finds the group again among
     visitors that the tree had not seen; and what sets the group apart.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import ceil, floor, inf, log10
from typing import Any, Final

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from workers.training.interactions import Column
from workers.training.portraits import SHARE, Portraits

DEPTH: Final = 3
LEAST_PRECISION, LEAST_RECALL = 0.65, 0.6
MOST_WAYS: Final = 2  # alternatives that one can still read
NEARLY: Final = 0.03  # F1 that a simpler condition may cost
TOLD: Final = 3  # differences that a person is told
Tree = dict[str, Any]  # react-querybuilder's JSON
Round = Callable[[float], float]
Bounds = dict[str, tuple[float, float]]  # figure -> more than, at most


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the group beside everybody's, both as means."""

    of: str
    here: float
    everybody: float


@dataclass(frozen=True, slots=True)
class Found:
    """How a group is found again. `precision`: of those found; `recall`: of the group."""

    condition: Tree
    precision: float
    recall: float

    @property
    def is_faithful(self) -> bool:
        is_good = self.precision >= LEAST_PRECISION and self.recall >= LEAST_RECALL
        return is_good and bool(self.condition["rules"])  # that everybody is alike says nothing


@dataclass(frozen=True, slots=True)
class _Leaf:
    bounds: Bounds = field(default_factory=dict)
    members: float = 0.0
    visitors: int = 0


def find_again(known: Portraits, is_member: Column, *, seed: int) -> Found:
    """Learnt on half of the visitors, judged on the other half."""
    is_judge = np.random.default_rng(seed).random(len(known.visitors)) < 0.5
    learning = known.rows(~is_judge)
    ways = _simplest(learning, is_member[~is_judge], seed)
    judging, right = known.rows(is_judge), is_member[is_judge]
    found = np.zeros(len(right), bool)
    for bounds in ways:
        found |= _holds(bounds, judging)
    both = int((found & right).sum())
    return Found(_condition(ways), both / max(1, int(found.sum())), both / max(1, int(right.sum())))


def differences(known: Portraits, is_member: Column) -> tuple[Difference, ...]:
    """What sets the group apart most, in spreads of everybody."""
    here, everybody = known.values[is_member].mean(axis=0), known.values.mean(axis=0)
    calm = known.calm()
    spreads = calm.std(axis=0)
    apart = np.abs(calm[is_member].mean(axis=0) - calm.mean(axis=0)) / np.where(
        spreads > 0, spreads, inf
    )
    told = [
        n for n in np.argsort(-apart, kind="stable") if _says(known.names[n], here[n], everybody[n])
    ]
    return tuple(
        Difference(known.names[n], round(float(here[n]), 3), round(float(everybody[n]), 3))
        for n in told[:TOLD]
    )


def _says(name: str, here: float, everybody: float) -> bool:
    """That they do less in a category follows from what they do more in."""
    return here > everybody or not name.startswith(SHARE)


def _simplest(known: Portraits, is_member: Column, seed: int) -> list[Bounds]:
    """Of the shallowest tree that finds the group nearly as well as the deepest."""
    found = [_ways(known, is_member, depth, seed) for depth in range(1, DEPTH + 1)]
    enough = max(merit for merit, _ways in found) - NEARLY
    return next(ways for merit, ways in found if merit >= enough)


def _ways(known: Portraits, is_member: Column, depth: int, seed: int) -> tuple[float, list[Bounds]]:
    """How well (F1), and the rounded bounds of the leaves that together find the group best."""
    least = max(20, len(known.visitors) // 100)
    tree = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=least, random_state=seed)
    tree.fit(known.values, is_member)
    leaves = list(_leaves(tree.tree_, known.names))
    leaves.sort(key=lambda leaf: (-leaf.members / max(1, leaf.visitors), -leaf.visitors))
    everyone, both, found, best = float(is_member.sum()), 0.0, 0, 0.0
    ways: list[Bounds] = []
    for leaf in leaves[:MOST_WAYS]:
        both, found = both + leaf.members, found + leaf.visitors
        if 2 * both / (found + everyone) <= best:
            break
        best = 2 * both / (found + everyone)
        ways.append({name: _rounded(name, *ends) for name, ends in leaf.bounds.items()})
    return best, ways


def _leaves(
    tree: Any, names: tuple[str, ...], node: int = 0, bounds: Bounds | None = None
) -> Iterator[_Leaf]:  # `tree`: sklearn ships no types
    bounds = bounds or {}
    if tree.children_left[node] < 0:
        visitors = int(tree.n_node_samples[node])
        yield _Leaf(bounds, float(tree.value[node][0][-1]) * visitors, visitors)
        return
    name, at = names[tree.feature[node]], float(tree.threshold[node])
    low, high = bounds.get(name, (-inf, inf))
    left = {**bounds, name: (low, min(high, at))}
    right = {**bounds, name: (max(low, at), high)}
    yield from _leaves(tree, names, tree.children_left[node], left)
    yield from _leaves(tree, names, tree.children_right[node], right)


def _rounded(name: str, low: float, high: float) -> tuple[float, float]:
    """As a person would have said it: twentieths, whole visits and days, two digits of money."""
    say_low, say_high = _ROUNDING.get(name.partition(":")[0], (_next_whole, _whole))
    return low if low == -inf else say_low(low), high if high == inf else say_high(high)


def _twentieth(share: float) -> float:
    return min(0.95, max(0.05, round(share * 20) / 20))


def _two_digits(money: float) -> float:
    if money < 10:
        return ceil(money)
    step: int = 10 ** (floor(log10(money)) - 1)
    return round(money / step) * step


def _days(days: float) -> float:
    return max(1, round(days))


def _next_whole(count: float) -> float:
    return floor(count) + 1


def _whole(count: float) -> float:
    return floor(count)


_ROUNDING: Final[dict[str, tuple[Round, Round]]] = {  # figure -> of its lower and its upper bound
    SHARE.rstrip(":"): (_twentieth, _twentieth),
    "monetary": (_two_digits, _two_digits),
    "recency": (_days, _days),
}


def _holds(bounds: Bounds, known: Portraits) -> Column:
    """As the condition will say it: from the lower bound on, up to the higher one."""
    found = np.ones(len(known.visitors), bool)
    for name, (low, high) in bounds.items():
        values = known.column(name)
        found &= (values >= low) & (values <= high)
    return found


def _condition(ways: list[Bounds]) -> Tree:
    groups = [_group("and", [r for n, b in way.items() for r in _rules(n, *b)]) for way in ways]
    return groups[0] if len(groups) == 1 else _group("or", list(groups))


def _group(combinator: str, rules: list[Tree]) -> Tree:
    return {"combinator": combinator, "not": False, "rules": rules}


def _rules(name: str, low: float, high: float) -> Iterator[Tree]:
    if name.startswith(SHARE):
        yield from _share_rules(name.removeprefix(SHARE), low, high)
        return
    if high in (low, 0):  # nothing is less than nothing
        yield {"field": name, "operator": "=", "value": high}
        return
    for operator, value in ((">=", low), ("<=", high)):
        if abs(value) < inf and (operator, value) != (">=", 0):
            yield {"field": name, "operator": operator, "value": value}


def _share_rules(category: str, low: float, high: float) -> Iterator[Tree]:
    asked = _group("and", [{"field": "category", "operator": "=", "value": category}])
    for mode, value in (("atLeast", low), ("atMost", high)):
        if abs(value) < inf:
            match = {"mode": mode, "threshold": value}
            yield {"field": "events", "operator": "=", "match": match, "value": asked}
