"""What the demo's editors wrote, in English and German: headline, text, and label of the button."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Words(NamedTuple):
    headline: str
    text: str
    button: str


Spoken = Mapping[str, Words]  # locale -> words

WELCOME: Final[Spoken] = {
    "en": Words(
        "For outside, and for coming home",
        "Tents that hold, boots that last, and lamps worth switching on. Take your time.",
        "See what is new",
    ),
    "de": Words(
        "Für draußen und fürs Heimkommen",
        "Zelte, die halten, Stiefel, die bleiben, Lampen, für die sich das Einschalten lohnt.",
        "Neues ansehen",
    ),
}
HEROES: Final[Mapping[str, Spoken]] = {
    "tents": {
        "en": Words(
            "Your next night outside",
            "Four minutes to pitch, and a storm may come. Our tents are on the meadow already.",
            "All tents",
        ),
        "de": Words(
            "Ihre nächste Nacht im Freien",
            "In vier Minuten steht es, und der Sturm darf kommen. Unsere Zelte warten schon.",
            "Alle Zelte",
        ),
    },
    "packs": {
        "en": Words(
            "Pack less, walk further",
            "Backpacks that sit where they should, from the first train to the last hut.",
            "All backpacks",
        ),
        "de": Words(
            "Weniger packen, weiter gehen",
            "Rucksäcke, die sitzen, wo sie sollen, vom ersten Zug bis zur letzten Hütte.",
            "Alle Rucksäcke",
        ),
    },
    "boots": {
        "en": Words(
            "The path is ready. Are your boots?",
            "Leather that is yours after the third walk, and soles that remember the way.",
            "All boots",
        ),
        "de": Words(
            "Der Weg ist bereit. Und die Stiefel?",
            "Leder, das nach der dritten Tour zu Ihnen gehört, und Sohlen, die den Weg kennen.",
            "Alle Stiefel",
        ),
    },
    "jackets": {
        "en": Words(
            "Let it rain",
            "Shells, down and waxed cotton for whatever the forecast did not say.",
            "All jackets",
        ),
        "de": Words(
            "Soll es doch regnen",
            "Hardshell, Daune und Wachstuch für alles, was der Wetterbericht verschwieg.",
            "Alle Jacken",
        ),
    },
    "camp-kitchen": {
        "en": Words(
            "Dinner, with a view",
            "Kettles, pots and a steady flame: everything tastes better outside.",
            "To the camp kitchen",
        ),
        "de": Words(
            "Abendessen mit Aussicht",
            "Kessel, Töpfe und eine ruhige Flamme: Draußen schmeckt alles besser.",
            "Zur Lagerküche",
        ),
    },
    "coffee": {
        "en": Words(
            "The first good minute of the day",
            "Forty turns of the grinder, a slow pour, and nobody has asked you anything yet.",
            "All about coffee",
        ),
        "de": Words(
            "Die erste gute Minute des Tages",
            "Vierzig Umdrehungen, ein langsamer Guss, und noch hat niemand etwas gefragt.",
            "Alles zum Kaffee",
        ),
    },
    "lamps": {
        "en": Words(
            "A pool of light, a good chair",
            "Warm lamps for long evenings, from the terrace to the last page of the chapter.",
            "All lamps",
        ),
        "de": Words(
            "Ein Kreis aus Licht, ein guter Sessel",
            "Warme Lampen für lange Abende, von der Terrasse bis zur letzten Seite.",
            "Alle Lampen",
        ),
    },
    "blankets": {
        "en": Words(
            "Stay in, for once",
            "Throws, quilts and cushions, woven where people still know how.",
            "All blankets",
        ),
        "de": Words(
            "Einfach einmal daheimbleiben",
            "Decken, Quilts und Kissen, gewebt, wo man es noch kann.",
            "Alle Decken",
        ),
    },
    "garden": {
        "en": Words(
            "A square metre is enough",
            "Pots, cans and five herbs that survive a beginner. The balcony will thank you.",
            "To the garden",
        ),
        "de": Words(
            "Ein Quadratmeter genügt",
            "Töpfe, Kannen und fünf Kräuter, die auch Anfänger überleben. Der Balkon dankt.",
            "In den Garten",
        ),
    },
}
BARS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {  # message, and label of the link
    "delivery": {
        "en": ("Free delivery from 60 euros, every day of the week.", "Look around"),
        "de": ("Versand frei ab 60 Euro, an jedem Tag der Woche.", "Umsehen"),
    },
    "gift": {
        "en": ("A mug with every order, as long as the shelf is full.", "To the camp kitchen"),
        "de": ("Ein Becher zu jeder Bestellung, solange das Regal voll ist.", "Zur Lagerküche"),
    },
    "members": {
        "en": (
            'Hello {{ visitor.first_name | default("friend") }}: '
            "ten per cent off all lamps for the club, this week.",
            "To the lamps",
        ),
        "de": (
            'Hallo {{ visitor.first_name | default("zusammen") }}: '
            "zehn Prozent auf alle Lampen für den Club, diese Woche.",
            "Zu den Lampen",
        ),
    },
    "basket": {
        "en": ("Still thinking? Your basket has not gone anywhere.", "To the basket"),
        "de": ("Noch unentschlossen? Ihr Korb ist noch da.", "Zum Korb"),
    },
}
SHELVES: Final[Mapping[str, Mapping[str, str]]] = {
    "popular": {"en": "What others like right now", "de": "Was andere gerade mögen"},
    "for-you": {"en": "Perhaps something for you", "de": "Vielleicht etwas für Sie"},
    "recent": {"en": "Where you left off", "de": "Wo Sie waren"},
    "similar": {"en": "Goes the same way", "de": "Geht denselben Weg"},
    "together": {"en": "Often taken along", "de": "Gern dazu genommen"},
}
