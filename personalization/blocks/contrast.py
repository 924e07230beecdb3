"""How well a text is read on its ground.

In:  two opaque colours as `#rgb` or `#rrggbb`.
Out: the contrast ratio of the Web Content Accessibility Guidelines 2.2, from 1 to 21.

Formulas: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio and #dfn-relative-luminance. The studio's
preview measures what a browser has drawn by the same ones (`composer.js`).
"""

import re
from typing import Final

READABLE: Final = 4.5  # success criterion 1.4.3, text of ordinary size
_COLOUR: Final = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.I)


def contrast(text: str, ground: str) -> float | None:
    """None where one of them is not such a colour."""
    if not (_COLOUR.fullmatch(text) and _COLOUR.fullmatch(ground)):
        return None
    darker, lighter = sorted((_luminance(text), _luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
