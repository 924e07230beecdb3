"""Why a condition is true, false or unknown: the truth of every node, in words.

In:  a condition, the facts and the time that it was asked with, the segments that it names.
Out: a tree of `Explanation`. Each node is judged by the same compiled code that decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rules.compiler import compile as compile_conditions
from rules.conditions import Condition, Group, Node, SegmentTest
from rules.describe import describe_node


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
) -> Explanation:
    """The truth of every node. Segments that are not given count as unknown."""
    return _Explainer(facts, now, segments or {}, labels or {}).node(condition, frozenset())


class _Explainer:
    def __init__(
        self,
        facts: Mapping[str, object],
        now: datetime,
        segments: Mapping[str, Condition],
        labels: Mapping[str, str],
    ) -> None:
        self.facts, self.now, self.segments, self.labels = facts, now, segments, labels

    def node(self, node: Node, seen: frozenset[str]) -> Explanation:
        text = describe_node(node, self.labels)
        if isinstance(node, SegmentTest):
            parts = tuple(
                self.node(self.segments[key], seen | {key})
                for key in node.keys
                if key in self.segments and key not in seen
            )
            truth = _any([part.truth for part in parts]) if len(parts) == len(node.keys) else None
            return Explanation(text, _turned(truth, node.negated), parts)
        if isinstance(node, Group):
            parts = tuple(self.node(each, seen) for each in node.rules)
            truths = [part.truth for part in parts]
            truth = _all(truths) if node.combinator == "and" or not truths else _any(truths)
            return Explanation(text, _turned(truth, node.negated), parts)
        return Explanation(text, self._judge(node))

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
