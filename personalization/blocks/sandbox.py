"""The environment in which templates run: no code, no attributes, no unbounded work.

In:  the source of a template that was checked.
Out: a compiled template whose every placeholder is made safe for the spot where it stands.

Values are plain dictionaries, lists, texts and numbers, so attribute access asks a dictionary and
nothing else: there is no object whose attributes could lead anywhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from jinja2 import ChainableUndefined, nodes, pass_context
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from personalization.blocks import limits
from personalization.blocks.filters import FILTERS, TESTS
from personalization.blocks.html_contexts import Spot, placeholders, spots
from personalization.blocks.limits import Budget, TooMuch, bounded
from personalization.blocks.urls import safe_source, safe_url, url_part

BUDGET = "_budget"  # authors cannot name it: names that begin with _ are refused
CHARGE, JOIN = "_charge", "_join"
LOOP_PARTS = frozenset({"index", "index0", "first", "last", "length", "revindex"})
OPERATORS = ("+", "-", "*", "/", "//", "%", "**")
_MISSING = object()
_FOR_CONTEXT_FUNCTIONS = ("_loop_vars", "_block_vars")  # Jinja adds them; macros take neither
_SPECIAL = re.compile("[&<>\"']").search
Value = Any  # what a template computes with: JSON values, dates, our own texts


class BlockEnvironment(ImmutableSandboxedEnvironment):
    """`guarded` charges every placeholder too: for templates that people wrote.

    Without `html` a template makes plain text, which whoever shows it will escape.
    """

    def __init__(self, *, guarded: bool, html: bool) -> None:
        super().__init__(
            autoescape=html,
            undefined=ChainableUndefined,
            finalize=_finalize(guarded, html),
            cache_size=0,
        )
        self.intercepted_binops = frozenset(OPERATORS)
        self.globals = {"range": _range}
        self.filters = {**FILTERS, **_OWN_FILTERS, JOIN: _join_html if html else _join_text}
        self.tests = dict(TESTS)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.autoescape:
            _make_spots_safe(tree)
        _charge_ahead(tree)
        _join_texts_within_limit(tree)
        tree.set_environment(self)
        return tree

    def getattr(self, obj: Value, attribute: str) -> Value:
        if type(obj) is dict:
            found = obj.get(attribute, _MISSING)
            return self.undefined(obj=obj, name=attribute) if found is _MISSING else found
        if isinstance(obj, LoopContext) and attribute in LOOP_PARTS:
            return getattr(obj, attribute)
        return self.undefined(obj=None, name=attribute)

    def getitem(self, obj: Value, argument: Value) -> Value:
        if isinstance(obj, dict | list | tuple | str) and not isinstance(argument, Undefined):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                return self.undefined(obj=None, name=str(argument)[:100])
        return self.undefined(obj=None, name="item")

    def call(self, context: Context, called: Value, /, *args: Value, **kwargs: Value) -> Value:
        if called is _range:
            return _range(*args)
        if not isinstance(called, Macro):
            raise TooMuch("only macros and range() can be called")
        for name in _FOR_CONTEXT_FUNCTIONS:
            kwargs.pop(name, None)
        made = called(context.eval_ctx, *args, **kwargs)
        return bounded(made) if isinstance(made, str) else made

    def call_binop(self, context: Context, operator: str, left: Value, right: Value) -> Value:
        if not (_is_number(left) and _is_number(right)) or operator == "**":
            raise TooMuch(f"{operator} works on numbers only")
        made = self.binop_table[operator](left, right)
        if abs(made) > limits.NUMBER:
            raise TooMuch("a number beyond 2^53")
        return made


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _range(*bounds: int) -> list[int]:
    numbers = range(*bounds)
    if len(numbers) > limits.RANGE:
        raise TooMuch(f"range() gives at most {limits.RANGE} numbers")
    return list(numbers)


@cache
def environment(*, guarded: bool, html: bool) -> BlockEnvironment:
    return BlockEnvironment(guarded=guarded, html=html)


class Compiled:
    """A template ready to be rendered, again and again, by any thread."""

    def __init__(self, source: str, *, guarded: bool, html: bool) -> None:
        self._template = environment(guarded=guarded, html=html).from_string(source)
        self._template.root_render_func.__globals__["escape"] = escaped
        self._globals = dict(self._template.globals)

    def render(self, values: Mapping[str, Value]) -> str:
        """The text, autoescaped; `TooMuch` beyond a limit."""
        template = self._template
        names = {**self._globals, **values, BUDGET: Budget()}
        context = template.new_context(names, shared=True)
        return _joined_within_limit(template.root_render_func(context))


def _joined_within_limit(pieces: Iterable[str]) -> str:
    made: list[str] = []
    size = 0
    for piece in pieces:
        made.append(piece)
        size += len(piece)
        if size > limits.OUTPUT_BYTES:
            raise TooMuch(f"more than {limits.OUTPUT_BYTES} bytes")
    return "".join(made)


# ---------------------------------------------------------------- what is put into the tree


def _make_spots_safe(tree: nodes.Template) -> None:
    found = spots(tree)
    for (output, position), spot in zip(list(placeholders(tree)), found, strict=True):
        if spot is not Spot.TEXT:
            output.nodes[position] = _filter(output.nodes[position], f"_{spot.value}")


def _charge_ahead(tree: nodes.Template) -> None:
    """Each loop and each macro pays for what it will evaluate before it does so."""
    for loop in tree.find_all(nodes.For):
        loop.iter = _filter(loop.iter, CHARGE, nodes.Const(size(loop)))
    for macro in tree.find_all((nodes.Macro, nodes.CallBlock)):
        once = _filter(nodes.Const(""), CHARGE, nodes.Const(size(macro)))
        macro.body.insert(0, nodes.Output([once], lineno=macro.lineno))  # type: ignore[attr-defined]  # both have a body


def _join_texts_within_limit(node: nodes.Node) -> None:
    for field, value in list(node.iter_fields()):
        if isinstance(value, nodes.Concat):
            setattr(node, field, _filter(nodes.List(value.nodes, lineno=node.lineno), JOIN))
        elif isinstance(value, list):
            value[:] = [
                _filter(nodes.List(each.nodes, lineno=each.lineno), JOIN)
                if isinstance(each, nodes.Concat)
                else each
                for each in value
            ]
    for child in node.iter_child_nodes():
        _join_texts_within_limit(child)


def _filter(node: nodes.Node, name: str, *args: nodes.Expr) -> nodes.Filter:
    made = nodes.Filter(node, name, list(args), [], None, None)
    made.set_lineno(node.lineno or 1)
    return made


def size(node: nodes.Node) -> int:
    """How many nodes it has, itself included."""
    return sum(len(level) for level in levels(node))


def levels(node: nodes.Node) -> Iterator[list[nodes.Node]]:
    """The tree floor by floor, without recursion: however deep it is, it can be measured."""
    floor = [node]
    while floor:
        yield floor
        floor = [child for each in floor for child in each.iter_child_nodes()]


# ---------------------------------------------------------------- what the tree calls


@pass_context
def _charge(context: Context, value: Value, steps: int) -> Value:
    """Pay for a macro's body (an empty text) or for a loop over a finite value."""
    if value == "":
        context.parent[BUDGET].spend(steps)
        return value
    if isinstance(value, Undefined | None):
        return ()
    if not isinstance(value, list | tuple):
        raise TooMuch("a loop runs over a list only")
    context.parent[BUDGET].spend(steps * len(value))
    return value


