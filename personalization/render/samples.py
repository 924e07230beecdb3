"""Items that stand in for a site's own where it has none yet: for previews only."""

from rules.types import Item, Learned, Scored

_TITLES = (
    "Walking boot Minho",
    "Rain jacket Vigo",
    "Merino scarf",
    "Canvas rucksack Douro, waxed, 22 litres",
    "Wool socks, two pairs",
    "Enamel mug",
    "Felt hat",
    "Travel blanket",
    "Leather belt",
    "Storm lantern",
    "Linen shirt Aveiro",
    "Pocket knife",
)


def _sample(number: int, title: str) -> Item:
    price = 1290 + 1750 * (number % 7)
    return Item(f"sample-{number}", title, url="#", price=price, currency="EUR")


_ITEMS = {f"sample-{n}": _sample(n, title) for n, title in enumerate(_TITLES)}
SAMPLES = Learned(0, items=_ITEMS, popular=tuple(Scored(key, 0.0) for key in _ITEMS))


def with_samples(learned: Learned | None) -> Learned:
    """What a site has learnt; the samples where it has no items yet."""
    return SAMPLES if learned is None or not learned.items else learned
