"""How generated code holds a fact of each kind, and how it says that one is known.

An unknown number is nan, which is neither less nor more than anything, nor equal; whatever else is
unknown is None, which equals nothing known and is in no set. So most tests that are to be true
need no question first whether the fact is known.
"""

from math import nan
from typing import Final

UNKNOWN_NUMBER: Final = nan
_CLEANING: Final = {  # as `rules.facts` cleans, without the call
    "string": "if type({v}) is not str: {v} = None",
    "boolean": "if type({v}) is not bool: {v} = None",
    "number": "if type({v}) is not int and (type({v}) is not float or {v} - {v} != 0.0): {v} = nan",
}


def cleaning(kind: str, variable: str) -> str | None:
    """The statement that makes a value of another kind unknown; None where a call does it."""
    return _CLEANING[kind].format(v=variable) if kind in _CLEANING else None


def known(kind: str, name: str) -> str:
    return f"{name} == {name}" if kind == "number" else f"{name} is not None"


def unknown(kind: str, name: str) -> str:
    return f"{name} != {name}" if kind == "number" else f"{name} is None"


def when_known(said: str, base: str, holds: bool, kind: str, *names: str) -> str:
    """The test (`holds`) or its negation, false where something that it reads is unknown."""
    if holds and (kind == "number" or (base in ("equal", "in") and len(names) == 1)):
        return said  # two fields that are compared may both be None
    asked = " and ".join(known(kind, name) for name in names)
    return f"({asked} and {said})" if holds else f"({asked} and not {said})"
