"""What a template may say, proven by walking its syntax tree when it is saved.

In:  source text and the names that may be used in it.
Out: the visitor and page fields that it reads; or `Refused`, with line, column and remedy.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from personalization.blocks import limits
from personalization.blocks.filters import FILTERS, TESTS
from personalization.blocks.html_contexts import Misplaced, spots
from personalization.blocks.sandbox import LOOP_PARTS, levels

ARITHMETIC: tuple[type[nodes.Node], ...] = (
    nodes.Add, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Mul, nodes.Neg, nodes.Pos, nodes.Sub,
)  # fmt: skip
EXPRESSIONS: tuple[type[nodes.Node], ...] = (
    nodes.And, nodes.Call, nodes.Compare, nodes.Concat, nodes.CondExpr, nodes.Const, nodes.Filter,
    nodes.Getattr, nodes.Getitem, nodes.Keyword, nodes.List, nodes.Name, nodes.Not, nodes.Operand,
    nodes.Or, nodes.TemplateData, nodes.Test, nodes.Tuple,
)  # fmt: skip
TEXT_NODES: tuple[type[nodes.Node], ...] = (nodes.Template, nodes.Output, nodes.If, *EXPRESSIONS)
TEMPLATE_NODES: tuple[type[nodes.Node], ...] = (
    *ARITHMETIC,
    *TEXT_NODES,
    nodes.Assign,
    nodes.CallBlock,
    nodes.For,
    nodes.Macro,
)
TAGS = re.compile(r"\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)")
WORDS = re.compile(r"\w+")
TEXT = (nodes.Concat, nodes.TemplateData)
ALWAYS = frozenset({"range"})
SPOKEN = {
    "AssignBlock": "{% set %} with a body",
    "Block": "{% block %}",
    "Dict": "{…}",
    "Extends": "{% extends %}",
    "FilterBlock": "{% filter %}",
    "For": "{% for %}",
    "FromImport": "{% import %}",
    "Import": "{% import %}",
    "Include": "{% include %}",
    "Macro": "{% macro %}",
    "Assign": "{% set %}",
    "Pow": "**",
    "ScopedEvalContextModifier": "{% autoescape %}",
    "Slice": "[from:to]",
    "With": "{% with %}",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What stands behind each root: `visitor` has these fields, `content` those, and so on."""

    roots: Mapping[str, Set[str]]
    free: Set[str] = frozenset()  # names that may stand alone, such as `items`


class Refused(Exception):
    """A template that may not be saved."""

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(f"{line}:{column}: {sentence}")
        self.line = line
        self.column = column
        self.sentence = sentence


def check(source: str, names: Names, *, html: bool, statements: bool) -> frozenset[tuple[str, str]]:
    """Pairs such as ("visitor", "visits") that the source reads.

    `html`: placeholders must stand where escaping makes them safe. `statements`: loops and macros
    are allowed, as in a block; a field's text has only placeholders and conditions.
    """
    tree = parse(source, limits.SOURCE if statements else limits.FIELD_SOURCE)
    places = _Places(source)
    names = Names({**names.roots, "loop": LOOP_PARTS}, names.free) if statements else names
    walk = _Walk(names, places, TEMPLATE_NODES if statements else TEXT_NODES)
    walk.start(tree)
    if html:
        try:
            spots(tree)
        except Misplaced as misplaced:
            raise places.of_placeholder(misplaced) from misplaced
    return frozenset(walk.reads)


def parse(source: str, longest: int) -> nodes.Template:
    if len(source) > longest:
        raise Refused(
            1,
            1,
            _("This is %(size)d characters long; at most %(most)d are allowed.")
            % {"size": len(source), "most": longest},
        )
    try:
        tree = _PLAIN.parse(source)
    except TemplateSyntaxError as error:
        raise _Places(source).on_line(error.lineno, _remedy(error.message or "")) from error
    except RecursionError as error:
        raise Refused(1, 1, _("This is nested too deeply; split it.")) from error
    floors = [len(floor) for floor in levels(tree)]
    if len(floors) > limits.DEPTH:
        raise Refused(1, 1, _("This is nested too deeply; split it."))
    if sum(floors) > limits.NODES:
        raise Refused(
            1, 1, _("This has more than %(most)d parts; split it.") % {"most": limits.NODES}
        )
    return tree


def _remedy(message: str) -> str:
    """Jinja's commonest complaint in our words; the others in its own."""
    if "end of template" in message or "Unexpected end" in message:
        return _("Something is opened here and not closed; write }} or {% end… %} behind it.")
    return message


