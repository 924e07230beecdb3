"""A row of the catalogue as pages and conditions see it."""

from personalization.catalog.models import Item as ItemRow
from personalization.money import to_major
from rules.types import Item


def read_item(row: ItemRow) -> Item:
    return Item(
        key=row.key,
        title=row.title,
        url=row.url,
        image=row.image,
        category=row.category,
        price=row.price,
        currency=row.currency,
        tags=tuple(row.tags),
        text=row.text,
        available=row.is_available,
        attributes=row.attributes,
        amount=amount(row.price, row.currency),
    )


def amount(price: int | None, currency: str) -> float | None:
    """The price in major units."""
    return None if price is None else to_major(price, currency)
