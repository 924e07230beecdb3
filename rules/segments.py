"""Which segments a condition leads to, and in which order they can be worked out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from rules.conditions import Condition, SegmentTest, nodes
from rules.invalid import Invalid
from rules.words import _

Conditions = Mapping[str, Condition]


def mentions(condition: Condition, segments: Conditions) -> dict[str, int]:
    """How often each segment is named, here or in another; each stands after those it names."""
    found = Counter(_named(condition))
    order = in_order(found, segments)
    for key in order:
        found.update(_named(segments[key]))
    return {key: found[key] for key in order}


def in_order(names: Iterable[str], conditions: Conditions) -> list[str]:
    """These and all that they lead to, each after those it names.

    A name that there is not, and a circle, are `Invalid`. However long the way, it is walked
    without recursion.
    """
    finished: dict[str, None] = {}
    for name in names:
        way: dict[str, Iterator[str]] = {}  # each with what it still leads to
        ahead: str | None = None if name in finished else name
        while ahead is not None or way:
            if ahead is not None:
                way[ahead] = _leading_on(ahead, way, conditions)
            here, waiting = next(reversed(way.items()))
            ahead = next((key for key in waiting if key not in finished), None)
            if ahead is None:
                del way[here]
                finished[here] = None
    return list(finished)


def _leading_on(key: str, way: Mapping[str, object], conditions: Conditions) -> Iterator[str]:
    if key not in conditions:
        raise Invalid("", _("There is no segment “%(name)s”; make it, or name another."), name=key)
    if key in way:
        behind = list(way)
        circle = " → ".join([*behind[behind.index(key) :], key])
        raise Invalid("", _("Segments refer to each other in a circle: %(circle)s."), circle=circle)
    return _named(conditions[key])


def _named(condition: Condition) -> Iterator[str]:
    """Keys of segments, as often as they are named."""
    return (key for node in nodes(condition) if isinstance(node, SegmentTest) for key in node.keys)
