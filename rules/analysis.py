"""What can be said of a condition before anybody is asked: nobody, everybody, and why.

In:  a condition, and the segments that it may name.
Out: an `Analysis`. What it says is certain; not everything that is impossible is found.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rules.conditions import Condition, Group, Match, Node, nodes
from rules.conditions import Sequence as Steps
from rules.describe import describe_node
from rules.invalid import Invalid
from rules.normal import Normals
from rules.reach import Boxed, Reach
from rules.segments import mentions
from rules.words import Say, _

Placed = tuple[str, Node]  # a node and its path
_CUTTING: Final = {True: "and", False: "or"}  # what makes less of "true", and of "not true"


@dataclass(frozen=True, slots=True)
class Part:
    """What a reason is about: where it stands, as in `Invalid`, and what it says."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence about the node at `path`, and the parts that it comes from."""

    path: str
    detail: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """`never`: true of nobody, whatever is known of them. `always`: true of everybody.

    `reasons`: why; where neither holds, which parts of it are never true, or always.
    """

    never: bool
    always: bool
    reasons: tuple[Reason, ...]


def analyse(
    condition: Condition,
    segments: Mapping[str, Condition] | None = None,
    labels: Mapping[str, str] | None = None,
    say: Say = _,
) -> Analysis:
    """Of segments that are not given, or that name each other in a circle, nothing is known.

    `labels` and `say`: as in `describe`.
    """
    analyst = _Analyst(condition, segments or {}, labels or {}, say)
    return Analysis(
        never=analyst.is_empty(condition, True),
        always=analyst.is_empty(condition, False),
        reasons=tuple(analyst.reasons(condition, "")),
    )


class _Analyst:
    """Asks of each node: is nothing left where it is true (`holds`), or where it is not?"""

    def __init__(
        self,
        condition: Condition,
        segments: Mapping[str, Condition],
        labels: Mapping[str, str],
        say: Say,
    ) -> None:
        self.labels, self.say = labels, say
        self.normals = Normals()
        known = {key: self.normals.of(segments[key]) for key in _told(condition, segments)}
        asked = (each for each in nodes(condition) if not isinstance(each, Group))
        self.reach = Reach([self.normals.of(each) for each in asked], known)

    def is_empty(self, node: Node, holds: bool) -> bool:
        return self.left(node, holds) is None

    def left(self, node: Node, holds: bool) -> Boxed:
        return self.reach.where(self.normals.of(node), holds)

    def reasons(self, node: Node, path: str) -> Iterator[Reason]:
        """Of the node, or else of its parts."""
        for holds in (True, False):
            if self.is_empty(node, holds):
                yield from self.why(node, path, holds)
                return
        if isinstance(node, Group):
            for place, each in _inside(node, path):
                yield from self.reasons(each, place)
        yield from self.of_elements(node, path)

    def of_elements(self, node: Node, path: str) -> Iterator[Reason]:
        """Reasons inside of what is asked of a list's elements."""
        for place, group in _asked_of_elements(node, path):
            yield from _Analyst(group, {}, self.labels, self.say).reasons(group, place)

    def why(self, node: Node, path: str, holds: bool) -> Iterator[Reason]:
        """Why nothing is left: parts of which nothing is left, or parts that exclude each other."""
        if not isinstance(node, Group) or node.negated or not node.rules:
            yield self.reason(path, [(path, node)], holds)
            yield from self.of_elements(node, path)
            return
        parts = _inside(node, path)
        empty = [(place, each) for place, each in parts if self.is_empty(each, holds)]
        for place, each in empty:
            yield from self.why(each, place, holds)
        if not empty:
            together = list(_flat(node, path, _CUTTING[holds]))
            yield self.reason(path, self.excluding(together, holds), holds)

    def excluding(self, parts: Sequence[Placed], holds: bool) -> list[Placed]:
        """As few of the parts as suffice. Each turn finds one that is needed, by halving."""
        boxes = [self.left(each, holds) for _place, each in parts]
        found: list[int] = []
        end = len(boxes)
        while end and self.reach.meet(boxes[each] for each in found) is not None:
            low, high = 1, end
            while low < high:
                middle = (low + high) // 2
                chosen = [*(boxes[each] for each in found), *boxes[:middle]]
                low, high = (low, middle) if self.reach.meet(chosen) is None else (middle + 1, high)
            end = low - 1
            found.append(end)
        return [parts[each] for each in sorted(found)]

    def reason(self, path: str, placed: Sequence[Placed], holds: bool) -> Reason:
        parts = tuple(
            Part(place, describe_node(each, self.labels, self.say)) for place, each in placed
        )
        listed = " – ".join(part.text for part in parts)
        return Reason(path, self.say(_sentence(len(parts), holds)).format(listed), parts)


def _told(condition: Condition, segments: Mapping[str, Condition]) -> list[str]:
    """The segments that it leads to, each after those that it names."""
    try:
        return list(mentions(condition, segments))
    except Invalid:
        return []


def _inside(group: Group, path: str) -> list[Placed]:
    start = f"{path}/rules" if path else "rules"
    return [(f"{start}/{index}", each) for index, each in enumerate(group.rules)]


def _flat(group: Group, path: str, word: str) -> Iterator[Placed]:
    """The parts of nested groups that are joined alike."""
    for place, each in _inside(group, path):
        if isinstance(each, Group) and _is_joined(each, word):
            yield from _flat(each, place, word)
        else:
            yield place, each


def _is_joined(group: Group, word: str) -> bool:
    is_plain = bool(group.rules) and not group.negated
    return is_plain and (group.combinator == word or len(group.rules) == 1)


def _asked_of_elements(node: Node, path: str) -> list[tuple[str, Group]]:
    """The groups over one element; without rules a group says “any element”."""
    found: list[tuple[str, Group]] = []
    if isinstance(node, Match):
        found = [(f"{path}/value", node.inner)]
    elif isinstance(node, Steps):
        found = [(f"{path}/value/steps/{index}", each) for index, each in enumerate(node.steps)]
    return [(place, group) for place, group in found if group.rules]


def _sentence(n_parts: int, holds: bool) -> str:
    """What is to be said of so many parts, with a blank for them."""
    if n_parts == 1:
        return _("This can never be true: {}.") if holds else _("This is always true: {}.")
    if not holds:
        return _("One of these is always true: {}.")
    if n_parts == 2:
        return _("These can never both be true: {}.")
    return _("These can never all be true: {}.")
