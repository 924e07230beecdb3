"""What one rendering may cost.

Templates loop only over finite values, and each loop and each macro call is charged, before it
runs, with the number of syntax nodes that it is going to evaluate. Together with the bound on
every text that an operator or a filter makes, that bounds processor time and memory without a
clock: at most `STEPS` evaluations, each on at most `TEXT` characters.
"""

from typing import TypeVar

OUTPUT_BYTES = 64 * 1024  # of one slot
TEXT = 64 * 1024  # characters of an intermediate text
STEPS = 40_000  # evaluated nodes in one rendering
RANGE = 100  # numbers that range() gives
NUMBER = 2**53  # beyond it, arithmetic refuses

SOURCE = 32 * 1024  # characters of a template
FIELD_SOURCE = 16 * 1024  # characters of a text with placeholders
NODES = 2_000  # syntax nodes of a template
DEPTH = 40  # nested nodes
LOOPS = 3  # nested loops
SCHEMA_BYTES = 64 * 1024


T = TypeVar("T", bound=str)


class TooMuch(Exception):
    """A rendering went over a limit; its slot falls back."""


class Budget:
    """Counts what one rendering has cost so far."""

    __slots__ = ("left",)

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooMuch(f"more than {STEPS} steps")


def bounded(text: T) -> T:
    if len(text) > TEXT:
        raise TooMuch(f"a text of more than {TEXT} characters")
    return text