_PLAIN = ImmutableSandboxedEnvironment(autoescape=True)


@dataclass(slots=True)
class _Walk:
    names: Names
    places: "_Places"
    allowed: tuple[type[nodes.Node], ...]
    reads: set[tuple[str, str]] = field(default_factory=set)
    macros: set[str] = field(default_factory=set)
    locals: set[str] = field(default_factory=set)

    def start(self, tree: nodes.Template) -> None:
        self.visit(tree, depth=0, loops=0)

    def visit(self, node: nodes.Node, depth: int, loops: int) -> None:
        if not isinstance(node, self.allowed):
            raise self.refused(node, _("%(what)s is not allowed here.") % {"what": _spoken(node)})
        match node:
            case nodes.Macro():
                self._macro(node, depth, loops)
            case nodes.For():
                self._loop(node, depth, loops)
            case nodes.Assign():
                self._declare(node.target)
                self.visit(node.node, depth + 1, loops)
            case nodes.CallBlock():
                self._call_block(node, depth, loops)
            case nodes.Getattr() | nodes.Getitem():
                self._attribute(node, depth, loops)
            case _:
                self._check_one(node)
                self._children(node, depth, loops)

    def _children(self, node: nodes.Node, depth: int, loops: int) -> None:
        for child in node.iter_child_nodes():
            self.visit(child, depth + 1, loops)

    def _check_one(self, node: nodes.Node) -> None:
        match node:
            case nodes.Name():
                self._name(node)
            case nodes.Filter() if node.name not in FILTERS:
                raise self.refused(
                    node,
                    _("There is no filter “%(name)s”; use one of %(names)s.")
                    % {"name": node.name, "names": ", ".join(sorted(FILTERS))},
                )
            case nodes.Test() if node.name not in TESTS:
                raise self.refused(
                    node,
                    _("There is no test “%(name)s”; use one of %(names)s.")
                    % {"name": node.name, "names": ", ".join(sorted(TESTS))},
                )
            case nodes.Call():
                self._call(node)
            case nodes.BinExpr() if isinstance(node, ARITHMETIC) and _has_text(node):
                raise self.refused(node, _("Numbers can be computed with; join texts with “~”."))
            case nodes.Const() if isinstance(node.value, int) and abs(node.value) > limits.NUMBER:
                raise self.refused(node, _("This number is too large."))

    def _name(self, node: nodes.Name) -> None:
        known = self.locals | self.names.free | ALWAYS
        if node.name in self.names.roots and node.name not in self.locals:
            raise self.refused(
                node,
                _("Name a field behind “%(root)s”, for example {{ %(root)s.%(field)s }}.")
                % {"root": node.name, "field": min(self.names.roots[node.name], default="…")},
            )
        if node.name not in known:
            raise self.refused(node, self._unknown(node.name))

    def _unknown(self, name: str) -> str:
        offered = sorted({*self.names.roots, *self.names.free} - {"loop"})
        return _("There is no “%(name)s”; begin with one of %(names)s.") % {
            "name": name,
            "names": ", ".join(offered),
        }

    def _attribute(self, node: nodes.Getattr | nodes.Getitem, depth: int, loops: int) -> None:
        named = _attribute_name(node)
        if isinstance(named, str) and named.startswith("_"):
            raise self.refused(node, _("Names that begin with “_” are not for templates."))
        base = node.node
        if (
            isinstance(base, nodes.Name)
            and base.name in self.names.roots
            and base.name not in self.locals
        ):
            self._field(node, base.name, named)
            return
        self._children(node, depth, loops)

    def _field(self, node: nodes.Node, root: str, named: object) -> None:
        fields = self.names.roots[root]
        if not isinstance(named, str):
            raise self.refused(node, _("Name the field of “%(root)s” itself.") % {"root": root})
        if named not in fields:
            raise self.refused(
                node,
                _("“%(root)s” has no “%(name)s”; it has %(names)s.")
                % {"root": root, "name": named, "names": ", ".join(sorted(fields)) or "—"},
            )
        self.reads.add((root, named))

    def _call(self, node: nodes.Call) -> None:
        called = node.node
        if isinstance(called, nodes.Name):
            known = called.name in self.macros or called.name in ("range", "caller")
            if known and node.dyn_args is None and node.dyn_kwargs is None:
                return
            raise self.refused(
                node,
                _("“%(name)s” cannot be called: macros stand above and never call themselves.")
                % {"name": called.name},
            )
        raise self.refused(node, _("Values have no methods here; use a filter, as in | upper."))

    def _macro(self, node: nodes.Macro, depth: int, loops: int) -> None:
        if node.name in self.macros | self.locals | self.names.free | self.names.roots.keys():
            raise self.refused(node, _("“%(name)s” stands already.") % {"name": node.name})
        outer = set(self.locals)
        for argument in node.args:
            self._declare(argument)
        for value in node.defaults:
            self.visit(value, depth + 1, loops)
        self.locals.add("caller")
        for child in node.body:
            self.visit(child, depth + 1, loops)
        self.locals = outer | {node.name}
        self.macros.add(node.name)

    def _call_block(self, node: nodes.CallBlock, depth: int, loops: int) -> None:
        self.visit(node.call, depth + 1, loops)
        outer = set(self.locals)
        for argument in node.args:
            self._declare(argument)
        for child in (*node.defaults, *node.body):
            self.visit(child, depth + 1, loops)
        self.locals = outer

    def _loop(self, node: nodes.For, depth: int, loops: int) -> None:
        if node.recursive:
            raise self.refused(node, _("A loop cannot call itself."))
        if loops >= limits.LOOPS:
            raise self.refused(
                node, _("At most %(most)d loops in each other.") % {"most": limits.LOOPS}
            )
        self.visit(node.iter, depth + 1, loops)
        outer = set(self.locals)
        self._declare(node.target)
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self.visit(child, depth + 1, loops + 1)
        self.locals = outer

    def _declare(self, target: nodes.Node) -> None:
        """New names; none that stands already may come to mean something else."""
        for name in _targets(target):
            if (
                name is None
                or name.startswith("_")
                or name
                in (self.macros | self.names.roots.keys() | self.names.free | ALWAYS | {"caller"})
                - {"item"}
            ):
                raise self.refused(target, _("Choose another name here; this one is taken."))
            self.locals.add(name)

    def refused(self, node: nodes.Node, sentence: str) -> Refused:
        return self.places.on_line(node.lineno, sentence, _named(node))


