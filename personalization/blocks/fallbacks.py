"""In: a text with placeholders. Out: the visitor's fields in it that nothing stands in for."""

from collections.abc import Iterator

from jinja2 import nodes

from personalization.blocks import limits
from personalization.blocks.fields import has_placeholders
from personalization.blocks.syntax import Refused, parse

Read = str  # like "visitor.first_name"


def without_fallback(source: str) -> tuple[Read, ...]:
    """Each once, in order. `default(…)` or a surrounding `if` that asks for it is a fallback."""
    if not has_placeholders(source):
        return ()
    try:
        tree = parse(source, limits.SOURCE)
    except Refused:
        return ()
    return tuple(dict.fromkeys(_bare(tree, frozenset())))


def _bare(node: nodes.Node, asked: frozenset[Read]) -> Iterator[Read]:
    read = _field_of(node)
    if read is not None:
        if read not in asked:
            yield read
        return
    if isinstance(node, nodes.Filter) and node.name in ("default", "d") and node.node is not None:
        asked = asked | _all_in(node.node)
    if isinstance(node, nodes.If | nodes.CondExpr):
        asked = asked | _all_in(node.test)
    if isinstance(node, nodes.Or):
        asked = asked | _all_in(node.left)
    for child in node.iter_child_nodes():
        yield from _bare(child, asked)


def _field_of(node: nodes.Node) -> Read | None:
    if not isinstance(node, nodes.Getattr) or not isinstance(node.node, nodes.Name):
        return None
    return f"visitor.{node.attr}" if node.node.name == "visitor" else None


def _all_in(node: nodes.Node) -> frozenset[Read]:
    inner = (_field_of(each) for each in node.find_all(nodes.Getattr))
    found = {read for read in (*inner, _field_of(node)) if read is not None}
    return frozenset(found)
