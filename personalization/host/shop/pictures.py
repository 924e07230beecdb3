"""Pictures of products, drawn by us: a motif in the product's colours on its department's ground.

In:  a product. Out: an SVG document, always the same for the same product.

`motifs/<department>.svg` holds one drawing for each kind of product, under a comment with its name.
"""

import random
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template

from personalization.host.shop.shelf import Product

FOLDER = Path(__file__).parent / "motifs"
SVG = 'xmlns="http://www.w3.org/2000/svg"'
SKIES = ("#ffffff", "#fff6df", "#fdeee2", "#eef4f6")


def draw(product: Product) -> str:
    """The picture of a product, 400 by 400."""
    chance = random.Random(f"picture:{product.key}")
    ground = _ground(product.department.hue, chance)
    return f'<svg {SVG} viewBox="0 0 400 400">{ground}{drawing(product)}</svg>'


@cache
def motifs(department: str) -> Mapping[str, str]:
    """The drawings of a department: kind -> SVG with `$body $shade $light $accent` for colours."""
    text = (FOLDER / f"{department}.svg").read_text(encoding="utf-8")
    pieces = re.split(r"<!-- (.+?) -->\n", text)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def drawing(product: Product) -> str:
    """The motif in the product's colours, on nothing, standing at y = 322."""
    colour = product.colour
    return Template(motifs(product.department.key)[product.kind]).substitute(
        body=colour.body, shade=colour.shade, light=colour.light, accent=colour.accent
    )


def _ground(hue: str, chance: random.Random) -> str:
    """A quiet landscape: a ground, a sun or moon, two hills, and a shadow to stand on."""
    sun_x, sun_y, sun = chance.randint(70, 330), chance.randint(70, 130), chance.randint(34, 64)
    left, right = chance.randint(215, 265), chance.randint(225, 285)
    return (
        f'<rect width="400" height="400" fill="{hue}"/>'
        f'<circle cx="{sun_x}" cy="{sun_y}" r="{sun}" fill="{chance.choice(SKIES)}" opacity=".8"/>'
        f'<path d="M0 {left}q100-70 200 0t200 0v200H0z" fill="#fff" opacity=".35"/>'
        f'<path d="M0 {right}q130 60 220 10t180 0v200H0z" fill="#000" opacity=".05"/>'
        '<path d="M0 318h400v82H0z" fill="#fff" opacity=".45"/>'
        '<ellipse cx="200" cy="328" rx="150" ry="13" fill="#000" opacity=".13"/>'
    )
