"""The values of one field as a row of places that tests can tell apart, written as bits.

Bit 0 is the unknown; then, in order, what lies before the first value that any test names, that
value, what lies before the next, … So a test is a set of places, and sets are whole numbers.
"""

from collections.abc import Callable, Collection, Iterable
from itertools import pairwise
from typing import Any, Final

from rules.patterns import matcher_of

UNKNOWN: Final = 1
TRUE_PLACE: Final = 2
FALSE_PLACE: Final = 4
HIGHEST: Final = "\U0010ffff"
_MANY: Final = 100  # values that a text test is tried on one by one
Value = Any  # values of one axis are of one type, and ordered
Split = tuple[int, int]  # where a test is true, and where it is false


class Axis:
    """`values`: what tests name. `floor`: nothing is less. `whole`: nothing is between n and n+1.

    `only`: there are no other values.
    """

    def __init__(
        self,
        values: Iterable[Value],
        *,
        floor: Value = None,
        whole: bool = False,
        only: Collection[Value] = (),
    ) -> None:
        self.values = sorted({*values, *only} if floor is None else {*values, *only, floor})
        self.places = {value: 2 * number + 2 for number, value in enumerate(self.values)}
        self.full = (1 << (2 * len(self.values) + 2)) - 1
        if only:
            self.full = UNKNOWN | sum(1 << self.places[value] for value in only)
        if floor is not None:
            self.full &= ~0b10
        if whole:
            self._close_gaps()
        self.known = self.full & ~UNKNOWN

    def split(self, base: str, value: Value) -> Split:
        """The places where the test is true, and those where it is false; a place can be both."""
        if base in ("contains", "ends", "matches"):
            return self._tried(_TEXT_TESTS[base](value))
        if base == "unknown":
            return UNKNOWN, self.known
        true = {
            "equal": self._at,
            "less": self._below,
            "more": lambda each: self.known & ~self._below(each) & ~self._at(each),
            "begins": self._between,
        }[base](value)
        return true & self.known, self.known & ~true

    def _at(self, value: Value) -> int:
        return 1 << self.places[value]

    def _below(self, value: Value) -> int:
        return (self._at(value) - 1) & self.known

    def _between(self, start: str) -> int:
        end = text_after(start)
        return (self.known if end is None else self._below(end)) & ~self._below(start)

    def _tried(self, holds: Callable[[str], object]) -> Split:
        """Of the values that are named each test is known; of those between them it is open."""
        named = sum(1 << place for place in self.places.values())
        if len(self.values) > _MANY:
            return self.known, self.known
        true = sum(1 << place for value, place in self.places.items() if holds(value))
        between = self.known & ~named
        return between | true, between | (named & ~true)

    def _close_gaps(self) -> None:
        for before, value in pairwise(self.values):
            if before == value - 1:
                self.full &= ~(1 << (self.places[value] - 1))


def values_of(base: str, value: Value) -> tuple[Value, ...]:
    """The values that must have a place of their own for the test to be told exactly."""
    if base in ("equal", "less", "more"):
        return (value,)
    if base == "begins":
        end = text_after(value)
        return (value,) if end is None else (value, end)
    return ()


def text_after(start: str) -> str | None:
    """The first text, by code point, after all that begin so; None where there is none."""
    rest = start.rstrip(HIGHEST)
    return rest[:-1] + chr(ord(rest[-1]) + 1) if rest else None


_TEXT_TESTS: Final[dict[str, Callable[[str], Callable[[str], object]]]] = {
    "contains": lambda part: lambda text: part in text,
    "ends": lambda part: lambda text: text.endswith(part),
    "matches": lambda pattern: lambda text: matcher_of(pattern)(text) is not None,
}
