"""What the demo shop sells: its departments, their words, their colours. Invented, all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product: its name, a sentence about it, its materials, its prices in euros."""

    name: str
    sentence: str
    materials: tuple[str, ...]
    prices: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Department:
    """One category: the words its products are made from."""

    key: str
    title: str
    motto: str
    hue: str  # of its pages and of the ground of its pictures
    brands: tuple[str, ...]
    kinds: tuple[Kind, ...]
    lines: tuple[str, ...]  # names of models
    tags: tuple[str, ...]
    season: str = ""  # when it sells best


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of a product: its body, its shade, its light, and what goes with it."""

    name: str
    body: str
    shade: str
    light: str
    accent: str


COLOURS: Final = (
    Colour("moss", "#5d7a4c", "#435b36", "#8aa474", "#e2b65b"),
    Colour("rust", "#b9552f", "#8d3d20", "#d9825c", "#f1d9a8"),
    Colour("ink", "#2f4558", "#1f3040", "#5b768c", "#e8a04c"),
    Colour("sand", "#cdb38b", "#a58a62", "#e5d3b3", "#7a4a34"),
    Colour("glacier", "#6fa3b5", "#4d7f92", "#a5cbd6", "#f2efe6"),
    Colour("heather", "#8b6a8f", "#684c6d", "#b598b8", "#ead9b5"),
    Colour("saffron", "#d99a2b", "#ad761a", "#efc36f", "#34495a"),
    Colour("pine", "#2f5d50", "#1f4339", "#5b8b7c", "#e9c98f"),
    Colour("coral", "#d9705c", "#b04f3e", "#eda08f", "#fbe9d0"),
    Colour("slate", "#6b7480", "#4c545f", "#98a1ac", "#d8b04a"),
)

DEPARTMENTS: Final = (
    Department(
        "tents",
        "Tents",
        "A dry night, wherever you are",
        "#dfe8d4",
        ("Havelund", "Norrsken", "Bivak & Sons"),
        (
            Kind(
                "two-person tent",
                "Pitches in four minutes and stands through a proper storm.",
                ("ripstop nylon", "cotton canvas"),
                (149, 420),
            ),
            Kind(
                "family tent",
                "Room to stand up in, and a porch for wet boots.",
                ("cotton canvas", "coated polyester"),
                (289, 690),
            ),
            Kind(
                "ultralight tent",
                "Packs down to the size of a loaf of bread.",
                ("silicone-coated nylon",),
                (259, 640),
            ),
            Kind(
                "tarp shelter",
                "One sheet, six lines, and the whole sky in front of you.",
                ("ripstop nylon", "waxed cotton"),
                (49, 169),
            ),
        ),
        ("Fjell", "Skua", "Lark", "Drift", "Meridian"),
        ("camping", "waterproof", "lightweight"),
        "summer",
    ),
    Department(
        "packs",
        "Backpacks",
        "Carry what matters",
        "#dbe6ea",
        ("Trailmark", "Havelund", "Osier"),
        (
            Kind(
                "day pack",
                "Twenty litres that sit where they should.",
                ("recycled polyester", "waxed canvas"),
                (45, 119),
            ),
            Kind(
                "trekking pack",
                "A frame that moves with you, day after day.",
                ("ripstop nylon",),
                (129, 289),
            ),
            Kind(
                "roll-top bag",
                "Keeps a laptop as dry as a sleeping bag.",
                ("waxed canvas", "recycled tarpaulin"),
                (69, 169),
            ),
            Kind(
                "city backpack",
                "Looks quiet, swallows a lot.",
                ("recycled polyester", "waxed canvas"),
                (79, 199),
            ),
        ),
        ("Wren", "Portage", "Kestrel", "Cairn", "Loop"),
        ("travel", "hiking", "commuting"),
    ),
    Department(
        "boots",
        "Boots",
        "Soles that remember the way",
        "#ece2d2",
        ("Stenberg", "Alder & Oak", "Trailmark"),
        (
            Kind(
                "hiking boot",
                "Full-grain leather that is yours after the third walk.",
                ("full-grain leather", "nubuck"),
                (139, 320),
            ),
            Kind(
                "trail shoe",
                "Grips on wet roots and forgives long days.",
                ("recycled mesh",),
                (79, 169),
            ),
            Kind(
                "winter boot",
                "Felt-lined, warm to minus twenty.",
                ("leather and wool felt",),
                (119, 260),
            ),
            Kind(
                "chelsea boot",
                "From the meadow to the table without changing.",
                ("full-grain leather", "nubuck"),
                (129, 289),
            ),
        ),
        ("Skarn", "Bracken", "Tundra", "Granite", "Willow"),
        ("hiking", "winter", "leather"),
        "autumn",
    ),
    Department(
        "jackets",
        "Jackets",
        "Weather is a matter of clothing",
        "#e3dfea",
        ("Norrsken", "Merle", "Stenberg"),
        (
            Kind(
                "rain jacket",
                "Three layers, taped seams, a hood that turns with you.",
                ("three-layer shell",),
                (119, 389),
            ),
            Kind(
                "down jacket",
                "Weighs less than the book in its pocket.",
                ("responsible down",),
                (149, 459),
            ),
            Kind(
                "fleece jacket",
                "Soft inside, hard-wearing outside.",
                ("wool fleece", "recycled fleece"),
                (59, 149),
            ),
            Kind(
                "field coat", "Waxed, warm, and better every year.", ("waxed cotton",), (169, 399)
            ),
        ),
        ("Squall", "Eider", "Halo", "Boreal", "Moor"),
        ("waterproof", "winter", "layering"),
        "winter",
    ),
    Department(
        "camp-kitchen",
        "Camp kitchen",
        "Everything tastes better outside",
        "#f0e0d3",
        ("Osier", "Ember Works", "Bivak & Sons"),
        (
            Kind(
                "kettle",
                "Boils a litre while you look for the cups.",
                ("enamelled steel", "titanium"),
                (29, 89),
            ),
            Kind(
                "pot set",
                "Three pots, one handle, no rattle.",
                ("hard-anodised aluminium", "titanium"),
                (49, 149),
            ),
            Kind("enamel mug", "Chips with dignity.", ("enamelled steel",), (9, 24)),
            Kind("gas stove", "A steady flame, even in wind.", ("brass and steel",), (35, 119)),
        ),
        ("Spark", "Hearth", "Billy", "Cinder", "Tansy"),
        ("camping", "cooking", "gift"),
        "summer",
    ),
    Department(
        "coffee",
        "Coffee",
        "The first good minute of the day",
        "#eadfd5",
        ("Kollan", "Morgenrot", "Ember Works"),
        (
            Kind("pour-over set", "Slow on purpose.", ("glass and stoneware",), (39, 119)),
            Kind(
                "hand grinder",
                "Forty turns to a better cup.",
                ("brushed steel", "walnut and steel"),
                (49, 179),
            ),
            Kind("moka pot", "Loud, small and reliable.", ("aluminium", "brushed steel"), (25, 79)),
            Kind(
                "storage tin",
                "Keeps beans as they were on the day they were roasted.",
                ("enamelled steel",),
                (12, 39),
            ),
        ),
        ("Alba", "Nord", "Sillage", "Piccolo", "Dawn"),
        ("kitchen", "gift", "morning"),
    ),
    Department(
        "lamps",
        "Lamps",
        "Light with a little warmth in it",
        "#f3e7cb",
        ("Lumo", "Kollan", "Halden"),
        (
            Kind(
                "table lamp",
                "A pool of light, exactly as large as a book.",
                ("linen and oak", "opal glass"),
                (59, 249),
            ),
            Kind("pendant lamp", "Hangs low over long dinners.", ("spun aluminium",), (79, 349)),
            Kind("lantern", "From the terrace to the tent.", ("galvanised steel",), (29, 99)),
            Kind(
                "reading lamp",
                "Bends where you need it, stays where you leave it.",
                ("powder-coated steel",),
                (69, 219),
            ),
        ),
        ("Glow", "Mira", "Dusk", "Halo", "Firefly"),
        ("living", "evening", "design"),
        "winter",
    ),
    Department(
        "blankets",
        "Blankets",
        "For the long evenings",
        "#eddde0",
        ("Merle", "Halden", "Ullvik"),
        (
            Kind(
                "wool throw",
                "Woven in a mill that is older than the railway.",
                ("lambswool",),
                (69, 229),
            ),
            Kind(
                "picnic blanket",
                "Soft above, dry below.",
                ("wool and waxed cotton", "organic cotton"),
                (35, 99),
            ),
            Kind(
                "quilt",
                "Light in June, warm in January.",
                ("organic cotton", "washed linen"),
                (89, 229),
            ),
            Kind(
                "cushion",
                "The last thing the sofa was missing.",
                ("washed linen", "lambswool"),
                (19, 69),
            ),
        ),
        ("Fell", "Sedge", "Ripple", "Harbour", "Thistle"),
        ("living", "gift", "winter"),
        "winter",
    ),
    Department(
        "garden",
        "Garden",
        "A square metre is enough",
        "#dcebdd",
        ("Ullvik", "Fern & Field", "Alder & Oak"),
        (
            Kind(
                "planter",
                "Frost-proof, and drained the way roots like it.",
                ("glazed terracotta",),
                (19, 129),
            ),
            Kind(
                "watering can", "Pours like rain, not like a tap.", ("galvanised steel",), (25, 89)
            ),
            Kind("herb box", "Five herbs that survive a beginner.", ("oiled larch",), (15, 45)),
            Kind(
                "garden trowel",
                "Forged in one piece, for good.",
                ("forged steel and ash",),
                (12, 49),
            ),
        ),
        ("Orchard", "Sprig", "Clay", "Sorrel", "Meadow"),
        ("garden", "balcony", "gift"),
        "spring",
    ),
)
BY_KEY: Final[Mapping[str, Department]] = {each.key: each for each in DEPARTMENTS}
BRANDS: Final = tuple(sorted({brand for each in DEPARTMENTS for brand in each.brands}))
