"""Pieces of SQL with their parameters, put together so that databases can still parse them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final

_IN_ONE_BRACKET: Final = 50
_BRIEF: Final = 300  # characters that may as well stand twice
_DEEP: Final = 40


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of SQL with `%s` for each of its parameters, in order.

    `depth` estimates the parser's stack: SQLite gives up at 100 symbols. What is deep is written
    first in its group, where it costs least, and negations are pushed down to the single tests.
    """

    text: str
    parameters: tuple[Any, ...] = ()
    depth: int = 1


def joined(parts: Sequence[Said], word: str) -> Said:
    """Parts in one bracket, deepest first; many are bracketed by fifties, as databases bound
    the height of an expression too."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) > _IN_ONE_BRACKET:
        starts = range(0, len(parts), _IN_ONE_BRACKET)
        chunks = [joined(parts[start : start + _IN_ONE_BRACKET], word) for start in starts]
        return joined(chunks, word)
    ordered = sorted(parts, key=lambda part: -part.depth)
    text = f" {word} ".join(part.text for part in ordered)
    depth = max(ordered[0].depth + 1, ordered[1].depth + 3)
    return Said(f"({text})", tuple(p for part in ordered for p in part.parameters), depth)


def wrapped(form: str, said: Said, *before: Any) -> Said:  # parameters of any type
    depth = said.depth + 2 + 9 * ("SELECT" in form) + 5 * ("CASE" in form)
    return Said(form.replace("{}", said.text), (*before, *said.parameters), depth)


def filled(form: str, **given: Said) -> Said:
    """Fill a form of the operator table; a value that it names twice is given twice."""
    text: list[str] = []
    parameters: list[Any] = []  # what database drivers take
    for literal, name, _spec, _conversion in Formatter().parse(form):
        text.append(literal)
        if name:
            text.append(given[name].text)
            parameters.extend(given[name].parameters)
    return Said("".join(text), tuple(parameters))


class SharedTruths:
    """Truths that are worked out once for a visitor, each a column of the next row.

    The rows are a chain of common table expressions, and not one for each truth: SQLite copies an
    expression for each of its mentions, so what mentions two that each mention two … doubles.
    What is brief, or mentioned once, stays in its place, where the database can see an index.
    """

    def __init__(self) -> None:
        self.truths: list[Said] = []

    def is_worthwhile(self, said: Said, mentions: int) -> bool:
        return said.depth > _DEEP or (mentions > 1 and len(said.text) > _BRIEF)

    def add(self, said: Said) -> Said:
        """How to mention it from now on."""
        self.truths.append(said)
        return Said(f"n.t{len(self.truths)}")

    def around(self, said: Said) -> Said:
        """The expression that mentions them, made whole."""
        if not self.truths:
            return said
        rows = ", ".join(self._rows())
        parameters = [each for truth in self.truths for each in truth.parameters]
        form = f"(WITH {rows} SELECT {{}} FROM n{len(self.truths)} n)"  # noqa: S608 - our own text
        return wrapped(form, said, *parameters)

    def _rows(self) -> Iterator[str]:
        for number, truth in enumerate(self.truths, start=1):
            new, source = f"{truth.text} AS t{number}", f" FROM n{number - 1} n"
            row = f"n.*, {new}{source}" if number > 1 else new
            yield f"n{number} AS MATERIALIZED (SELECT {row})"
