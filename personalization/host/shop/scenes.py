"""Wide pictures for banners: three products in one landscape, 1200 by 640.

In:  the key of a department, or `welcome`. Out: an SVG document; None for an unknown name.
"""

import random
from collections.abc import Sequence

from personalization.host.shop.assortment import BY_KEY, COLOURS, DEPARTMENTS
from personalization.host.shop.pictures import SVG, drawing
from personalization.host.shop.shelf import Product, of_department

WELCOME = ("tents", "boots", "lamps")
PLACES = ((400, 1.0), (180, 1.2), (610, 1.05))  # left edge and scale: behind, left, right
FLOOR = 560  # where things stand


def scene(name: str) -> str | None:
    """The banner of a department."""
    if name == "welcome":
        chosen = [of_department(key)[place] for place, key in enumerate(WELCOME)]
        return _drawn("#dfe8d4", chosen, random.Random("scene:welcome"))
    if name not in BY_KEY:
        return None
    chance = random.Random(f"scene:{name}")
    return _drawn(BY_KEY[name].hue, _different(of_department(name), chance), chance)


def names() -> tuple[str, ...]:
    return ("welcome", *(each.key for each in DEPARTMENTS))


def _different(products: Sequence[Product], chance: random.Random) -> list[Product]:
    """Three products that differ in kind and in colour."""
    chosen: list[Product] = []
    for product in chance.sample(products, len(products)):
        if all(product.kind != c.kind and product.colour != c.colour for c in chosen):
            chosen.append(product)
    return chosen[:3]


def _drawn(hue: str, products: Sequence[Product], chance: random.Random) -> str:
    things = "".join(
        f'<ellipse cx="{left + 200 * scale:.0f}" cy="{FLOOR + 6}" rx="{150 * scale:.0f}" ry="14" '
        'fill="#000" opacity=".13"/>'
        f'<g transform="translate({left} {FLOOR - 322 * scale:.1f}) scale({scale})">'
        f"{drawing(product)}</g>"
        for (left, scale), product in zip(PLACES, products, strict=True)
    )
    return f'<svg {SVG} viewBox="0 0 1200 640">{_landscape(hue, chance)}{things}</svg>'


def _landscape(hue: str, chance: random.Random) -> str:
    sun_x, sun = chance.randint(150, 1050), chance.randint(60, 95)
    trees = "".join(
        _tree(chance.randint(0, 1180), chance.randint(330, 390), chance.randint(60, 120))
        for _ in range(9)
    )
    return (
        f'<rect width="1200" height="640" fill="{hue}"/>'
        f'<circle cx="{sun_x}" cy="150" r="{sun}" fill="#fff8e4" opacity=".9"/>'
        '<path d="M0 330 190 170l130 110 150-160 230 210 190-150 310 190v310H0z" fill="#fff" '
        'opacity=".38"/>'
        '<path d="M0 400q200-110 420-30t420-20 360 10v280H0z" fill="#000" opacity=".05"/>'
        f"{trees}"
        '<path d="M0 450q300-60 620-20t580-10v220H0z" fill="#fff" opacity=".42"/>'
    )


def _tree(x: int, y: int, height: int) -> str:
    half = height * 0.28
    colour = COLOURS[7].body  # pine
    return (
        f'<path d="M{x} {y}l{half:.0f} {height}h-{2 * half:.0f}z" fill="{colour}" opacity=".22"/>'
    )
