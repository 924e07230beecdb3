"""Counts of visitors as people may see them: floored at 50, rounded to 10, so nobody stands out.

API receipts and the inputs of statistics stay exact; screens, downloads and reports use these.
"""

from typing import Final

from personalization.figures import whole

FLOOR: Final = 50
STEP: Final = 10
UNTOLD: Final = "-"  # a share of too few


def rounded(count: int) -> int | None:
    """The count to the nearest 10; None below 50. Zero stays zero: nobody is nobody."""
    if count == 0:
        return 0
    return None if count < FLOOR else (count + STEP // 2) // STEP * STEP


def shown_count(count: int) -> str:
    """The count in words for a screen: "1,230", or "< 50"."""
    figure = rounded(count)
    return f"< {FLOOR}" if figure is None else whole(figure)


def shown_share(part: int, whole: int) -> str:
    """A share in whole percent; `UNTOLD` where the whole is below the floor."""
    if whole < FLOOR:
        return UNTOLD
    if 0 < part < FLOOR:
        return f"< {max(1, round(100 * FLOOR / whole))} %"
    return f"{round(100 * part / whole)} %"