def _join_html(parts: list[Value]) -> Markup:
    return bounded(Markup().join(escape(_output(part)) for part in parts))


def _join_text(parts: list[Value]) -> str:
    return bounded("".join(str(_output(part)) for part in parts))


def _finalize(guarded: bool, html: bool) -> Callable[..., Value] | None:
    """HTML is finished by `escaped`; only what must be charged, or is plain text, needs more."""
    if guarded:
        return _charged_output
    return None if html else _output


def _output(value: Value) -> Value:
    return "" if value is None else value


@pass_context
def _charged_output(context: Context, value: Value) -> Value:
    text = "" if value is None else value if isinstance(value, str) else str(value)
    context.parent[BUDGET].spend(1 + len(text) // 64)
    return bounded(text)


def escaped(value: Value) -> str:
    """What compiled templates call for each placeholder: markupsafe's, with less ceremony."""
    kind = type(value)
    if kind is str:
        return value if _SPECIAL(value) is None else escape(value)
    if kind is Escaped or kind is Markup:
        return value  # type: ignore[no-any-return] # both are texts
    return "" if value is None else escape(value)


class Escaped(str):
    """A piece that stands right for its spot; cheaper than Markup, and never seen by a filter."""

    __slots__ = ()


def _attribute(value: Value) -> Escaped:
    """Even what is safe as text is escaped here: a quote would end the attribute."""
    return Escaped(escaped(str(_output(value))))


def _address(make: Callable[[object], str]) -> Callable[[Value], Escaped]:
    def filtered(value: Value) -> Escaped:
        return Escaped(escaped(str(make(value))))

    return filtered


_OWN_FILTERS: dict[str, Callable[..., Value]] = {
    CHARGE: _charge,
    f"_{Spot.ATTRIBUTE.value}": _attribute,
    f"_{Spot.URL.value}": _address(safe_url),
    f"_{Spot.URL_PART.value}": _address(url_part),
    f"_{Spot.SOURCE.value}": _address(safe_source),
}