def _has_text(node: nodes.BinExpr) -> bool:
    return any(
        isinstance(side, TEXT) or (isinstance(side, nodes.Const) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _targets(target: nodes.Node) -> Iterator[str | None]:
    if isinstance(target, nodes.Name):
        yield target.name
    elif isinstance(target, nodes.Tuple):
        for each in target.items:
            yield from _targets(each)
    else:
        yield None


def _attribute_name(node: nodes.Getattr | nodes.Getitem) -> object:
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node.arg, nodes.Const) else None


def _named(node: nodes.Node) -> str:
    """The name that a refusal is about, as it stands in the source."""
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        named = _attribute_name(node)
        return named if isinstance(named, str) else ""
    if isinstance(node, nodes.Call):
        return _named(node.node)
    statement = WORDS.findall(SPOKEN.get(type(node).__name__, ""))
    return str(getattr(node, "name", "") or (statement or [""])[0])


def _spoken(node: nodes.Node) -> str:
    name = type(node).__name__
    return SPOKEN.get(name, f"“{name.lower()}”")


class _Places:
    """Finds line and column again: the syntax tree keeps lines only."""

    def __init__(self, source: str) -> None:
        self.source = source.replace("\r\n", "\n").replace("\r", "\n")

    def on_line(self, lineno: int | None, sentence: str, name: str = "") -> Refused:
        """At the tag of the line that holds the name, else at its first, else at its start."""
        lines = self.source.split("\n")
        lineno = lineno or 1  # some nodes of Jinja's carry none
        text = lines[lineno - 1] if 0 < lineno <= len(lines) else ""
        tags = [found.span() for found in TAGS.finditer(text)]
        holding = [at for at, end in tags if name and name in WORDS.findall(text[at:end])]
        first = [at for at, _end in tags]
        return Refused(max(1, lineno), 1 + min(holding or first, default=0), sentence)

    def of_placeholder(self, misplaced: Misplaced) -> Refused:
        """At the placeholder that the walk through the HTML stopped before."""
        offsets = list(self._placeholders())
        if misplaced.index >= len(offsets):
            return self.on_line(misplaced.lineno, misplaced.sentence)
        offset = offsets[misplaced.index]
        line = self.source.count("\n", 0, offset) + 1
        if line != misplaced.lineno:
            return self.on_line(misplaced.lineno, misplaced.sentence)
        return Refused(line, offset - self.source.rfind("\n", 0, offset), misplaced.sentence)

    def _placeholders(self) -> Iterator[int]:
        position = 0
        for _line, kind, text in _PLAIN.lex(self.source):
            position = self.source.index(text, position)
            if kind == "variable_begin":
                yield position
            position += len(text)
