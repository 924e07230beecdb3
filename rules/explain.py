"""Why a condition is true, false or unknown: the truth of every node, in words.

In:  a condition, the facts and the time that it was asked with, the segments that it names.
Out: a tree of `Explanation`. Each node is judged by the same compiled code that decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from rules.compiler import compile as compile_conditions
from rules.conditions import Condition, Group, Node, SegmentTest
from rules.describe import describe_node
from rules.words import Say, _


@dataclass(frozen=True, slots=True)
class Explanation:
    """One node: what it says, whether it holds (None: unknown), and its parts."""

    text: str
    truth: bool | None
    parts: tuple["Explanation", ...] = ()


def explain(
    condition: Condition,
    facts: Mapping[str, object],
    now: datetime,
    segments: Mapping[str, Condition] | None = None,
    labels: Mapping[str, str] | None = None,
    say: Say = _,
) -> Explanation:
    """The truth of every node. Segments that are not given count as unknown.

    `labels` and `say`: as in `describe`.
    """
    read = partial(describe_node, labels=labels, say=say)
    return _Explainer(facts, now, segments or {}, read).node(condition, frozenset())


class _Explainer:
    def __init__(
        self,
        facts: Mapping[str, object],
        now: datetime,
        segments: Mapping[str, Condition],
        read: Callable[[Node], str],
    ) -> None:
        self.facts, self.now, self.segments, self.read = facts, now, segments, read
        self.explained: dict[str, Explanation] = {}

    def node(self, node: Node, seen: frozenset[str]) -> Explanation:
        text = self.read(node)
        if isinstance(node, SegmentTest):
            given = [key for key in node.keys if key in self.segments and key not in seen]
            parts = tuple(self.segment(key, seen) for key in given)
            others = [None] * (len(node.keys) - len(parts))
            truth = _any([*(part.truth for part in parts), *others])
            return Explanation(text, _turned(truth, node.negated), parts)
        if isinstance(node, Group):
            parts = tuple(self.node(each, seen) for each in node.rules)
            truths = [part.truth for part in parts]
            truth = _all(truths) if node.combinator == "and" or not truths else _any(truths)
            return Explanation(text, _turned(truth, node.negated), parts)
        return Explanation(text, self._judge(node))

    def segment(self, key: str, seen: frozenset[str]) -> Explanation:
        """Worked out once, however often it is named."""
        if key not in self.explained:
            self.explained[key] = self.node(self.segments[key], seen | {key})
        return self.explained[key]

    def _judge(self, node: Node) -> bool | None:
        decide = compile_conditions(
            {"true": Group("and", (node,)), "false": Group("and", (node,), negated=True)}
        )
        found = decide(self.facts, self.now)
        return True if "true" in found else False if "false" in found else None


def _all(truths: list[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def _any(truths: list[bool | None]) -> bool | None:
    return True if True in truths else None if None in truths else False


def _turned(truth: bool | None, negated: bool) -> bool | None:
    return truth if truth is None or not negated else not truth
