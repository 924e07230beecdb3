"""A drawn landscape as a PNG: what the demonstration writer calls a picture."""

import hashlib
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

SIZE: Final = (768, 512)
SKIES: Final = (((250, 222, 180), (120, 160, 190)), ((236, 200, 190), (90, 110, 150)))
HILLS: Final = ((98, 122, 92), (72, 98, 80), (50, 74, 66))
TENT: Final = (185, 85, 47)


def draw(description: str, number: int) -> bytes:
    """The same for the same words and number."""
    chance = hashlib.sha256(f"{description}/{number}".encode()).digest()
    picture = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(picture)
    _sky(pen, *SKIES[chance[0] % len(SKIES)])
    for layer, colour in enumerate(HILLS):
        _hill(pen, chance[3 * layer + 1 : 3 * layer + 4], 240 + 70 * layer, colour)
    middle = 200 + chance[12] * 360 // 255
    pen.polygon([(middle - 90, 430), (middle, 310), (middle + 90, 430)], fill=TENT)
    pen.polygon([(middle - 18, 430), (middle, 345), (middle + 18, 430)], fill=(60, 40, 30))
    pen.text((16, SIZE[1] - 24), "demonstration-writer", fill=(235, 235, 225))
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _sky(pen: ImageDraw.ImageDraw, low: tuple[int, ...], high: tuple[int, ...]) -> None:
    for y in range(SIZE[1]):
        share = y / SIZE[1]
        colour = tuple(round(h + (w - h) * share) for w, h in zip(low, high, strict=True))
        pen.line([(0, y), (SIZE[0], y)], fill=(colour[0], colour[1], colour[2]))


def _hill(pen: ImageDraw.ImageDraw, chance: bytes, base: int, colour: tuple[int, int, int]) -> None:
    tops = [base + each % 80 for each in chance]
    step = SIZE[0] // (len(tops) - 1)
    ridge = [(place * step, top) for place, top in enumerate(tops)]
    pen.polygon([(0, SIZE[1]), *ridge, SIZE], fill=colour)
