"""How far a text was changed: the Levenshtein distance over words, as a share of the longer text.

Source: Wagner and Fischer, "The String-to-String Correction Problem", J. ACM 21 (1974).
"""

import re
from typing import Final

WORD: Final = re.compile(r"\w+|[^\w\s]")


def distance(before: str, after: str) -> float:
    """0 is the same text, 1 another one. Case counts, blanks do not."""
    old, new = WORD.findall(before), WORD.findall(after)
    longer = max(len(old), len(new))
    return _steps(old, new) / longer if longer else 0.0


def _steps(old: list[str], new: list[str]) -> int:
    """Words put in, taken out or replaced, the fewest that will do."""
    above = list(range(len(new) + 1))
    for row, word in enumerate(old, start=1):
        line = [row]
        for column, other in enumerate(new, start=1):
            replaced = above[column - 1] + (word != other)
            line.append(min(above[column] + 1, line[-1] + 1, replaced))
        above = line
    return above[-1]
