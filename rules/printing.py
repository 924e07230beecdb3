"""A condition as the document that is stored; `rules.parse` reads it back unchanged."""

from typing import Any

from rules.conditions import (
    SEGMENT,
    Comparison,
    Condition,
    Group,
    Match,
    Node,
    SegmentTest,
    Sequence,
    Test,
)
from rules.operators import OPERATORS
from rules.values import Value, print_duration, print_value


def to_tree(condition: Condition) -> dict[str, Any]:
    """Print a condition as it is stored; `parse` reads it back unchanged."""
    return _print_group(condition)


def _print_group(group: Group) -> dict[str, Any]:
    return {
        "combinator": group.combinator,
        "not": group.negated,
        "rules": [_print_node(node) for node in group.rules],
    }


def _print_node(node: Node) -> dict[str, Any]:
    match node:
        case Group():
            return _print_group(node)
        case SegmentTest(keys, negated):
            operator = "notIn" if negated else "in"
            return {"field": SEGMENT, "operator": operator, "value": list(keys)}
        case Comparison(field, _, operator, other):
            return {"field": field, "operator": operator, "value": other, "valueSource": "field"}
        case Match(field, mode, inner, threshold):
            counted = (
                {"mode": mode} if threshold is None else {"mode": mode, "threshold": threshold}
            )
            value = _print_group(inner)
            return {"field": field, "operator": "=", "match": counted, "value": value}
        case Sequence(field, steps, within, then):
            value = {
                "steps": [_print_group(step) for step in steps],
                "within": print_duration(within),
                "then": then,
            }
            return {"field": field, "operator": "sequence", "value": value}
        case Test(field, _, operator, values):
            return {"field": field, "operator": operator, "value": _print_values(operator, values)}


def _print_values(operator: str, values: tuple[Value, ...]) -> Any:  # JSON
    shape = OPERATORS[operator].shape
    if shape == "none":
        return None
    if shape == "duration":
        return print_duration(int(values[0]))  # type: ignore[arg-type] # microseconds by shape
    printed = [print_value(value) for value in values]
    return printed[0] if shape == "one" else printed
